// SPDX-License-Identifier: Apache-2.0
#include "agent/app/commands.h"

namespace ifrit::agent::app {

const char* programVersion() {
    return IFRIT_VERSION;
}

}  // namespace ifrit::agent::app
