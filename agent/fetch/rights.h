// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::agent::fetch {

/// Gives up what a download does not need: root becomes the user nobody for good, no file can be
/// written, no program gains rights again, memory is bounded. Empty, or which of
/// it failed.
std::string giveUpRights();

}  // namespace ifrit::agent::fetch
