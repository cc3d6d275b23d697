// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_trust_stores.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {

absl::StatusOr<ClusterSettings> SqlSettingsStore::get() {
    std::optional<ClusterSettings> out;
    const absl::Status status = m_connection.each(
        "SELECT name, kind, ring_batches, ring_virtual_nodes, ring_seed, created_ms FROM cluster",
        {}, [&out](Row& row) -> absl::Status {
            out.emplace();
            out->name = row.text();
            out->kind = row.text();
            out->ring.batches = row.as<std::uint32_t>();
            out->ring.virtualNodes = row.as<std::uint32_t>();
            out->ring.seed = row.as<std::uint64_t>();
            out->created = row.time();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (out) return *std::move(out);
    return base::failedPrecondition("CLUSTER_MISSING", "",
                                    "the database holds no cluster; run `ifrit-master init` into "
                                    "an empty directory");
}

absl::Status SqlSettingsStore::create(const ClusterSettings& settings) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO cluster (one, name, kind, ring_batches, ring_virtual_nodes, "
                "ring_seed, created_ms) VALUES (1, ?, ?, ?, ?, ?, ?)",
                {text(settings.name), text(settings.kind), integer(settings.ring.batches),
                 integer(settings.ring.virtualNodes), integer(settings.ring.seed),
                 time(settings.created)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "CLUSTER_EXISTS", settings.name,
                           "the database serves a cluster already");
}

absl::Status SqlSettingsStore::putRing(const domain::RingSpec& ring) {
    return m_connection
        .run("UPDATE cluster SET ring_batches = ?, ring_virtual_nodes = ?, ring_seed = ?",
             {integer(ring.batches), integer(ring.virtualNodes), integer(ring.seed)})
        .status();
}

}  // namespace ifrit::master::storage::sql
