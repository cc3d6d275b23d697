// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::agent::platform {

/// Makes this program's heap give memory back that a burst of work took (unpacking a package needs
/// some 10 MB), at the price of a few more calls to the kernel. Call it once, before threads.
void keepMemorySmall();

/// Returns what is free in the heap to the system; after a burst of work. Thread-safe, takes about
/// a millisecond.
void giveBackFreeMemory();

}  // namespace ifrit::agent::platform
