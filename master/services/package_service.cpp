// SPDX-License-Identifier: Apache-2.0
#include "master/services/package_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "master/services/audit_entry.h"
#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::master::services {
namespace {

bool shareType(const PackageRecord& a, const PackageRecord& b) {
    return std::any_of(a.machineTypes.begin(), a.machineTypes.end(), [&b](const auto& type) {
        return std::find(b.machineTypes.begin(), b.machineTypes.end(), type) !=
               b.machineTypes.end();
    });
}

PackageRecord recordOf(const domain::Manifest& manifest, const package::SignedManifest& bytes) {
    PackageRecord out;
    out.agent = manifest.name;
    out.version = manifest.version;
    out.machineTypes = manifest.machineTypes;
    out.manifestDigest = package::manifestDigest(bytes);
    out.archiveDigest = manifest.archiveSha256;
    out.archiveBytes = manifest.archiveSizeBytes;
    out.unpackedBytes = manifest.unpackedSizeBytes;
    out.files = static_cast<std::uint32_t>(manifest.files.size());
    out.keyId = bytes.keyId;
    out.description = manifest.description;
    out.manifest = bytes.bytes;
    out.signature = bytes.signature;
    return out;
}

absl::Status checkDuplicate(const std::vector<PackageRecord>& packages,
                            const PackageRecord& record) {
    for (const PackageRecord& held : packages) {
        if (held.agent != record.agent || held.version != record.version ||
            held.manifestDigest == record.manifestDigest || !shareType(held, record))
            continue;
        return base::makeError(
            absl::StatusCode::kAlreadyExists, "PACKAGE_DUPLICATE",
            fmt::format("{} {}", record.agent, record.version),
            fmt::format("{} {} exists with other content (manifest {}); give the new one another "
                        "version",
                        record.agent, record.version, held.manifestDigest.substr(0, 12)));
    }
    return absl::OkStatus();
}

}  // namespace

absl::StatusOr<domain::Manifest> PackageService::verified(const package::SignedManifest& manifest) {
    // Read each time: keys come and go while the master runs, and publishing is rare.
    IFRIT_ASSIGN_OR_RETURN(const crypto::TrustedKeys keys, trustedKeys());
    return package::verifyManifest(manifest, keys);
}

absl::StatusOr<PackageRecord> PackageService::inspect(const package::SignedManifest& manifest) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest parsed, verified(manifest));
    return recordOf(parsed, manifest);
}

absl::StatusOr<PackageService::Publish> PackageService::begin(
    const Caller& caller, const package::SignedManifest& manifest, std::uint64_t offset) {
    Publish out;
    IFRIT_ASSIGN_OR_RETURN(out.manifest, verified(manifest));
    IFRIT_RETURN_IF_ERROR(package::checkPrograms(out.manifest));
    out.record = recordOf(out.manifest, manifest);
    out.record.publishedBy = caller.name;
    IFRIT_ASSIGN_OR_RETURN(const auto packages, list());
    IFRIT_RETURN_IF_ERROR(checkDuplicate(packages, out.record));
    for (const PackageRecord& held : packages) {
        if (held.manifestDigest != out.record.manifestDigest) continue;
        out.record = held;
        out.existed = true;
        return out;
    }
    IFRIT_ASSIGN_OR_RETURN(const auto held, m_parts.archives.progress(out.record.archiveDigest));
    if (held.complete) return out;
    IFRIT_ASSIGN_OR_RETURN(out.upload, m_parts.archives.begin(out.record.archiveDigest,
                                                              out.record.archiveBytes, offset));
    return out;
}

absl::StatusOr<PackageRecord> PackageService::finish(const Caller& caller, Publish& publish) {
    if (publish.existed) return publish.record;
    if (publish.upload) {
        IFRIT_RETURN_IF_ERROR(publish.upload->finish(&publish.manifest));
        publish.upload.reset();
    } else {
        // Held for another package, which may list other files of it.
        IFRIT_RETURN_IF_ERROR(
            m_parts.archives.check(publish.record.archiveDigest, publish.manifest));
    }
    publish.record.published = m_parts.clock.now();
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            // Again, inside: two publishers of one version at the same time.
            IFRIT_ASSIGN_OR_RETURN(const auto packages, in.packages().list(""));
            IFRIT_RETURN_IF_ERROR(checkDuplicate(packages, publish.record));
            IFRIT_RETURN_IF_ERROR(in.packages().put(publish.record));
            AuditEntry entry = auditEntry(caller, "package.publish", publish.record.manifestDigest,
                                          "allowed", publish.record.published);
            entry.after = fmt::format(R"({{"agent":"{}","version":"{}"}})", publish.record.agent,
                                      publish.record.version);
            IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
            if (caller.requestId.empty()) return absl::OkStatus();
            return in.requests().put(caller.name, caller.requestId,
                                     {"package.publish", publish.record.manifestDigest},
                                     publish.record.published);
        });
    IFRIT_RETURN_IF_ERROR(written);
    m_parts.events.publish(EventKind::PackageChanged, publish.record.manifestDigest);
    m_parts.events.publish(EventKind::AuditAppended, "package.publish");
    return publish.record;
}

