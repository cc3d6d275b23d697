// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "agent/link/connection.h"
#include "shared/base/backoff.h"

namespace ifrit::agent::link {

/// Before the try that follows `tries` that failed: 10 to 20 minutes, 20 to 40, then 30 to 60.
/// `random` in [0, 1) spreads the machines of a master that was restarted, which all left it at one
/// instant. Pure.
std::chrono::milliseconds homeWait(std::uint32_t tries, double random);

/// Brings a machine back to the master that is first in its order: without it, whoever left a
/// master that was restarted would stay where it fled to, and a returned master would have no
/// machines. A call on a line beside the one in use must succeed first, and until then that one is
/// not touched. One thread.
class HomeReturn {
public:
    struct Parts {
        Connection& connection;
        const base::Clock& clock;
        base::UniformRandom random;
    };
    explicit HomeReturn(Parts parts) : m_parts(std::move(parts)) {}

    /// After a poll that was answered: tries the masters before the current one, if it is time.
    /// True: the connection has moved to one of them. Blocks for as long as the calls take. `held`
    /// is what the machine holds, without a report: it changes nothing on either side.
    bool step(const SyncRequest& held);

private:
    absl::Status tryOut(const std::string& address, const SyncRequest& held);
    void startAnew();

    Parts m_parts;
    std::optional<base::SteadyTime> m_nextTry;  ///< while away
    std::uint32_t m_tries = 0;                  ///< that failed, while away
};

}  // namespace ifrit::agent::link
