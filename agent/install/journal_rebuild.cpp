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
absl::StatusOr<std::optional<Found>> versionOf(const std::string& agent, const std::string& target,
                                               const package::ManifestStore& manifests) {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> digests, manifests.digests(agent));
    for (const std::string& digest : digests) {
        const auto manifest = manifests.load(agent, digest);
        if (!manifest.ok()) continue;
        const journal::InstalledVersion version{manifest->version, digest};
        if (Layout::currentTarget(version) == target)
            return Found{version, manifest->withdrawsBelow};
    }
    return std::nullopt;
}

/// What `current` names; nullopt where there is none.
absl::StatusOr<std::optional<Found>> currentOf(const std::string& agent,
                                               const platform::Directories& directories,
                                               const VersionDirectories& versions,
                                               const package::ManifestStore& manifests) {
    const auto target = directories.readLink(versions.layout().current(agent));
    if (absl::IsNotFound(target.status())) return std::nullopt;
    IFRIT_RETURN_IF_ERROR(target.status());
    return versionOf(agent, *target, manifests);
}

}  // namespace

absl::StatusOr<Rebuilt> rebuildJournal(journal::Journal& journal,
                                       platform::Directories& directories,
                                       const VersionDirectories& versions,
                                       const package::ManifestStore& manifests) {
    Rebuilt rebuilt;
    const auto agents = versions.agents();
    if (!agents.ok()) rebuilt.unread.push_back(base::messageOf(agents.status()));
    for (const std::string& agent : agents.value_or(std::vector<std::string>())) {
        if (!domain::checkAgentName(agent).ok()) continue;
        const auto current = currentOf(agent, directories, versions, manifests);
        if (!current.ok()) rebuilt.unread.push_back(base::messageOf(current.status()));
        if (!current.ok() || !*current) continue;
        IFRIT_RETURN_IF_ERROR(journal.update([&](journal::JournalState& state) {
            state.agents[agent].current = (*current)->version;
            state.withdrawBelow(agent, (*current)->withdrawsBelow);
        }));
        ++rebuilt.found;
    }
    return rebuilt;
}

}  // namespace ifrit::agent::install
