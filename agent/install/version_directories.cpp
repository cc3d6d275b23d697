// SPDX-License-Identifier: Apache-2.0
#include "agent/install/version_directories.h"

#include <unistd.h>

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

absl::Status VersionDirectories::prepareData(const std::string& agent, const std::string& user) {
    const std::string path = m_layout.data(agent);
    // It gets its name only when it is its user's: one that is there is taken as it is.
    const std::string made = hasData(agent) ? path : m_layout.makingData(agent);
    announce("make data directory");
    // What a kill left of one may be another user's.
    if (made != path) IFRIT_RETURN_IF_ERROR(m_directories.removeTree(made));
    IFRIT_RETURN_IF_ERROR(m_directories.create(made, kDataMode));
    if (!user.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const platform::Account account, m_users.find(user));
        if (::lchown(made.c_str(), account.userId, account.groupId) != 0)
            return base::errnoStatus(errno, made);
    }
    if (made == path) return absl::OkStatus();
    announce("name data directory");
    return m_directories.rename(made, path);
}

absl::Status VersionDirectories::ensureData(const std::string& agent, const std::string& user) {
    return hasData(agent) ? absl::OkStatus() : prepareData(agent, user);
}

bool VersionDirectories::hasVersions(const std::string& agent) const {
    const auto entries = m_directories.list(m_layout.versions(agent));
    return entries.ok() && !entries->empty();
}

bool VersionDirectories::hasData(const std::string& agent) const {
    std::error_code error;
    return fs::exists(m_layout.data(agent), error);
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
    for (const std::string& digest : m_manifests.digests(agent)) {
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
    absl::Status first;
    for (const std::string& agent : agents()) {
        const auto entries = m_directories.list(m_layout.versions(agent));
        if (!entries.ok()) continue;
        for (const std::string& entry : *entries) {
            if (!isHidden(entry)) continue;
            first.Update(m_directories.removeTree(m_layout.versions(agent) + '/' + entry));
        }
    }
    return first;
}

std::vector<std::string> VersionDirectories::agents() const {
    auto names = m_directories.list(m_layout.agents());
    return names.ok() ? *std::move(names) : std::vector<std::string>();
}

}  // namespace ifrit::agent::install
