// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/app/config.h"
#include "agent/link/link_settings.h"

namespace ifrit::agent::app {

/// What agent.toml says of the way to the masters. A CA that cannot be read is none: the
/// certificate's own is used.
link::LinkSettings configuredLink(const Config& config);

}  // namespace ifrit::agent::app
