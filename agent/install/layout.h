// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/journal/journal_state.h"

namespace ifrit::agent::install {

/// Where everything of one machine lives below ifrit-agent's root. Pure; names were checked by
/// shared/domain/names.h before they come here.
///
///     agents/<name>/versions/<version>-<digest12>/   one directory for each unpacked version
///     agents/<name>/current -> versions/<...>        switched atomically
///     agents/<name>/manifests/<digest>.toml, .sig    of the versions that are here
///     agents/<name>/data/       the managed agent's own; only purge removes it
///     cache/<sha256>.tar.zst    archives, and their beginnings with .part
///     keys/*.pem                publishers that this machine trusts
///     log/<name>.log            output of the managed agents
///     state/                    journal and its disk reserve, identity, last address, lock,
///                               socket
class Layout {
public:
    explicit Layout(std::string root) : m_root(std::move(root)) {}

    const std::string& root() const { return m_root; }
    std::string agents() const { return m_root + "/agents"; }
    std::string cache() const { return m_root + "/cache"; }
    std::string keys() const { return m_root + "/keys"; }
    std::string logs() const { return m_root + "/log"; }
    std::string state() const { return m_root + "/state"; }
    std::string journal() const { return state() + "/journal.toml"; }
    std::string identity() const { return state() + "/identity.pem"; }
    std::string socket() const { return state() + "/ifrit-agent.sock"; }
    std::string linkSettings() const { return state() + "/link.toml"; }
    std::string address() const { return state() + "/address"; }
    std::string lock() const { return state() + "/ifrit-agent.lock"; }

    std::string agent(const std::string& name) const { return agents() + '/' + name; }
    std::string versions(const std::string& name) const { return agent(name) + "/versions"; }
    std::string current(const std::string& name) const { return agent(name) + "/current"; }
    std::string data(const std::string& name) const { return agent(name) + "/data"; }
    /// Where data() is made before it gets its name.
    std::string makingData(const std::string& name) const { return agent(name) + "/.data"; }
    std::string manifests(const std::string& name) const { return agent(name) + "/manifests"; }
    std::string log(const std::string& name) const { return logs() + '/' + name + ".log"; }

    /// The one directory of a version, as it is called below versions().
    static std::string versionName(const journal::InstalledVersion& version);
    std::string version(const std::string& name, const journal::InstalledVersion& version) const;
    /// What `current` points to: relative, so that the root can be moved.
    static std::string currentTarget(const journal::InstalledVersion& version);
    /// Where a version is unpacked before it gets its name; leftovers of a kill are found by it.
    std::string unpacking(const std::string& name, const journal::InstalledVersion& version) const;
    /// As unpacking(), for the files that a damaged version gets back.
    std::string repairing(const std::string& name, const journal::InstalledVersion& version) const;

private:
    std::string m_root;
};

}  // namespace ifrit::agent::install
