// SPDX-License-Identifier: Apache-2.0
#include "agent/install/version_directories.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "shared/package/unpack.h"

namespace ifrit::agent::install {
namespace {

namespace fs = std::filesystem;

/// Others must get in: a managed agent may run as another user.
constexpr std::uint32_t kDirectoryMode = 0755;
constexpr std::uint32_t kDataMode = 0750;

bool isHidden(const std::string& entry) {
    return entry.front() == '.';
}

}  // namespace

VersionDirectories::VersionDirectories(platform::Directories& directories,
                                       const platform::UserDirectory& users,
                                       const package::ManifestStore& manifests, Layout layout,
                                       BeforeChange beforeChange)
    : m_directories(directories),
      m_users(users),
      m_manifests(manifests),
      m_layout(std::move(layout)),
      m_beforeChange(std::move(beforeChange)) {}

void VersionDirectories::announce(std::string_view change) const {
    if (m_beforeChange) m_beforeChange(change);
}

absl::Status VersionDirectories::unpack(const std::string& agent,
                                        const journal::InstalledVersion& version,
                                        const std::string& archivePath) {
    if (isUnpacked(agent, version)) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_manifests.load(agent, version.digest));
    const std::string beside = m_layout.unpacking(agent, version);
    IFRIT_RETURN_IF_ERROR(prepareVersions(agent));
    announce("remove leftover");
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(beside));
    announce("unpack");
    IFRIT_RETURN_IF_ERROR(::ifrit::package::unpackArchive(archivePath, manifest, beside));
    announce("name version");
    return m_directories.rename(beside, m_layout.version(agent, version));
}

absl::Status VersionDirectories::prepareVersions(const std::string& agent) {
    announce("make versions directory");
    return m_directories.create(m_layout.versions(agent), kDirectoryMode);
}

bool VersionDirectories::isUnpacked(const std::string& agent,
                                    const journal::InstalledVersion& version) const {
    std::error_code error;
    return fs::is_directory(m_layout.version(agent, version), error);
}

absl::StatusOr<platform::Owner> VersionDirectories::ownerFor(const std::string& user) const {
    if (user.empty()) return m_directories.ourselves();
    IFRIT_ASSIGN_OR_RETURN(const platform::Account account, m_users.find(user));
    return platform::Owner{account.userId, account.groupId};
}

// It gets its name only when it is its user's.
absl::Status VersionDirectories::makeData(const std::string& agent, const std::string& user) {
    const std::string making = m_layout.makingData(agent);
    announce("make data directory");
    // What a kill left of one may be another user's.
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(making));
    IFRIT_RETURN_IF_ERROR(m_directories.create(making, kDataMode));
    if (!user.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const platform::Owner owner, ownerFor(user));
        IFRIT_RETURN_IF_ERROR(m_directories.setOwner(making, owner));
    }
    announce("name data directory");
    return m_directories.rename(making, m_layout.data(agent));
}

absl::Status VersionDirectories::ensureData(const std::string& agent, const std::string& user) {
    return hasData(agent) ? lookAtData(agent) : makeData(agent, user);
}

// A look at what a dead server had may last. Here it holds this one agent, and in the launch, which
// enters the directory, all of them until it is given up (START_HANGS).
absl::Status VersionDirectories::lookAtData(const std::string& agent) const {
    std::error_code error;
    const std::string path = m_layout.data(agent);
    const bool isThere = fs::exists(path, error);
    return isThere ? absl::OkStatus()
                   : base::errnoStatus(error ? error.value() : ENOENT,
                                       path + ", which leads to its data directory");
}

std::set<std::string> VersionDirectories::usersOf(const std::string& agent) const {
    std::set<std::string> users;
    for (const std::string& digest : m_manifests.readableDigests(agent)) {
        const auto manifest = m_manifests.load(agent, digest);
        if (manifest.ok()) users.insert(manifest->start.user);
    }
    return users;
}

bool VersionDirectories::isOurs(const std::string& agent, const platform::Owner& owner) const {
    // With another group somebody may have shared it on purpose.
    if (owner == m_directories.ourselves()) return true;
    const std::set<std::string> users = usersOf(agent);
    return std::any_of(users.begin(), users.end(), [&](const std::string& user) {
        const auto one = ownerFor(user);
        return !user.empty() && one.ok() && one->userId == owner.userId;
    });
}

bool VersionDirectories::isDoubtful(const std::string& agent, const std::string& user) const {
    const auto now = m_directories.owner(m_layout.data(agent));
    if (!now.ok()) return false;
    const bool isUngiven = *now == m_directories.ourselves();
    if (user.empty() ? isUngiven : !isUngiven && usersOf(agent) == std::set<std::string>{user})
        return false;
    return true;
}

