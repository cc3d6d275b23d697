// SPDX-License-Identifier: Apache-2.0
#include "agent/app/archive_sources.h"

#include <filesystem>
#include <system_error>

namespace ifrit::agent::app {
namespace {

/// What belongs to this version of ifrit-agent lies beside it, also in a slot of a self-upgrade.
std::string besideOurselves(const char* program) {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return (self.parent_path() / program).string();
}

}  // namespace

ArchiveMirrors::ArchiveMirrors(platform::ProgramStream& streams,
                               const package::DownloadSettings& settings) {
    const std::string program =
        settings.fetchProgram.empty() ? besideOurselves("ifrit-fetch") : settings.fetchProgram;
    for (const std::string& address : settings.mirrors) {
        m_mirrors.push_back(std::make_unique<package::HttpsMirror>(
            streams, address, package::HttpsMirror::Settings{program, settings.mirrorCaFile}));
    }
}

package::ArchiveFetcher::Mirrors ArchiveMirrors::all() const {
    package::ArchiveFetcher::Mirrors mirrors;
    for (const auto& mirror : m_mirrors)
        mirrors.push_back(mirror.get());
    return mirrors;
}

package::FetchLimits fetchLimits(const package::DownloadSettings& settings) {
    package::FetchLimits limits;
    limits.mostBytesPerSecond = settings.bytesPerSecond;
    return limits;
}

}  // namespace ifrit::agent::app
