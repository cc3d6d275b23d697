// SPDX-License-Identifier: Apache-2.0
#include "master/app/stop_signal.h"

#include <cerrno>
#include <csignal>
#include <initializer_list>

namespace ifrit::master::app {
namespace {

sigset_t ours() {
    sigset_t set;
    sigemptyset(&set);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, number);
    return set;
}

}  // namespace

void blockSignals() {
    const sigset_t set = ours();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // A peer that goes away is an error of a call, not the end of the program.
    std::signal(SIGPIPE, SIG_IGN);
}

Signal waitForSignal(std::optional<std::chrono::milliseconds> patience) {
    const sigset_t set = ours();
    const auto whole = patience.value_or(std::chrono::milliseconds(0));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(whole);
    const timespec most{seconds.count(), std::chrono::nanoseconds(whole - seconds).count()};
    int number = 0;
    do {
        number = sigtimedwait(&set, nullptr, patience ? &most : nullptr);
    } while (number < 0 && errno == EINTR);
    if (number < 0) return Signal::None;
    return number == SIGHUP ? Signal::Reload : Signal::Stop;
}

}  // namespace ifrit::master::app
