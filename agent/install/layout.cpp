// SPDX-License-Identifier: Apache-2.0
#include "agent/install/layout.h"

#include <algorithm>

namespace ifrit::agent::install {
namespace {

constexpr std::size_t kDigestPart = 12;

}  // namespace

std::string Layout::versionName(const journal::InstalledVersion& version) {
    // ':' of an epoch splits PATH-like variables; '_' keeps the name readable, and the digest makes
    // it unique.
    std::string safe = version.version;
    std::replace(safe.begin(), safe.end(), ':', '_');
    return safe + '-' + version.digest.substr(0, kDigestPart);
}

std::string Layout::version(const std::string& name,
                            const journal::InstalledVersion& version) const {
    return versions(name) + '/' + versionName(version);
}

std::string Layout::currentTarget(const journal::InstalledVersion& version) {
    return "versions/" + versionName(version);
}

std::string Layout::unpacking(const std::string& name,
                              const journal::InstalledVersion& version) const {
    return versions(name) + "/.unpacking-" + version.digest.substr(0, kDigestPart);
}

std::string Layout::repairing(const std::string& name,
                              const journal::InstalledVersion& version) const {
    return versions(name) + "/.repairing-" + version.digest.substr(0, kDigestPart);
}

}  // namespace ifrit::agent::install