absl::StatusOr<std::string> VersionDirectories::prepareData(const std::string& agent,
                                                            const std::string& user,
                                                            TakenFrom from) {
    if (!hasData(agent)) {
        IFRIT_RETURN_IF_ERROR(makeData(agent, user));
        return "";
    }
    IFRIT_RETURN_IF_ERROR(lookAtData(agent));
    const std::string path = m_layout.data(agent);
    std::error_code error;
    if (fs::is_symlink(path, error)) return "";  // an operator's, as is where it leads to
    IFRIT_ASSIGN_OR_RETURN(const platform::Owner wanted, ownerFor(user));
    IFRIT_ASSIGN_OR_RETURN(const platform::Owner now, m_directories.owner(path));
    if (now.userId == wanted.userId) return "";
    const std::string name = user.empty() ? fmt::format("user {}", wanted.userId) : user;
    if (from == TakenFrom::Anybody || isOurs(agent, now)) {
        announce("give data directory");
        const absl::Status given = m_directories.setOwner(path, wanted);
        if (given.ok())
            return fmt::format("its data directory was of user {} and is {}'s now", now.userId,
                               name);
        // As ourselves it runs on what we may not take as well as it can.
        if (!user.empty()) return given;
    }
    return fmt::format(
        "its data directory, {}, is of user {}, who was not given it by ifrit, and stays so; it "
        "runs as {}",
        path, now.userId, name);
}

absl::StatusOr<std::string> VersionDirectories::mendData(const std::string& agent,
                                                         const std::string& user) {
    if (!isDoubtful(agent, user)) return "";
    const auto now = m_directories.owner(m_layout.data(agent));
    IFRIT_RETURN_IF_ERROR(now.status());
    if (!isOurs(agent, *now)) return "";
    return prepareData(agent, user, TakenFrom::Ours);
}

bool VersionDirectories::hasVersions(const std::string& agent) const {
    const auto entries = m_directories.list(m_layout.versions(agent));
    return entries.ok() && !entries->empty();
}

bool VersionDirectories::hasData(const std::string& agent) const {
    // Without a look at it: an operator may have put a mount or a link to one there, and one of a
    // server that is gone would hold whoever looks, the main loop among them, for as long.
    const auto names = m_directories.list(m_layout.agent(agent));
    const std::string data = fs::path(m_layout.data(agent)).filename().string();
    return names.ok() && std::binary_search(names->begin(), names->end(), data);
}

absl::Status VersionDirectories::pointCurrentTo(
    const std::string& agent, const std::optional<journal::InstalledVersion>& version) {
    const std::string link = m_layout.current(agent);
    announce("current");
    if (!version) return m_directories.removeTree(link);
    const std::string target = Layout::currentTarget(*version);
    const auto now = m_directories.readLink(link);
    if (now.ok() && *now == target) return absl::OkStatus();
    return m_directories.switchLink(target, link);
}

absl::Status VersionDirectories::keepOnly(const std::string& agent,
                                          const std::vector<journal::InstalledVersion>& versions) {
    const auto entries = m_directories.list(m_layout.versions(agent));
    if (!entries.ok())
        return absl::IsNotFound(entries.status()) ? absl::OkStatus() : entries.status();
    const auto kept = [&](const auto& isIt) {
        return std::any_of(versions.begin(), versions.end(), isIt);
    };
    absl::Status first;
    for (const std::string& entry : *entries) {
        if (kept([&](const auto& version) { return Layout::versionName(version) == entry; }))
            continue;
        announce("remove old version");
        first.Update(m_directories.removeTree(m_layout.versions(agent) + '/' + entry));
    }
    const auto digests = m_manifests.digests(agent);
    first.Update(digests.status());
    for (const std::string& digest : digests.value_or(std::vector<std::string>())) {
        if (kept([&](const auto& version) { return version.digest == digest; })) continue;
        announce("remove old manifest");
        m_manifests.remove(agent, digest);
    }
    return first;
}

absl::Status VersionDirectories::removeVersion(const std::string& agent,
                                               const journal::InstalledVersion& version) {
    announce("remove version");
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(m_layout.version(agent, version)));
    announce("remove manifest");
    m_manifests.remove(agent, version.digest);
    return absl::OkStatus();
}

absl::Status VersionDirectories::removeAgent(const std::string& agent, Data data) {
    announce("remove current");
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(m_layout.current(agent)));
    announce("remove versions");
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(m_layout.versions(agent)));
    announce("remove manifests");
    IFRIT_RETURN_IF_ERROR(m_directories.removeTree(m_layout.manifests(agent)));
    if (data == Data::Keep && hasData(agent)) return absl::OkStatus();
    announce("remove data");
    return m_directories.removeTree(m_layout.agent(agent));
}

absl::Status VersionDirectories::removeLeftovers() {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> names, agents());
    absl::Status first;
    for (const std::string& agent : names) {
        const auto entries = m_directories.list(m_layout.versions(agent));
        if (!entries.ok()) continue;
        for (const std::string& entry : *entries) {
            if (!isHidden(entry)) continue;
            first.Update(m_directories.removeTree(m_layout.versions(agent) + '/' + entry));
        }
    }
    return first;
}

absl::StatusOr<std::vector<std::string>> VersionDirectories::agents() const {
    auto names = m_directories.list(m_layout.agents());
    if (absl::IsNotFound(names.status())) return std::vector<std::string>();
    return names;
}

}  // namespace ifrit::agent::install
