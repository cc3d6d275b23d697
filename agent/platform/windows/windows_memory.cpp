// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "agent/platform/memory.h"

namespace ifrit::agent::platform {

void keepMemorySmall() {
    // The low-fragmentation heap of Windows is the default and gives back by itself.
}

void giveBackFreeMemory() {
    ::HeapCompact(::GetProcessHeap(), 0);
    // Pages that were used in a burst leave the working set; what is needed again comes back.
    ::SetProcessWorkingSetSize(::GetCurrentProcess(), static_cast<SIZE_T>(-1),
                               static_cast<SIZE_T>(-1));
}

}  // namespace ifrit::agent::platform
