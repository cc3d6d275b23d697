// SPDX-License-Identifier: Apache-2.0
#include "master/services/package_service.h"

#include <spdlog/spdlog.h>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include "master/services/audit_entry.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::master::services {
namespace {

constexpr char kPublish[] = "package.publish";
/// Whoever publishes goes on with an upload that broke off long before.
constexpr std::chrono::hours kKeepParts{24};

absl::Status unknown(const std::string& name) {
    return base::notFound("PACKAGE_UNKNOWN", name, "there is no package {}", name);
}

/// "LINUX (full)".
std::string whomOf(const storage::DesiredUse& use) {
    return fmt::format("{} ({})", use.machineUuid.empty() ? use.machineType : use.machineUuid,
                       domain::nameOf(use.level));
}

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
    IFRIT_ASSIGN_OR_RETURN(const auto packages, list(out.record.agent));
    IFRIT_RETURN_IF_ERROR(checkDuplicate(packages, out.record));
    const auto known =
        std::find_if(packages.begin(), packages.end(), [&out](const PackageRecord& package) {
            return package.manifestDigest == out.record.manifestDigest;
        });
    out.existed = known != packages.end();
    // Before the look: what is complete may be just about to be removed with another package.
    IFRIT_ASSIGN_OR_RETURN(auto hold, m_parts.archives.hold(out.record.archiveDigest));
    IFRIT_ASSIGN_OR_RETURN(const auto held, m_parts.archives.progress(out.record.archiveDigest));
    if (out.existed && held.complete) {
        out.record = *known;
        return out;
    }
    if (out.existed) {
        out.record.publishedBy = known->publishedBy;
        out.record.published = known->published;
    }
    out.hold = std::move(hold);
    if (held.complete) return out;
    IFRIT_ASSIGN_OR_RETURN(out.upload, m_parts.archives.begin(out.record.archiveDigest,
                                                              out.record.archiveBytes, offset));
    return out;
}

absl::StatusOr<PackageRecord> PackageService::finish(const Caller& caller, Publish& publish) {
    if (!publish.hold) return publish.record;
    if (publish.upload) {
        IFRIT_RETURN_IF_ERROR(publish.upload->finish(&publish.manifest));
        publish.upload.reset();
    } else {
        // Held for another package, which may list other files of it.
        IFRIT_RETURN_IF_ERROR(
            m_parts.archives.check(publish.record.archiveDigest, publish.manifest));
    }
    const base::WallTime now = m_parts.clock.now();
    if (!publish.existed) publish.record.published = now;
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            // Again, inside: two publishers of one version at the same time.
            IFRIT_ASSIGN_OR_RETURN(const auto packages, in.packages().list(publish.record.agent));
            IFRIT_RETURN_IF_ERROR(checkDuplicate(packages, publish.record));
            IFRIT_RETURN_IF_ERROR(in.packages().put(publish.record));
            return notePublish(in, caller, publish, now);
        });
    IFRIT_RETURN_IF_ERROR(written);
    publish.hold.reset();
    m_parts.events.publish(EventKind::PackageChanged, publish.record.manifestDigest);
    return publish.record;
}

