// SPDX-License-Identifier: Apache-2.0
#include "master/app/stop_signal.h"

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

Signal waitForSignal() {
    const sigset_t set = ours();
    int number = 0;
    while (sigwait(&set, &number) != 0) {
    }
    return number == SIGHUP ? Signal::Reload : Signal::Stop;
}

}  // namespace ifrit::master::app
