// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "master/app/housekeeping.h"
#include "master/rpc/ticker.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

/// Two threads of a running master: "revocations" reads every few seconds who may do what, since
/// the command line may have revoked; "housekeeping" removes old rows hourly, where this master
/// leads. Two, so that a backlog of rows keeps nobody in who was revoked.
class Upkeep {
public:
    /// Asked on the thread "housekeeping"; nullopt: another master tidies.
    using Leading = std::function<std::optional<Lead>()>;
    /// As app::tidy() but for the database and the time.
    using Tidy = std::function<absl::Status(const Lead&, const std::atomic<bool>& stopping)>;
    /// What they call outlives this; an error is logged, and it is called again.
    struct Parts {
        std::function<absl::Status()> refresh;
        Tidy tidy;
        Leading leading;
        const base::Clock& clock;
        std::chrono::milliseconds interval{5'000};
    };

    explicit Upkeep(Parts parts);
    ~Upkeep();
    Upkeep(const Upkeep&) = delete;
    Upkeep& operator=(const Upkeep&) = delete;

private:
    void tidyInTime();

    const Parts m_parts;
    std::atomic<bool> m_stopping{false};
    base::SteadyTime m_nextTidy{};  ///< of the thread "housekeeping" alone
    rpc::Ticker m_revocations;
    rpc::Ticker m_housekeeping;
};

}  // namespace ifrit::master::app
