// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include "master/app/config.h"
#include "master/app/master_files.h"

namespace ifrit::master::app {

/// Puts the master together and serves until SIGTERM or SIGINT, then drains. Writes the endpoint
/// file when it is ready, removes it when it stops. Blocks.
absl::Status serve(const MasterFiles& files, const Config& config);

}  // namespace ifrit::master::app
