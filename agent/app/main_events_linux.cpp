// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <limits>
#include <utility>

#include "agent/app/main_events.h"

namespace ifrit::agent::app {

namespace {

void maskHangup(int how) {
    sigset_t hangup;
    ::sigemptyset(&hangup);
    ::sigaddset(&hangup, SIGHUP);
    ::pthread_sigmask(how, &hangup, nullptr);
}

}  // namespace

void holdHangup() {
    maskHangup(SIG_BLOCK);
}

void letHangupEnd() {
    maskHangup(SIG_UNBLOCK);
}

absl::StatusOr<MainEvents> MainEvents::create() {
    sigset_t ending;
    ::sigemptyset(&ending);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        ::sigaddset(&ending, signal);
    if (const int error = ::pthread_sigmask(SIG_BLOCK, &ending, nullptr); error != 0) {
        return base::errnoStatus(error, "blocking signals");
    }
    ::signal(SIGPIPE, SIG_IGN);
    const int wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake < 0) return base::errnoStatus(errno, "eventfd");
    const int signals = ::signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals < 0) {
        ::close(wake);
        return base::errnoStatus(errno, "signalfd");
    }
    return MainEvents(wake, signals);
}

MainEvents::MainEvents(MainEvents&& other) noexcept
    : m_wake(std::exchange(other.m_wake, -1)), m_signals(std::exchange(other.m_signals, -1)) {}

MainEvents::~MainEvents() {
    if (m_wake >= 0) ::close(m_wake);
    if (m_signals >= 0) ::close(m_signals);
}

void MainEvents::wake() const {
    const std::uint64_t one = 1;
    // Fails only when the counter is full, and then the main thread will wake anyway.
    [[maybe_unused]] const ssize_t put = ::write(m_wake, &one, sizeof one);
}

MainEvents::Event MainEvents::wait(std::chrono::milliseconds timeout) const {
    pollfd descriptors[] = {{m_wake, POLLIN, 0}, {m_signals, POLLIN, 0}};
    const auto limit =
        std::clamp<std::int64_t>(timeout.count(), 0, std::numeric_limits<std::int32_t>::max());
    if (::poll(descriptors, 2, static_cast<int>(limit)) <= 0) return Event::TimeOver;
    if (descriptors[1].revents != 0) {
        signalfd_siginfo received{};
        const ssize_t size = ::read(m_signals, &received, sizeof received);
        if (size != sizeof received) return Event::Woken;
        return received.ssi_signo == SIGHUP ? Event::Reload : Event::End;
    }
    std::uint64_t count = 0;
    [[maybe_unused]] const ssize_t got = ::read(m_wake, &count, sizeof count);
    return Event::Woken;
}

}  // namespace ifrit::agent::app
