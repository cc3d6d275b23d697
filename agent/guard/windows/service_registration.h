// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::guard {

/// Makes "ifrit-guard" a service that starts with the system as LocalSystem, and that the service
/// manager starts again whenever it ends without having been stopped: after 1 s, 1 s, then 5 s each
/// time. `command` is this program and its arguments, whole; its paths must be absolute. A service
/// that is there already gets the new command, used from its next start on. PERMISSION_DENIED where
/// the caller is no administrator. Source: Service Control Manager, CreateServiceW and
/// ChangeServiceConfig2W of the Windows API.
absl::Status registerService(const std::vector<std::string>& command);

/// Stops the service, waits up to a minute for its end, and removes it. OK also when there is none.
/// Managed agents run on.
absl::Status unregisterService();

}  // namespace ifrit::agent::guard
