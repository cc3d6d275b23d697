// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/domain/desired_state.h"
#include "shared/domain/machine.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::tests {

/// A master on a loopback port, over mutual TLS, for real ifrit-agents: it says what each machine
/// should run, grants every permit and serves packages (`<digest>.ifrit`) from a directory. It
/// keeps nothing of the machines, so that a test can throw one away and begin anew with the same
/// uuid. Thread-safe.
class WireMaster {
public:
    /// Throws std::runtime_error where no port can be had.
    explicit WireMaster(const std::filesystem::path& packages);
    ~WireMaster();
    WireMaster(const WireMaster&) = delete;
    WireMaster& operator=(const WireMaster&) = delete;

    int port() const;
    /// Makes the machine below `root` one of this master's, without a join token.
    void enrol(const std::string& uuid, const std::filesystem::path& root) const;

    void want(const std::string& uuid, const domain::DesiredEntry& entry);
    void want(const std::string& uuid, std::vector<domain::DesiredEntry> entries);
    /// Calls of the machine are answered only once it is let go: what it does before that, it does
    /// without a master.
    void hold(const std::string& uuid);
    void letGo(const std::string& uuid);

    int syncs(const std::string& uuid) const;  ///< answered ones
    /// Where in the archive each download began.
    std::vector<std::uint64_t> downloads(const std::string& uuid) const;
    void forgetDownloads(const std::string& uuid);
    /// The newest report about an agent; a default one before the first.
    domain::AgentReport report(const std::string& uuid, const std::string& agent) const;
    /// All of them, oldest first.
    std::vector<domain::AgentReport> reports(const std::string& uuid) const;
    /// Everything that was reported to have happened, oldest first.
    std::vector<domain::MachineEvent> events(const std::string& uuid) const;
    /// The first one of that kind whose message holds the words; an empty one where there is none.
    domain::MachineEvent event(const std::string& uuid, const std::string& kind,
                               const std::string& words = "") const;
    /// After its archive come more bytes, for as long as the machine takes them.
    void sendForEver(const std::string& uuid);

    /// May change a manifest or an archive before it is sent; set before any machine runs.
    std::function<void(const std::string& uuid, ::ifrit::package::SignedManifest&)> alterManifest;
    std::function<void(const std::string& uuid, std::string&)> alterArchive;

private:
    struct Implementation;
    std::unique_ptr<Implementation> m_implementation;
};

}  // namespace ifrit::tests
