// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/line_race.h"

#include <grpcpp/completion_queue.h>

#include <cstdint>
#include <utility>

#include "shared/rpc/deadline.h"

namespace ifrit::gui::rpc {
namespace {

using SteadyClock = std::chrono::steady_clock;

/// gRPC's watches end by time alone, so the race looks up this often whether it is cancelled.
constexpr std::chrono::milliseconds kSlice{50};

class Race {
public:
    explicit Race(const std::vector<std::shared_ptr<grpc::Channel>>& channels)
        : m_channels(channels), m_hasFailed(channels.size()), m_isWatched(channels.size()) {}
    Race(const Race&) = delete;
    Race& operator=(const Race&) = delete;
    ~Race() {
        m_queue.Shutdown();
        void* tag = nullptr;
        bool ok = false;
        while (m_queue.Next(&tag, &ok)) {
        }
    }

    bool isOver() const { return m_failed == m_channels.size(); }
    bool mayStartNext() const { return m_started < m_channels.size(); }
    bool isStuck() const { return m_failed == m_started; }
    void startNext() { ++m_started; }

    std::optional<std::size_t> look() {
        for (std::size_t i = 0; i < m_started; ++i) {
            const grpc_connectivity_state state = m_channels[i]->GetState(true);
            if (state == GRPC_CHANNEL_READY) return i;
            if (state == GRPC_CHANNEL_TRANSIENT_FAILURE && !m_hasFailed[i]) {
                m_hasFailed[i] = true;
                ++m_failed;
            }
            if (m_isWatched[i]) continue;
            m_isWatched[i] = true;
            m_channels[i]->NotifyOnStateChange(state, ifrit::rpc::deadlineIn(kSlice), &m_queue,
                                               reinterpret_cast<void*>(i));
        }
        return std::nullopt;
    }

    /// Also what moves the connections on: the queue is polled for their sockets.
    void wait() {
        void* tag = nullptr;
        bool ok = false;
        if (m_queue.AsyncNext(&tag, &ok, ifrit::rpc::deadlineIn(kSlice)) ==
            grpc::CompletionQueue::GOT_EVENT)
            m_isWatched[reinterpret_cast<std::uintptr_t>(tag)] = false;
    }

private:
    const std::vector<std::shared_ptr<grpc::Channel>>& m_channels;
    grpc::CompletionQueue m_queue;
    std::vector<bool> m_hasFailed;
    std::vector<bool> m_isWatched;
    std::size_t m_started = 0;
    std::size_t m_failed = 0;
};

std::optional<std::size_t> raceToReady(const std::vector<std::shared_ptr<grpc::Channel>>& channels,
                                       std::chrono::milliseconds headStart,
                                       const std::atomic<bool>& cancelled) {
    Race race(channels);
    SteadyClock::time_point nextStart;
    while (!cancelled && !race.isOver()) {
        if (race.mayStartNext() && (race.isStuck() || SteadyClock::now() >= nextStart)) {
            race.startNext();
            nextStart = SteadyClock::now() + headStart;
        }
        if (const auto ready = race.look()) return ready;
        if (!race.isStuck()) race.wait();
    }
    return std::nullopt;
}

}  // namespace

LineRace::LineRace(std::vector<std::shared_ptr<grpc::Channel>> channels,
                   std::chrono::milliseconds headStart, Over over)
    : m_thread([this, channels = std::move(channels), headStart, over = std::move(over)]() mutable {
          const auto ready = raceToReady(channels, headStart, m_cancelled);
          channels.clear();
          over(ready);
      }) {}

LineRace::~LineRace() {
    cancel();
    m_thread.join();
}

}  // namespace ifrit::gui::rpc
