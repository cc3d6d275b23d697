// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/posix_signals.h"

#include <signal.h>

#include <set>

namespace ifrit::agent::platform {

int signalNumber(Signal signal) {
    switch (signal) {
        case Signal::Terminate:
            return SIGTERM;
        case Signal::Interrupt:
            return SIGINT;
        case Signal::Quit:
            return SIGQUIT;
        case Signal::Hangup:
            return SIGHUP;
        case Signal::User1:
            return SIGUSR1;
        case Signal::User2:
            return SIGUSR2;
        case Signal::Kill:
            return SIGKILL;
        case Signal::Continue:
            return SIGCONT;
    }
    return SIGTERM;
}

absl::Status processGone(const ProcessId& process) {
    return base::notFound("PROCESS_GONE", std::to_string(process.pid),
                          "process {} has ended: nothing was signalled", process.pid);
}

absl::Status signalMembers(const ProcessTable& processes, Signaller& signaller,
                           const ProcessId& leader, Signal signal, bool* found) {
    // A member can fork between the listing and its signal, so look again until nobody is new.
    constexpr int kMaxPasses = 20;
    absl::Status result = processGone(leader);
    std::set<std::int32_t> done;
    for (int pass = 0; pass < kMaxPasses; ++pass) {
        bool anyNew = false;
        for (const ProcessId& member : processes.sessionMembers(leader)) {
            if (!done.insert(member.pid).second) continue;
            anyNew = true;
            const absl::Status sent = signaller.signal(member, signal);
            if (sent.ok() || !absl::IsNotFound(sent)) result = sent;
        }
        if (!anyNew) break;
    }
    if (found != nullptr) *found = !done.empty();
    return result;
}

}  // namespace ifrit::agent::platform
