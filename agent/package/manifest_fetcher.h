// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/package/manifest_store.h"
#include "agent/package/package_source.h"
#include "shared/domain/desired_state.h"

namespace ifrit::agent::package {

/// Gets manifests and lets only verified ones into the store. Thread-safe; blocks.
class ManifestFetcher {
public:
    /// `keysDirectory` holds the publishers' keys; it is read for each manifest, so that a key that
    /// was put there is used without a restart.
    ManifestFetcher(PackageSource& source, const ManifestStore& store, std::string keysDirectory,
                    std::string machineType);

    /// OK: the store has the manifest that `entry` names; its digest, signature, name, version and
    /// machine types were checked, before anything was written. Errors: MANIFEST_UNAVAILABLE from
    /// the source; PACKAGE_DIGEST, PACKAGE_SIGNATURE, PACKAGE_UNKNOWN_KEY, PACKAGE_NO_KEYS,
    /// PACKAGE_MANIFEST, PACKAGE_MISMATCH, PREFLIGHT_TYPE.
    absl::Status fetch(const domain::DesiredEntry& entry);

private:
    PackageSource& m_source;
    const ManifestStore& m_store;
    const std::string m_keysDirectory;
    const std::string m_machineType;
};

}  // namespace ifrit::agent::package
