// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace ifrit::gui::rpc {

/// Connects `channels` in their order until one has shaken hands (READY), and says which. The next
/// one begins when the one before has failed, or beside it after `headStart`. Nothing: all have
/// failed, or `cancelled` was set. Sends no call. Blocks; any thread.
std::optional<std::size_t> raceToReady(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                       std::chrono::milliseconds headStart,
                                       const std::atomic<bool>& cancelled);

}  // namespace ifrit::gui::rpc
