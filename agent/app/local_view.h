// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/app/config.h"
#include "agent/app/machine_view.h"
#include "agent/platform/host.h"

namespace ifrit::agent::app {

/// The machine below `config.root` as its files tell it, without a lock and without a running
/// ifrit-agent. DATA_LOSS for a damaged journal, FAILED_PRECONDITION MACHINE_UNNAMED.
absl::StatusOr<MachineView> viewFromFiles(const Config& config, const platform::Host& host,
                                          const platform::ProcessTable& processes);

/// When the certificate that lies at `path` ends; nullopt when there is none that can be read.
std::optional<base::WallTime> certificateEnd(const std::string& path);

}  // namespace ifrit::agent::app
