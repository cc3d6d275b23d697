// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace ifrit::master::rpc {

/// How many bytes calls may hold in gRPC before they are decoded: half of the host's memory, and at
/// least 1 GiB. An idle connection counts with a few KB, a message with up to 4 MiB, of which each
/// connection may have 512 under way.
std::size_t callMemory();

}  // namespace ifrit::master::rpc
