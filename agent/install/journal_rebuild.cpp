// SPDX-License-Identifier: Apache-2.0
#include "agent/install/journal_rebuild.h"

#include "shared/domain/names.h"

namespace ifrit::agent::install {
namespace {

struct Found {
    journal::InstalledVersion version;
    std::uint64_t withdrawsBelow = 0;
};

/// The version whose directory `target` names, among the agent's manifests.
std::optional<Found> versionOf(const std::string& agent, const std::string& target,
                               const package::ManifestStore& manifests) {
    for (const std::string& digest : manifests.readableDigests(agent)) {
        const auto manifest = manifests.load(agent, digest);
        if (!manifest.ok()) continue;
        const journal::InstalledVersion version{manifest->version, digest};
        if (Layout::currentTarget(version) == target)
            return Found{version, manifest->withdrawsBelow};
    }
    return std::nullopt;
}

}  // namespace

absl::StatusOr<std::size_t> rebuildJournal(journal::Journal& journal,
                                           platform::Directories& directories,
                                           const VersionDirectories& versions,
                                           const package::ManifestStore& manifests) {
    std::size_t found = 0;
    for (const std::string& agent : versions.agents()) {
        if (!domain::checkAgentName(agent).ok()) continue;
        const auto target = directories.readLink(versions.layout().current(agent));
        if (!target.ok()) continue;
        const auto current = versionOf(agent, *target, manifests);
        if (!current) continue;
        IFRIT_RETURN_IF_ERROR(journal.update([&](journal::JournalState& state) {
            state.agents[agent].current = current->version;
            state.withdrawBelow(agent, current->withdrawsBelow);
        }));
        ++found;
    }
    return found;
}

}  // namespace ifrit::agent::install
