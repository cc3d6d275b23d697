// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "master/app/grants_config.h"
#include "master/app/rules_config.h"
#include "master/app/stores_config.h"
#include "shared/config/environment.h"
#include "shared/log/log.h"

namespace ifrit::master::app {

/// What `<dir>/master.toml` says; everything else of a master lies in the same directory
/// (master_files.h). Environment variables IFRIT_* go over the file (ifrit-master(8) lists them),
/// flags over both.
struct Config {
    std::string listen = "0.0.0.0:7443";  ///< host:port; port 0: any free one
    /// host:port at which the other masters reach this one; empty: `listen`, with this host's name
    /// where that is every address.
    std::string advertise;
    /// How long a master that says nothing keeps the others from leading.
    std::chrono::milliseconds lease{4'000};
    std::chrono::milliseconds pollInterval{30'000};
    std::size_t workers = 8;               ///< threads for calls that may block
    std::size_t workQueue = 1'000;         ///< such calls that may wait; more are shed
    std::size_t reportQueue = 20'000;      ///< machines' reports that may wait for a commit
    std::size_t machineStreams = 100'000;  ///< machines that may hold a stream at once
    /// Of the processors; where they are busier, machines are told to poll less often. 0: never.
    std::uint32_t busyPercent = 85;
    std::chrono::milliseconds drain{10'000};  ///< how long running calls may end at SIGTERM
    /// host:port of https for /metrics, /healthz and /readyz; empty: nothing listens.
    std::string metricsListen;
    StoreConfig store;
    CacheConfig cache;
    release::ClusterRules rules;
    std::vector<domain::Grant> grants;  ///< `[[grants]]`, one for each combination
    log::Options log;
};

/// INVALID_ARGUMENT (CONFIG_INVALID): one line with file, line and key; for an unknown key the
/// nearest known one.
absl::StatusOr<Config> parseConfig(std::string_view toml, const std::string& path);
/// What is in neither the file nor a variable is a default, and has no origin.
using LoadedConfig = config::Loaded<Config>;
/// With the environment over the file, and the passwords, also those in files. An error that the
/// file alone does not have names the variables. `get` is getenv.
absl::StatusOr<LoadedConfig> parseConfig(std::string_view toml, const std::string& path,
                                         config::GetVariable get);
/// Of a file and this process's environment. NOT_FOUND (CONFIG_MISSING): there is no such file.
absl::StatusOr<LoadedConfig> loadWithOrigins(const std::string& path);
absl::StatusOr<Config> loadConfig(const std::string& path);

/// Names of the variables that are read.
std::vector<std::string> knownVariables();

/// The file that init writes, with its keys and what they mean; those of servers are in
/// installer/master-several.toml. What it names is installed (installer/CMakeLists.txt).
std::string configTemplate(const std::string& listen);
/// What is in force, as a file that could be read again, without a password.
std::string printConfig(const Config& config);

}  // namespace ifrit::master::app
