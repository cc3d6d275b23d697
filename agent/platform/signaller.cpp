// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/signaller.h"

#include <array>
#include <utility>

namespace ifrit::agent::platform {

absl::StatusOr<Signal> signalFromName(std::string_view name) {
    static constexpr std::array<std::pair<std::string_view, Signal>, 8> kNames{{
        {"SIGTERM", Signal::Terminate},
        {"SIGINT", Signal::Interrupt},
        {"SIGQUIT", Signal::Quit},
        {"SIGHUP", Signal::Hangup},
        {"SIGUSR1", Signal::User1},
        {"SIGUSR2", Signal::User2},
        {"SIGKILL", Signal::Kill},
        {"SIGCONT", Signal::Continue},
    }};
    for (const auto& [known, signal] : kNames) {
        if (known == name) return signal;
    }
    return base::invalidArgument(
        "BAD_SIGNAL", name,
        "'{}' is not a signal that can be asked for; use SIGTERM, SIGINT, SIGQUIT, SIGHUP, "
        "SIGUSR1, SIGUSR2, SIGKILL or SIGCONT",
        name);
}

}  // namespace ifrit::agent::platform
