// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/rpc/freeze_calls.h"
#include "master/services/freeze_switch.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// Which of the other masters have not said that they go by the freeze that stands here, so that
/// nobody takes a cluster for frozen where one of its masters may still give permits. Asks those
/// again until each has. Thread-safe.
class FreezeHolders {
public:
    struct Parts {
        std::function<FreezeCalls::Others()> others;  ///< that live
        std::function<std::shared_ptr<const services::StandingFreeze>()> standing;
        std::function<void()> changed;  ///< what unconfirmed() says; by whoever calls
        const base::Clock& clock;
    };
    explicit FreezeHolders(Parts parts) : m_parts(std::move(parts)) {}

    /// The others were told of the freeze that stands with `id`, and these have not answered.
    void told(const std::string& id, std::vector<Unconfirmed> unconfirmed);
    /// By address; none where nothing is frozen, nor before those who are asked have answered: up
    /// to 3.5 s after a start, or after another master froze.
    std::vector<Unconfirmed> unconfirmed() const;
    /// A few times a second. Asks without waiting.
    void tick();

private:
    /// The rest of tick(); whether unconfirmed() says something else.
    bool follow(const std::shared_ptr<const services::StandingFreeze>& standing)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    bool take(std::vector<Unconfirmed> unconfirmed) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    void ask(const services::StandingFreeze& standing) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const Parts m_parts;
    mutable absl::Mutex m_mutex;
    std::string m_id ABSL_GUARDED_BY(m_mutex);  ///< of the freeze that the rest is about
    bool m_isAsked ABSL_GUARDED_BY(m_mutex) = false;
    std::vector<Unconfirmed> m_unconfirmed ABSL_GUARDED_BY(m_mutex);
    std::optional<FreezeCalls> m_calls ABSL_GUARDED_BY(m_mutex);
    base::SteadyTime m_next ABSL_GUARDED_BY(m_mutex){};
};

}  // namespace ifrit::master::rpc
