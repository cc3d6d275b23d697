// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace ifrit::gui::rpc {

/// Connects channels in their order until one has shaken hands (READY). The next one begins when
/// the one before has failed, or beside it after a head start. Sends no call. On a thread of its
/// own, which ends with it.
class LineRace {
public:
    /// Which one is ready; nothing: all have failed, or it was cancelled.
    using Over = std::function<void(std::optional<std::size_t> ready)>;

    /// `over` is called once, on the race's thread, as the last that it does: whoever was told of
    /// it waits for nothing any more in the destructor.
    LineRace(std::vector<std::shared_ptr<grpc::Channel>> channels,
             std::chrono::milliseconds headStart, Over over);
    LineRace(const LineRace&) = delete;
    LineRace& operator=(const LineRace&) = delete;
    /// Cancels it, and waits until its thread has ended: a tenth of a second at most.
    ~LineRace();

    /// Any thread; over() comes soon.
    void cancel() { m_cancelled = true; }

private:
    std::atomic<bool> m_cancelled{false};
    std::thread m_thread;  // last: it uses the others
};

}  // namespace ifrit::gui::rpc
