// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_follower.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <optional>
#include <utility>

#include "shared/base/backoff.h"

namespace ifrit::master::cache {
namespace {

constexpr base::Backoff::Policy kReconnect{std::chrono::milliseconds(100),
                                           std::chrono::milliseconds(2'000),
                                           std::chrono::milliseconds(50)};

/// The generation that a message names: ["message", channel, number].
std::optional<std::uint64_t> numberIn(const RedisReply& reply) {
    if (reply.items.size() != 3 || reply.items[0].text != "message") return std::nullopt;
    const std::string& text = reply.items[2].text;
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return out;
}

}  // namespace

RedisFollower::RedisFollower(Parts parts)
    : m_parts(std::move(parts)),
      m_wakeup(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      m_thread([this] { run(); }) {}

RedisFollower::~RedisFollower() {
    m_stopping = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wakeup, &one, sizeof one);
    m_thread.join();
    ::close(m_wakeup);
}

bool RedisFollower::waits(std::chrono::milliseconds time) const {
    pollfd waited{m_wakeup, POLLIN, 0};
    return ::poll(&waited, 1, static_cast<int>(time.count())) == 0;
}

void RedisFollower::heard(std::uint64_t generation) {
    if (generation == m_told) return;
    m_told = generation;
    m_parts.tell(generation);
}

void RedisFollower::run() {
    base::Backoff backoff(kReconnect, base::systemUniformRandom());
    while (!m_stopping) {
        auto connection = m_parts.connector.open();
        if (connection.ok()) {
            backoff.reset();
            follow(**connection);
        }
        if (!waits(backoff.next())) return;
    }
}

void RedisFollower::follow(RedisConnection& connection) {
    if (!connection.run({"SUBSCRIBE", m_parts.channel}).ok()) return;
    while (!m_stopping) {
        // Also right after subscribing: what was published before that was missed.
        const auto asked = m_parts.ask();
        if (asked.ok()) heard(*asked);
        if (asked.status().code() == absl::StatusCode::kUnavailable) return;
        const auto message = connection.receive(m_parts.connector.options().pollInterval, m_wakeup);
        if (!message.ok()) return;
        if (!message->has_value()) continue;
        if (const auto generation = numberIn(**message)) heard(*generation);
    }
}

}  // namespace ifrit::master::cache
