// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/base/status.h"
#include "shared/domain/manifest.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::agent::package {

/// Whether load() failed for good: the manifest is not there, or is not the signed one. An
/// error of the disk, or a want of descriptors or memory, may pass.
bool isLost(const absl::Status& loaded);

/// Verified manifests, below `<agents>/<name>/manifests/`. Only what passed verification is ever
/// saved; load() holds it against its digest again, so that a file that was swapped is never used,
/// and needs no trusted key, so that a key that was retired does not keep an agent from starting.
/// Thread-safe.
class ManifestStore {
public:
    /// `agentsDirectory` is Layout::agents().
    explicit ManifestStore(std::string agentsDirectory) : m_directory(std::move(agentsDirectory)) {}

    bool has(const std::string& agent, const std::string& digest) const;
    /// Atomic; makes the directory.
    absl::Status save(const std::string& agent,
                      const ::ifrit::package::SignedManifest& manifest) const;
    /// NOT_FOUND where there is none, DATA_LOSS PACKAGE_DIGEST where it was changed.
    absl::StatusOr<domain::Manifest> load(const std::string& agent,
                                          const std::string& digest) const;
    /// Digests of an agent's manifests, none where it has no directory of them. An error where not
    /// all can be listed: what is kept for a manifest's sake must stay then.
    absl::StatusOr<std::vector<std::string>> digests(const std::string& agent) const;
    /// The same for who only looks for one of them: none where they cannot be listed.
    std::vector<std::string> readableDigests(const std::string& agent) const;
    void remove(const std::string& agent, const std::string& digest) const;

private:
    std::string path(const std::string& agent, const std::string& digest) const;

    const std::string m_directory;
};

}  // namespace ifrit::agent::package
