// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "gui/services/connection.h"

namespace ifrit::gui::rpc {

/// What the first three steps of "Test connection" need.
struct LineTarget {
    std::string address;  ///< "host:port" or "[v6]:port"
    std::string caPem;
    std::string certificatePem;  ///< may be empty, with its key
    std::string privateKeyPem;
    std::chrono::milliseconds timeout{5'000};  ///< of TCP and of TLS, each
};

/// Looks the name up, connects and shakes hands with OpenSSL itself, because gRPC says of all three
/// only "unavailable". Blocks; tells each of the steps Dns, Tcp, Tls once and in order, the ones
/// after a failure as CANCELLED. Gives up soon after `cancelled` is set. Any thread.
void probeLine(const LineTarget& target, const std::atomic<bool>& cancelled,
               const std::function<void(services::TestStepResult)>& onStep);

/// What the server at `target.address` shows, its own certificate first, PEM: verified by nobody,
/// and at most ten. Needs nothing else of the target. Blocks, as probeLine(). Any thread.
absl::StatusOr<std::vector<std::string>> fetchChain(const LineTarget& target,
                                                    const std::atomic<bool>& cancelled);

}  // namespace ifrit::gui::rpc