absl::Status PackageService::notePublish(storage::Transaction& in, const Caller& caller,
                                         const Publish& publish, base::WallTime now) const {
    const PackageRecord& record = publish.record;
    AuditEntry entry = auditEntry(caller, kPublish, record.manifestDigest, "allowed", now);
    entry.after = fmt::format(R"({{"agent":"{}","version":"{}"{}}})", record.agent, record.version,
                              publish.existed ? R"(,"archive":"sent again")" : "");
    IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
    if (caller.requestId.empty()) return absl::OkStatus();
    return in.requests().put(caller.name, caller.requestId, {kPublish, record.manifestDigest}, now);
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

absl::StatusOr<std::vector<PackageRecord>> PackageService::list(const std::string& agent) {
    std::vector<PackageRecord> out;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, in.packages().list(agent));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<PackageRecord> PackageService::find(const std::string& digest,
                                                   const std::string& agent,
                                                   const std::string& version,
                                                   const std::string& machineType) {
    std::optional<PackageRecord> out;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            if (digest.empty() && !machineType.empty()) {
                IFRIT_ASSIGN_OR_RETURN(out, in.packages().find(agent, version, machineType));
                return absl::OkStatus();
            }
            std::string wanted = digest;
            if (wanted.empty()) {
                IFRIT_ASSIGN_OR_RETURN(const auto ofAgent, in.packages().list(agent));
                const auto first = std::find_if(ofAgent.begin(), ofAgent.end(),
                                                [&version](const PackageRecord& package) {
                                                    return package.version == version;
                                                });
                if (first != ofAgent.end()) wanted = first->manifestDigest;
            }
            IFRIT_ASSIGN_OR_RETURN(out, in.packages().find(wanted));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (out) return *std::move(out);
    const std::string type = machineType.empty() ? "" : " for " + machineType;
    const std::string name = digest.empty() ? fmt::format("{} {}{}", agent, version, type) : digest;
    return unknown(name);
}

absl::StatusOr<PackageUses> PackageService::uses() {
    PackageUses out;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, usesIn(in));
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

absl::StatusOr<PackageUses> PackageService::usesIn(storage::Transaction& in) const {
    PackageUses out;
    IFRIT_ASSIGN_OR_RETURN(const auto desired, in.desired().uses());
    for (const auto& [digest, use] : desired)
        out.desired.emplace(digest, whomOf(use));
    out.releases = m_parts.engine.versionsNamed();
    out.forRollback = m_parts.engine.digestsInUse();
    return out;
}

absl::Status PackageService::erase(const Caller& caller, const std::string& digest) {
    std::string archive;
    // Under the engine's lock, so that no release comes to need it between this look and the
    // commit.
    const absl::Status written =
        m_parts.engine.transactLeading([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto package, in.packages().find(digest));
            if (!package) return unknown(digest);
            archive = package->archiveDigest;
            IFRIT_ASSIGN_OR_RETURN(const PackageUses all, usesIn(in));
            if (const std::optional<std::string> use = all.of(*package)) {
                return base::failedPrecondition("PACKAGE_IN_USE", digest,
                                                "{} {} cannot be deleted: {}", package->agent,
                                                package->version, *use);
            }
            IFRIT_RETURN_IF_ERROR(in.packages().erase(digest));
            IFRIT_RETURN_IF_ERROR(m_parts.trail.append(
                in, auditEntry(caller, "package.delete", digest, "allowed", m_parts.clock.now())));
            if (caller.requestId.empty()) return absl::OkStatus();
            return in.requests().put(caller.name, caller.requestId, {"package.delete", digest},
                                     m_parts.clock.now());
        });
    IFRIT_RETURN_IF_ERROR(written);
    m_parts.events.publish(EventKind::PackageChanged, digest);
    return removeArchive(archive);
}

absl::Status PackageService::removeArchive(const std::string& digest) {
    // Asked only now: another package of this archive may have been committed since.
    return m_parts.archives.eraseUnless(digest, [&]() -> absl::StatusOr<bool> {
        std::uint64_t packages = 0;
        IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(packages, in.packages().countWithArchive(digest));
            return absl::OkStatus();
        }));
        return packages > 0;
    });
}

absl::Status PackageService::sweepArchives() {
    // Before the look at the packages: what is whole after it may be named after it.
    const std::vector<std::string> held = m_parts.archives.complete();
    IFRIT_ASSIGN_OR_RETURN(const auto packages, list());
    std::set<std::string> named;
    for (const PackageRecord& package : packages)
        named.insert(package.archiveDigest);
    absl::Status status;
    for (const std::string& digest : held) {
        if (named.count(digest) != 0) continue;
        spdlog::info("archive {} is of no package any more and is removed", digest);
        status.Update(removeArchive(digest));
    }
    m_parts.archives.eraseParts(kKeepParts);
    return status;
}

}  // namespace ifrit::master::services
