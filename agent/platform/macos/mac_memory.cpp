// SPDX-License-Identifier: Apache-2.0
#include <malloc/malloc.h>

#include "agent/platform/memory.h"

namespace ifrit::agent::platform {

void keepMemorySmall() {
    // Nothing to set: the zones of macOS return what is free when memory gets short.
}

void giveBackFreeMemory() {
    ::malloc_zone_pressure_relief(nullptr, 0);
}

}  // namespace ifrit::agent::platform
