// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_master_store.h"

#include <array>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

constexpr char kReleases[] = "releases";

struct KindName {
    ChangeKind kind;
    const char* name;
};
constexpr std::array<KindName, 7> kKinds = {{{ChangeKind::Machine, "machine"},
                                             {ChangeKind::Clears, "clears"},
                                             {ChangeKind::Release, "release"},
                                             {ChangeKind::Package, "package"},
                                             {ChangeKind::Certificate, "certificate"},
                                             {ChangeKind::Audit, "audit"},
                                             {ChangeKind::Presence, "presence"}}};

const char* nameOf(ChangeKind kind) {
    for (const KindName& known : kKinds) {
        if (known.kind == kind) return known.name;
    }
    return "";
}

/// A newer master's word is none of ours to follow; what it is about is in no table that we read.
std::optional<ChangeKind> kindOf(const std::string& name) {
    for (const KindName& known : kKinds) {
        if (name == known.name) return known.kind;
    }
    return std::nullopt;
}

}  // namespace

absl::StatusOr<LeaseRecord> SqlMasterStore::lease() {
    LeaseRecord out;
    const absl::Status status = m_connection.each(
        fmt::format("SELECT holder, address, token, renewals FROM leases WHERE name = ?{}",
                    m_connection.lockRow()),
        {text(kReleases)}, [&out](Row& row) -> absl::Status {
            out.holder = row.text();
            out.address = row.text();
            out.token = row.as<std::uint64_t>();
            out.renewals = row.as<std::uint64_t>();
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlMasterStore::putLease(const LeaseRecord& lease) {
    return m_connection
        .run("UPDATE leases SET holder = ?, address = ?, token = ?, renewals = ? WHERE name = ?",
             {text(lease.holder), text(lease.address), integer(lease.token),
              integer(lease.renewals), text(kReleases)})
        .status();
}

absl::StatusOr<std::vector<MemberRecord>> SqlMasterStore::list() {
    std::vector<MemberRecord> out;
    const absl::Status status =
        m_connection.each("SELECT id, address, version, started_ms, beats FROM masters ORDER BY id",
                          {}, [&out](Row& row) -> absl::Status {
                              MemberRecord member;
                              member.id = row.text();
                              member.address = row.text();
                              member.version = row.text();
                              member.started = row.time();
                              member.beats = row.as<std::uint64_t>();
                              out.push_back(std::move(member));
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlMasterStore::put(const MemberRecord& member) {
    const std::string& sql =
        m_connection.upsert("masters", {"id"}, {"address", "version", "started_ms", "beats"});
    return m_connection
        .run(sql, {text(member.id), text(member.address), text(member.version),
                   time(member.started), integer(member.beats)})
        .status();
}

absl::Status SqlMasterStore::erase(const std::string& id) {
    return m_connection.run("DELETE FROM masters WHERE id = ?", {text(id)}).status();
}

absl::StatusOr<std::vector<ChangeRecord>> SqlMasterStore::changesAfter(std::uint64_t after,
                                                                       std::size_t limit) {
    std::vector<ChangeRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT seq, kind, subject, origin FROM changes WHERE seq > ? ORDER BY seq LIMIT ?",
        {integer(after), integer(limit)}, [&out](Row& row) -> absl::Status {
            ChangeRecord change;
            change.sequence = row.as<std::uint64_t>();
            const auto kind = kindOf(row.text());
            change.subject = row.text();
            change.origin = row.text();
            if (!kind) return absl::OkStatus();
            change.kind = *kind;
            out.push_back(std::move(change));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<ChangeSpan> SqlMasterStore::changeSpan() {
    ChangeSpan out;
    const absl::Status status =
        m_connection.each("SELECT COALESCE(MIN(seq), 0), COALESCE(MAX(seq), 0) FROM changes", {},
                          [&out](Row& row) -> absl::Status {
                              out.first = row.as<std::uint64_t>();
                              out.last = row.as<std::uint64_t>();
                              return absl::OkStatus();
                          });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<std::uint64_t> SqlMasterStore::pruneChanges(std::uint64_t sequence) {
    return m_connection.run("DELETE FROM changes WHERE seq < ?", {integer(sequence)});
}

absl::Status writeChanges(Connection& connection, const std::string& origin) {
    const auto& entries = connection.notes().entries();
    auto entry = entries.begin();
    for (std::size_t left = entries.size(); left > 0;) {
        // Sizes in powers of two: few texts to prepare.
        std::size_t count = 256;
        while (count > left)
            count /= 2;
        Values values;
        for (std::size_t i = 0; i < count; ++i, ++entry) {
            values.push_back(text(nameOf(entry->first)));
            values.push_back(text(entry->second));
            values.push_back(text(origin));
        }
        IFRIT_RETURN_IF_ERROR(connection
                                  .run("INSERT INTO changes (kind, subject, origin) VALUES " +
                                           repeated("(?, ?, ?)", count),
                                       values)
                                  .status());
        left -= count;
    }
    return absl::OkStatus();
}

}  // namespace ifrit::master::storage::sql
