// SPDX-License-Identifier: Apache-2.0
#include "master/services/event_times.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace ifrit::master::services {

domain::MachineEvent shownEvent(const StoredEvent& event) {
    domain::MachineEvent out = event.event;
    if (!event.received) return out;
    const auto apart = *event.received - out.at;
    if (apart <= kFarApart && apart >= -kFarApart) return out;
    const std::string received =
        fmt::format("received {:%Y-%m-%d %H:%M:%S} UTC",
                    fmt::gmtime(std::chrono::system_clock::to_time_t(*event.received)));
    out.message = out.message.empty() ? received : fmt::format("{} ({})", out.message, received);
    return out;
}

}  // namespace ifrit::master::services
