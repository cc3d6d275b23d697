// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "agent/install/layout.h"
#include "agent/package/manifest_store.h"
#include "agent/platform/directories.h"
#include "agent/platform/user_directory.h"

namespace ifrit::agent::install {

/// The versions of managed agents on the disk. Every call can be repeated after a kill. Calls for
/// different agents may run at once.
class VersionDirectories {
public:
    /// Called with a name before each change; tests kill the process in it. May be empty.
    using BeforeChange = std::function<void(std::string_view)>;

    VersionDirectories(platform::Directories& directories, const platform::UserDirectory& users,
                       const package::ManifestStore& manifests, Layout layout,
                       BeforeChange beforeChange);

    const Layout& layout() const { return m_layout; }

    /// The archive into the version's directory: unpacked beside it, checked against the manifest,
    /// flushed, then renamed. Nothing to do when it is there. On an error nothing is left of it.
    absl::Status unpack(const std::string& agent, const journal::InstalledVersion& version,
                        const std::string& archivePath);
    /// Makes the directory that versions are in, if somebody removed it.
    absl::Status prepareVersions(const std::string& agent);
    /// The version's directory is there; it has its name only when it was complete.
    bool isUnpacked(const std::string& agent, const journal::InstalledVersion& version) const;
    /// Which owner a data directory is taken from. Ours: we gave it to them, or made it and did not
    /// come to give it away, as far as the manifests tell that are here.
    enum class TakenFrom { Anybody, Ours };
    /// The data directory is there afterwards, for `user` (empty: ours). A sentence for people when
    /// it changed hands, or was left to another than `user`; else empty. A link that somebody put
    /// in its place, and what is in the directory, stay as they are.
    absl::StatusOr<std::string> prepareData(const std::string& agent, const std::string& user,
                                            TakenFrom from);
    /// It is there afterwards, as somebody may have removed it; what is there is taken as it is,
    /// and nobody is asked for the user.
    absl::Status ensureData(const std::string& agent, const std::string& user);
    /// Gives what is there to `user` when it is ours to give; a sentence when it changed hands.
    /// Asks for the user only where there is reason to doubt.
    absl::StatusOr<std::string> mendData(const std::string& agent, const std::string& user);
    bool hasVersions(const std::string& agent) const;
    /// Or what an operator put in its place, whether that leads anywhere or not.
    bool hasData(const std::string& agent) const;

    /// nullopt removes `current`.
    absl::Status pointCurrentTo(const std::string& agent,
                                const std::optional<journal::InstalledVersion>& version);
    /// Everything but these versions and their manifests goes.
    absl::Status keepOnly(const std::string& agent,
                          const std::vector<journal::InstalledVersion>& versions);
    /// One version and its manifest go.
    absl::Status removeVersion(const std::string& agent, const journal::InstalledVersion& version);
    enum class Data { Keep, Purge };
    /// Everything of the agent goes; its data as told.
    absl::Status removeAgent(const std::string& agent, Data data);
    /// What kills left half unpacked, of all agents.
    absl::Status removeLeftovers();
    /// Names of the agents that have a directory, sorted. An error where not all can be listed:
    /// what is kept for an agent's sake must stay then.
    absl::StatusOr<std::vector<std::string>> agents() const;

private:
    void announce(std::string_view change) const;
    absl::Status makeData(const std::string& agent, const std::string& user);
    absl::Status lookAtData(const std::string& agent) const;
    absl::StatusOr<platform::Owner> ownerFor(const std::string& user) const;
    /// Users of the versions of the agent whose manifests are here.
    std::set<std::string> usersOf(const std::string& agent) const;
    bool isOurs(const std::string& agent, const platform::Owner& owner) const;
    /// Whether another than `user` is given: all that can be told without asking who that is.
    bool isDoubtful(const std::string& agent, const std::string& user) const;

    platform::Directories& m_directories;
    const platform::UserDirectory& m_users;
    const package::ManifestStore& m_manifests;
    const Layout m_layout;
    const BeforeChange m_beforeChange;
};

}  // namespace ifrit::agent::install
