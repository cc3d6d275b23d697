// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/call_memory.h"

#include <unistd.h>

#include <algorithm>

namespace ifrit::master::rpc {
namespace {

constexpr std::size_t kLeast = std::size_t{1} << 30;

}  // namespace

std::size_t callMemory() {
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    const long pageSize = ::sysconf(_SC_PAGESIZE);
    if (pages <= 0 || pageSize <= 0) return kLeast;
    return std::max(kLeast,
                    static_cast<std::size_t>(pages) * static_cast<std::size_t>(pageSize) / 2);
}

}  // namespace ifrit::master::rpc
