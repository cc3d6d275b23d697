// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "master/app/stores_config.h"
#include "shared/base/clock.h"
#include "shared/crypto/password.h"

namespace ifrit::master::app {

struct InitRequest {
    std::filesystem::path directory;
    std::string cluster;
    std::string kind = "development";    ///< development, test, production
    std::vector<std::string> addresses;  ///< "host:port" that clients and machines use
    std::string admin = "admin";
    std::uint32_t batches = 20;
    std::string configText;  ///< becomes master.toml; empty: the template
    StoreConfig store;       ///< as it says
    crypto::PasswordCost passwordCost = crypto::PasswordCost::Most;
};

struct InitResult {
    std::string adminPassword;  ///< shown once, kept nowhere
    std::filesystem::path bundle;
};

/// Makes a cluster: CA, server certificate, database, first super admin, bundle, configuration. The
/// directory must not exist or be empty; it is there complete, or as it was before. A database on a
/// server must be empty, or of a run of this that did not come to its end.
absl::StatusOr<InitResult> initCluster(const InitRequest& request, const base::Clock& clock);

}  // namespace ifrit::master::app
