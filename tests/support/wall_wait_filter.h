// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ifrit::tests {

/// From now on, whenever this thread or one that it starts, or a program that it becomes, would
/// wait until a time of the wall clock, the kernel does `action` instead (SECCOMP_RET_...). Waits
/// by the steady clock, and those without an end, are as ever. False where it is not permitted.
bool filterWallWaits(std::uint32_t action);

}  // namespace ifrit::tests
