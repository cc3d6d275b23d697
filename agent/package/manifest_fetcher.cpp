// SPDX-License-Identifier: Apache-2.0
#include "agent/package/manifest_fetcher.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "agent/reconcile/reasons.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::agent::package {
namespace {

absl::StatusOr<crypto::TrustedKeys> readKeys(const std::string& directory) {
    absl::StatusOr<crypto::TrustedKeys> keys = crypto::TrustedKeys::fromDirectory(directory);
    if (keys.ok() && !keys->empty()) return keys;
    return base::failedPrecondition(
        "PACKAGE_NO_KEYS", directory,
        "no publisher is trusted on this machine: put the public key into {}{}", directory,
        keys.ok() ? "" : " (" + base::messageOf(keys.status()) + ")");
}

}  // namespace

ManifestFetcher::ManifestFetcher(PackageSource& source, const ManifestStore& store,
                                 std::string keysDirectory, std::string machineType)
    : m_source(source),
      m_store(store),
      m_keysDirectory(std::move(keysDirectory)),
      m_machineType(std::move(machineType)) {}

absl::Status ManifestFetcher::fetch(const domain::DesiredEntry& entry) {
    if (m_store.has(entry.agent, entry.manifestDigest)) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const crypto::TrustedKeys keys, readKeys(m_keysDirectory));
    const absl::StatusOr<ManifestOffer> offer = m_source.manifest(entry.manifestDigest);
    if (!offer.ok()) {
        return base::makeError(offer.status().code(), reconcile::kManifestUnavailable,
                               entry.manifestDigest, base::messageOf(offer.status()));
    }
    const std::string digest = ::ifrit::package::manifestDigest(offer->manifest);
    if (digest != entry.manifestDigest) {
        return base::failedPrecondition(reconcile::kPackageDigest, entry.manifestDigest,
                                        "the master sent manifest {} where {} was asked for",
                                        digest, entry.manifestDigest);
    }
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           ::ifrit::package::verifyManifest(offer->manifest, keys));
    if (manifest.name != entry.agent || manifest.version != entry.version) {
        return base::failedPrecondition(reconcile::kPackageMismatch, entry.manifestDigest,
                                        "the manifest is of {} {}, the master says it is {} {}",
                                        manifest.name, manifest.version, entry.agent,
                                        entry.version);
    }
    const auto& types = manifest.machineTypes;
    if (std::find(types.begin(), types.end(), m_machineType) == types.end()) {
        return base::failedPrecondition(reconcile::kPreflightType, manifest.name,
                                        "{} {} is for {}, this machine is {}", manifest.name,
                                        manifest.version, fmt::join(types, ", "), m_machineType);
    }
    return m_store.save(entry.agent, offer->manifest);
}

}  // namespace ifrit::agent::package
