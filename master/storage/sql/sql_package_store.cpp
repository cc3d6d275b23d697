// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/sql_package_store.h"

#include <unordered_map>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

absl::Status inUse(const PackageRecord& package, std::string_view by) {
    return base::failedPrecondition("PACKAGE_IN_USE", package.manifestDigest,
                                    "{} {} cannot be deleted: {}", package.agent, package.version,
                                    by);
}

PackageRecord readPackage(Row& row) {
    PackageRecord out;
    out.agent = row.text();
    out.version = row.text();
    out.manifestDigest = row.text();
    out.archiveDigest = row.text();
    out.archiveBytes = row.as<std::uint64_t>();
    out.unpackedBytes = row.as<std::uint64_t>();
    out.files = row.as<std::uint32_t>();
    out.keyId = row.text();
    out.publishedBy = row.text();
    out.published = row.time();
    out.description = row.text();
    return out;
}

}  // namespace

absl::StatusOr<std::vector<PackageRecord>> SqlPackageStore::select(const std::string& where,
                                                                   const Values& values,
                                                                   Manifest manifest) {
    const bool isWhole = manifest == Manifest::Read;
    const std::string sql = fmt::format(
        "SELECT agent, version, manifest_digest, archive_digest, archive_bytes, unpacked_bytes, "
        "files, key_id, published_by, published_ms, description{} "
        "FROM packages {} ORDER BY agent, published_ms DESC, version DESC",
        isWhole ? ", manifest, signature" : "", where);
    std::vector<PackageRecord> out;
    std::unordered_map<std::string, std::size_t> byDigest;
    IFRIT_RETURN_IF_ERROR(m_connection.each(sql, values, [&](Row& row) -> absl::Status {
        PackageRecord package = readPackage(row);
        if (isWhole) {
            package.manifest = row.bytes();
            package.signature = row.bytes();
        }
        byDigest[package.manifestDigest] = out.size();
        out.push_back(std::move(package));
        return absl::OkStatus();
    }));
    const std::string types = fmt::format(
        "SELECT manifest_digest, machine_type FROM package_types {} ORDER BY machine_type", where);
    IFRIT_RETURN_IF_ERROR(m_connection.each(types, values, [&](Row& row) -> absl::Status {
        // A writer's two statements see two states: one may have come in between.
        const auto package = byDigest.find(row.text());
        if (package != byDigest.end()) out[package->second].machineTypes.push_back(row.text());
        return absl::OkStatus();
    }));
    return out;
}

absl::StatusOr<std::vector<PackageRecord>> SqlPackageStore::list(const std::string& agent) {
    if (agent.empty()) return select("", {}, Manifest::LeftOut);
    return select("WHERE agent = ?", {text(agent)}, Manifest::LeftOut);
}

absl::StatusOr<std::optional<PackageRecord>> SqlPackageStore::find(const std::string& digest) {
    IFRIT_ASSIGN_OR_RETURN(auto found,
                           select("WHERE manifest_digest = ?", {text(digest)}, Manifest::Read));
    if (found.empty()) return std::optional<PackageRecord>();
    return std::optional<PackageRecord>(std::move(found.front()));
}

absl::StatusOr<std::optional<PackageRecord>> SqlPackageStore::find(const std::string& agent,
                                                                   const std::string& version,
                                                                   const std::string& machineType) {
    std::string digest;
    IFRIT_RETURN_IF_ERROR(m_connection.each(
        "SELECT manifest_digest FROM package_types WHERE agent = ? AND version = ? AND "
        "machine_type = ?",
        {text(agent), text(version), text(machineType)}, [&digest](Row& row) -> absl::Status {
            digest = row.text();
            return absl::OkStatus();
        }));
    return find(digest);
}

absl::StatusOr<std::uint64_t> SqlPackageStore::countWithArchive(const std::string& archiveDigest) {
    std::uint64_t count = 0;
    IFRIT_RETURN_IF_ERROR(
        m_connection.each("SELECT COUNT(*) FROM packages WHERE archive_digest = ?",
                          {text(archiveDigest)}, [&count](Row& row) {
                              count = row.as<std::uint64_t>();
                              return absl::OkStatus();
                          }));
    return count;
}

absl::Status SqlPackageStore::addTypes(const PackageRecord& package) {
    for (const std::string& type : package.machineTypes) {
        const absl::Status status =
            m_connection
                .run(
                    "INSERT INTO package_types (agent, version, machine_type, manifest_digest) "
                    "VALUES (?, ?, ?, ?)",
                    {text(package.agent), text(package.version), text(type),
                     text(package.manifestDigest)})
                .status();
        if (isDuplicate(status)) {
            return base::makeError(
                absl::StatusCode::kAlreadyExists, "PACKAGE_EXISTS", package.manifestDigest,
                fmt::format("{} {} for {} is in the cluster already with other content; a version "
                            "never changes, publish this as a new version",
                            package.agent, package.version, type));
        }
        IFRIT_RETURN_IF_ERROR(status);
    }
    return absl::OkStatus();
}

