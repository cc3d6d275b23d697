// SPDX-License-Identifier: Apache-2.0
#include "master/services/known_manifests.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::master::services {

absl::StatusOr<std::shared_ptr<const domain::Manifest>> KnownManifests::find(
    storage::Transaction& in, const std::string& digest) {
    {
        const absl::MutexLock lock(&m_mutex);
        const auto known = m_known.find(digest);
        if (known != m_known.end()) return known->second;
    }
    IFRIT_ASSIGN_OR_RETURN(const auto record, in.packages().find(digest));
    if (!record) return nullptr;
    std::shared_ptr<const domain::Manifest> out;
    // Its signature was checked when it was published.
    absl::StatusOr<domain::Manifest> manifest = package::parseManifest(record->manifest);
    if (manifest.ok()) {
        manifest->files = {};
        out = std::make_shared<const domain::Manifest>(*std::move(manifest));
    } else {
        spdlog::warn("the manifest of {} {} cannot be read, plans leave its rules out: {}",
                     record->agent, record->version, base::messageOf(manifest.status()));
    }
    const absl::MutexLock lock(&m_mutex);
    if (m_known.size() >= kMost) m_known.clear();
    m_known[digest] = out;
    return out;
}

}  // namespace ifrit::master::services
