// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "agent/package/archive_fetcher.h"
#include "agent/package/download_settings.h"
#include "agent/package/https_mirror.h"

namespace ifrit::agent::app {

/// The mirrors that the configuration names, in its order.
class ArchiveMirrors {
public:
    /// `streams` must outlive it.
    ArchiveMirrors(platform::ProgramStream& streams, const package::DownloadSettings& settings);

    package::ArchiveFetcher::Mirrors all() const;

private:
    std::vector<std::unique_ptr<package::HttpsMirror>> m_mirrors;
};

package::FetchLimits fetchLimits(const package::DownloadSettings& settings);

}  // namespace ifrit::agent::app