absl::StatusOr<std::vector<PublisherKeyRecord>> PackageService::publisherKeys() {
    std::vector<PublisherKeyRecord> out;
    const absl::Status status =
        m_parts.database.read([&out](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.packages().listPublisherKeys());
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<crypto::TrustedKeys> PackageService::trustedKeys() {
    IFRIT_ASSIGN_OR_RETURN(const auto records, publisherKeys());
    crypto::TrustedKeys out;
    for (const PublisherKeyRecord& record : records) {
        IFRIT_ASSIGN_OR_RETURN(const crypto::PublicKey key,
                               crypto::publicKeyFromPem(record.publicKeyPem));
        out.add(key);
    }
    return out;
}

absl::StatusOr<std::vector<PackageRecord>> PackageService::list() {
    std::vector<PackageRecord> out;
    const absl::Status status =
        m_parts.database.read([&out](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.packages().list(""));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<PackageRecord> PackageService::find(const std::string& digest,
                                                   const std::string& agent,
                                                   const std::string& version,
                                                   const std::string& machineType) {
    IFRIT_ASSIGN_OR_RETURN(const auto packages, list());
    for (const PackageRecord& package : packages) {
        const auto& types = package.machineTypes;
        const bool byName = package.agent == agent && package.version == version &&
                            (machineType.empty() ||
                             std::find(types.begin(), types.end(), machineType) != types.end());
        if (digest.empty() ? byName : package.manifestDigest == digest) return package;
    }
    const std::string type = machineType.empty() ? "" : " for " + machineType;
    const std::string name = digest.empty() ? fmt::format("{} {}{}", agent, version, type) : digest;
    return base::notFound("PACKAGE_UNKNOWN", name, "there is no package {}", name);
}

absl::StatusOr<PackageUses> PackageService::uses() {
    PackageUses out;
    const absl::Status status =
        m_parts.database.read([&out](storage::Transaction& in) -> absl::Status {
            out.desired.clear();
            IFRIT_ASSIGN_OR_RETURN(const compose::DesiredRows rows, in.desired().rows());
            for (const compose::DesiredRow& row : rows.rows) {
                if (out.desired.count(row.entry.manifestDigest) == 0)
                    out.desired.emplace(row.entry.manifestDigest, compose::keyOf(row));
            }
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    out.releases = m_parts.engine.versionsNamed();
    out.forRollback = m_parts.engine.digestsInUse();
    return out;
}

absl::Status PackageService::erase(const Caller& caller, const std::string& digest) {
    IFRIT_ASSIGN_OR_RETURN(const PackageRecord package, find(digest, {}, {}, {}));
    IFRIT_ASSIGN_OR_RETURN(const PackageUses all, uses());
    const std::optional<std::string> use = all.of(package);
    if (use) {
        return base::failedPrecondition("PACKAGE_IN_USE", digest, "{} {} cannot be deleted: {}",
                                        package.agent, package.version, *use);
    }
    bool shared = false;
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            shared = false;
            IFRIT_RETURN_IF_ERROR(in.packages().erase(digest));
            IFRIT_ASSIGN_OR_RETURN(const auto rest, in.packages().list(""));
            for (const auto& other : rest)
                shared = shared || other.archiveDigest == package.archiveDigest;
            IFRIT_RETURN_IF_ERROR(m_parts.trail.append(
                in, auditEntry(caller, "package.delete", digest, "allowed", m_parts.clock.now())));
            if (caller.requestId.empty()) return absl::OkStatus();
            return in.requests().put(caller.name, caller.requestId, {"package.delete", digest},
                                     m_parts.clock.now());
        });
    IFRIT_RETURN_IF_ERROR(written);
    m_parts.events.publish(EventKind::PackageChanged, digest);
    // The row is gone: a file that stays behind is garbage and no harm.
    return shared ? absl::OkStatus() : m_parts.archives.erase(package.archiveDigest);
}

}  // namespace ifrit::master::services
