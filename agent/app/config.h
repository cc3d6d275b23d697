// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "agent/integrity/scan_settings.h"
#include "agent/package/download_settings.h"
#include "agent/supervise/limit_settings.h"
#include "shared/log/log.h"

namespace ifrit::agent::app {

/// What /etc/ifrit/agent.toml says. Paths may be relative in the file; they are then relative to
/// the file's directory, and absolute here.
struct Config {
    std::string file;  ///< where it was read from, absolute; empty: nowhere
    /// Everything of this machine lives below it; the service's guard uses the same.
    std::string root = "/var/lib/ifrit-agent";
    std::vector<std::string> masters;  ///< "host:port" or "[v6]:port"; at least one
    std::string serverName;            ///< in masters' certificates; empty: their address
    std::string cluster;               ///< empty: whichever the join token is for
    std::string caFile;                ///< what the masters are verified with at first contact
    std::string joinToken;
    std::string joinTokenFile;
    std::string uuid;            ///< empty: found out (machine_identity.h)
    std::string instanceIdFile;  ///< a file that names this machine; empty: cloud-init's are tried
    std::string machineType;     ///< empty: found out
    std::string pin;
    std::map<std::string, std::string> labels;
    std::map<std::string, std::string> vars;  ///< values of ${vars.*}, over the packages' defaults
    std::string trustedKeys;                  ///< folder of publishers' keys; default <root>/keys
    std::chrono::milliseconds maxPoll{300'000};  ///< come at least this often, whatever is said
    bool stopAgentsOnExit = false;               ///< else managed agents outlive ifrit-agent
    integrity::ScanSettings integrity;
    package::DownloadSettings download;
    supervise::LimitSettings limits;
    log::Options log;
    bool operator==(const Config&) const;
};

}  // namespace ifrit::agent::app
