// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "shared/base/status.h"

namespace ifrit::agent::app {

/// SIGHUP, which would end a program that does not heed it yet, waits from now on for this thread
/// and those it makes. First of all in main().
void holdHangup();
/// For a command that never heeds it: it ends that again, also when it has come meanwhile.
void letHangupEnd();

/// What the main thread sleeps on: wake() from any thread, and the signals that end the program.
class MainEvents {
public:
    /// Blocks SIGTERM, SIGINT and SIGHUP for this thread and those it makes: call before any other
    /// thread is made.
    static absl::StatusOr<MainEvents> create();
    MainEvents(MainEvents&& other) noexcept;
    MainEvents& operator=(MainEvents&&) = delete;
    ~MainEvents();

    void wake() const;
    enum class Event { Woken, TimeOver, Reload, End };
    Event wait(std::chrono::milliseconds timeout) const;

private:
    MainEvents(int wakeDescriptor, int signalDescriptor)
        : m_wake(wakeDescriptor), m_signals(signalDescriptor) {}
    int m_wake;
    int m_signals;
};

}  // namespace ifrit::agent::app