absl::Status SqlPackageStore::put(const PackageRecord& package) {
    m_connection.notes().add(ChangeKind::Package, package.manifestDigest);
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO packages (agent, version, manifest_digest, archive_digest, "
                "archive_bytes, unpacked_bytes, files, key_id, published_by, published_ms, "
                "description, manifest, signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                {text(package.agent), text(package.version), text(package.manifestDigest),
                 text(package.archiveDigest), integer(package.archiveBytes),
                 integer(package.unpackedBytes), integer(package.files), text(package.keyId),
                 text(package.publishedBy), time(package.published), text(package.description),
                 bytes(package.manifest), bytes(package.signature)})
            .status();
    // The digest is of the manifest, so an equal one is the same package.
    if (isDuplicate(status)) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(status);
    return addTypes(package);
}

absl::Status SqlPackageStore::checkUnused(const PackageRecord& package) {
    absl::Status status;
    IFRIT_RETURN_IF_ERROR(m_connection.each(
        "SELECT level, machine_type, COUNT(*) FROM desired_rows WHERE digest = ? "
        "GROUP BY level, machine_type ORDER BY level LIMIT 1",
        {text(package.manifestDigest)}, [&](Row& row) -> absl::Status {
            const std::string level = row.text();
            const std::string type = row.text();
            status = inUse(package, fmt::format("it is the desired version of {} ({}); release "
                                                "another version first",
                                                type, level));
            return absl::OkStatus();
        }));
    IFRIT_RETURN_IF_ERROR(status);
    IFRIT_RETURN_IF_ERROR(m_connection.each(
        "SELECT r.number FROM release_packages p JOIN releases r ON r.id = p.release_id "
        "WHERE p.digest = ? ORDER BY r.number LIMIT 1",
        {text(package.manifestDigest)}, [&](Row& row) -> absl::Status {
            status = inUse(package,
                           fmt::format("release {} still needs it; end it first", row.integer()));
            return absl::OkStatus();
        }));
    return status;
}

absl::Status SqlPackageStore::erase(const std::string& digest) {
    IFRIT_ASSIGN_OR_RETURN(const auto package, find(digest));
    if (!package)
        return base::notFound("PACKAGE_UNKNOWN", digest, "there is no package {}", digest);
    IFRIT_RETURN_IF_ERROR(checkUnused(*package));
    m_connection.notes().add(ChangeKind::Package, digest);
    return m_connection.run("DELETE FROM packages WHERE manifest_digest = ?", {text(digest)})
        .status();
}

absl::StatusOr<std::vector<PublisherKeyRecord>> SqlPackageStore::listPublisherKeys() {
    std::vector<PublisherKeyRecord> out;
    const absl::Status status = m_connection.each(
        "SELECT key_id, name, public_key_pem, added_ms, added_by FROM publisher_keys "
        "ORDER BY name",
        {}, [&out](Row& row) -> absl::Status {
            PublisherKeyRecord key;
            key.keyId = row.text();
            key.name = row.text();
            key.publicKeyPem = row.text();
            key.added = row.time();
            key.addedBy = row.text();
            out.push_back(std::move(key));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::Status SqlPackageStore::putPublisherKey(const PublisherKeyRecord& key) {
    const absl::Status status =
        m_connection
            .run(
                "INSERT INTO publisher_keys (key_id, name, public_key_pem, added_ms, added_by) "
                "VALUES (?, ?, ?, ?, ?)",
                {text(key.keyId), text(key.name), text(key.publicKeyPem), time(key.added),
                 text(key.addedBy)})
            .status();
    if (!isDuplicate(status)) return status;
    return base::makeError(absl::StatusCode::kAlreadyExists, "PUBLISHER_KEY_EXISTS", key.keyId,
                           fmt::format("a publisher key {} or the name '{}' is there already; "
                                       "remove it first or choose another name",
                                       key.keyId, key.name));
}

absl::Status SqlPackageStore::erasePublisherKey(const std::string& keyId) {
    IFRIT_ASSIGN_OR_RETURN(
        const std::uint64_t gone,
        m_connection.run("DELETE FROM publisher_keys WHERE key_id = ?", {text(keyId)}));
    if (gone != 0) return absl::OkStatus();
    return base::notFound("PUBLISHER_KEY_UNKNOWN", keyId, "there is no publisher key {}", keyId);
}

}  // namespace ifrit::master::storage::sql
