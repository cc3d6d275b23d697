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
        bool existed = false;                   ///< the same package is there already
        std::unique_ptr<ArchiveHold> hold;      ///< null: nothing is to be done
        std::unique_ptr<ArchiveUpload> upload;  ///< null: the archive is here already
    };
    /// What a manifest is of, once key and signature are good; nothing is written.
    absl::StatusOr<PackageRecord> inspect(const package::SignedManifest& manifest);
    /// Checks key, signature, manifest and duplicates before any byte is taken.
    /// A package that is there already, and whose archive this master has lost or never had, takes
    /// its archive again. FAILED_PRECONDITION: unknown or wrong key. ALREADY_EXISTS: this agent,
    /// version and type with other content. ABORTED: its archive is just uploaded or removed.
    absl::StatusOr<Publish> begin(const Caller& caller, const package::SignedManifest& manifest,
                                  std::uint64_t offset);
    /// After the last byte: checks the archive's digest and every file in it against the manifest,
    /// as a machine would, and makes the package, with its audit row. Takes as long as reading and
    /// unpacking the archive; an archive that does not fit is not kept.
    absl::StatusOr<PackageRecord> finish(const Caller& caller, Publish& publish);

    /// Without manifests and signatures; `agent` empty: all.
    absl::StatusOr<std::vector<PackageRecord>> list(const std::string& agent = {});
    /// By digest, or by agent, version and type where that is empty.
    absl::StatusOr<PackageRecord> find(const std::string& digest, const std::string& agent,
                                       const std::string& version, const std::string& machineType);
    /// Publishers whose packages are taken now, by name.
    absl::StatusOr<std::vector<PublisherKeyRecord>> publisherKeys();
    /// FAILED_PRECONDITION while something desires it or a release names it. NOT_LEADER where
    /// another master leads. An archive that cannot be removed stays, which is said and no harm.
    absl::Status erase(const Caller& caller, const std::string& digest);
    /// Removes archives that no package names, of packages that another master deleted or a publish
    /// that came to no end, and uploads that nobody went on with for a day. What a publish at this
    /// master holds stays. Blocks for database and disk; tells the first error.
    absl::Status sweepArchives();
    /// What needs packages now, for any number of them: O(packages), however many machines
    /// have rows of their own.
    absl::StatusOr<PackageUses> uses();
    ArchiveStore& archives() { return m_parts.archives; }

private:
    absl::StatusOr<crypto::TrustedKeys> trustedKeys();
    absl::StatusOr<domain::Manifest> verified(const package::SignedManifest& manifest);
    absl::Status notePublish(storage::Transaction& in, const Caller& caller, const Publish& publish,
                             base::WallTime now) const;
    /// What needs packages, as the transaction sees it.
    absl::StatusOr<PackageUses> usesIn(storage::Transaction& in) const;
    /// Where no package is of it any more.
    absl::Status removeArchive(const std::string& digest);

    const Parts m_parts;
};

}  // namespace ifrit::master::services
