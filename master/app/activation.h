// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <optional>

namespace ifrit::master::app {

/// The listening socket that the service manager handed over (sd_listen_fds(3)); nullopt: none.
/// Programs that are started from here on do not inherit it. INVALID_ARGUMENT (CONFIG_INVALID): it
/// is more than one, or not a TCP socket that listens. Once, before any thread.
absl::StatusOr<std::optional<int>> takeActivatedSocket();

}  // namespace ifrit::master::app
