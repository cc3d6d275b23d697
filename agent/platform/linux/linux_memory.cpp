// SPDX-License-Identifier: Apache-2.0
#include <malloc.h>

#include "agent/platform/memory.h"

namespace ifrit::agent::platform {
namespace {

/// What is larger is mapped by itself and goes back when it is freed. glibc would raise this by
/// itself after the first large block, and then keep all that follow.
constexpr int kMappedFrom = 128 * 1024;
constexpr int kKeptAtTop = 128 * 1024;
/// Arenas are what a dozen mostly sleeping threads would otherwise cost most of the memory with.
constexpr int kHeaps = 2;

}  // namespace

void keepMemorySmall() {
#ifdef __GLIBC__
    ::mallopt(M_MMAP_THRESHOLD, kMappedFrom);
    ::mallopt(M_TRIM_THRESHOLD, kKeptAtTop);
    ::mallopt(M_ARENA_MAX, kHeaps);
#endif
}

void giveBackFreeMemory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace ifrit::agent::platform
