// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/services/archive_store.h"
#include "master/services/event_hub.h"
#include "master/services/package_uses.h"
#include "master/services/records.h"
#include "master/services/release_engine.h"
#include "master/storage/database.h"
#include "shared/crypto/signing_key.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::master::services {

/// Publishing, reading and removing packages. Nothing exists before publish() returned.
/// Thread-safe.
class PackageService {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        ArchiveStore& archives;
        ReleaseEngine& engine;
        EventHub& events;
        const base::Clock& clock;
    };

    explicit PackageService(const Parts& parts) : m_parts(parts) {}

    /// A publish that passed every check that needs no archive byte.
    struct Publish {
        PackageRecord record;
        domain::Manifest manifest;
        bool existed = false;                   ///< the same package is there; nothing to do
        std::unique_ptr<ArchiveUpload> upload;  ///< null: the archive is held already
    };
    /// What a manifest is of, once key and signature are good; nothing is written.
    absl::StatusOr<PackageRecord> inspect(const package::SignedManifest& manifest);
    /// Checks key, signature, manifest and duplicates before any byte is taken.
    /// FAILED_PRECONDITION: unknown or wrong key. ALREADY_EXISTS: this agent, version and type with
    /// other content.
    absl::StatusOr<Publish> begin(const Caller& caller, const package::SignedManifest& manifest,
                                  std::uint64_t offset);
    /// After the last byte: checks the archive's digest and every file in it against the manifest,
    /// as a machine would, and makes the package, with its audit row. Takes as long as reading and
    /// unpacking the archive; an archive that does not fit is not kept.
    absl::StatusOr<PackageRecord> finish(const Caller& caller, Publish& publish);

    absl::StatusOr<std::vector<PackageRecord>> list();
    /// By digest, or by agent, version and type where that is empty.
    absl::StatusOr<PackageRecord> find(const std::string& digest, const std::string& agent,
                                       const std::string& version, const std::string& machineType);
    /// Publishers whose packages are taken now, by name.
    absl::StatusOr<std::vector<PublisherKeyRecord>> publisherKeys();
    /// FAILED_PRECONDITION while something desires it or a release names it.
    absl::Status erase(const Caller& caller, const std::string& digest);
    /// What needs packages now, for any number of them: reads every row of desired state once.
    absl::StatusOr<PackageUses> uses();
    ArchiveStore& archives() { return m_parts.archives; }

private:
    absl::StatusOr<crypto::TrustedKeys> trustedKeys();
    absl::StatusOr<domain::Manifest> verified(const package::SignedManifest& manifest);

    const Parts m_parts;
};

}  // namespace ifrit::master::services
