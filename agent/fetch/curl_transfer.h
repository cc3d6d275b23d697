// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ifrit::agent::fetch {

struct TransferRequest {
    std::string url;  ///< https
    std::uint64_t offset = 0;
    std::chrono::milliseconds timeout{0};
    std::string roots;  ///< PEM; empty: the machine's own
};

/// How a transfer ended, in words for people; empty when all came.
struct TransferEnd {
    std::string why;
    bool late = false;  ///< the time was over
};

/// Asks for everything from the offset on. Only what the server sends as exactly that range is
/// handed on. TLS 1.2 or newer, verified; redirections are followed to https only. `sink` gives
/// false to end it, and is also called about once a second without bytes. Blocks.
TransferEnd transfer(const TransferRequest& request,
                     const std::function<bool(std::string_view)>& sink);

}  // namespace ifrit::agent::fetch
