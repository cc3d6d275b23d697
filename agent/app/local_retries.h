// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/reconcile/action.h"
#include "agent/reconcile/agent_facts.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// The pauses after failures that the journal does not know: of steps that count as no attempt to
/// reach a version (a start, a commit...), and of attempts that the disk did not take. Each holds
/// back what failed and nothing else: what puts it right must not wait for it. One thread.
class LocalRetries {
public:
    explicit LocalRetries(const base::Clock& clock) : m_clock(clock) {}

    struct Failure {
        /// Of an attempt to install, which is to count as one all the same; else empty.
        std::string digest;
        domain::AgentError error;
    };
    /// How often it has failed in a row if it fails now.
    std::uint32_t failures(const std::string& agent, reconcile::ActionKind kind) const;
    /// It is not to be tried again for as long as `pause`.
    void failed(const std::string& agent, reconcile::ActionKind kind, Failure failure,
                std::chrono::milliseconds pause);
    /// Forgets what that makes void.
    void succeeded(const std::string& agent, reconcile::ActionKind kind);
    /// Forgets failures of what nobody means to do any more: else they would be told for ever.
    void keepOnly(const std::string& agent, const std::vector<reconcile::Action>& planned);
    /// The attempts to reach a version have a pause of their own now.
    void forgetAttempts(const std::string& agent);
    /// Until when an action of this kind must wait; nullopt: it may begin.
    std::optional<base::SteadyTime> heldUntil(const std::string& agent,
                                              reconcile::ActionKind kind) const;
    /// Puts what is known here over what the journal knows.
    void addTo(reconcile::AgentFacts& facts) const;

private:
    struct Retry {
        std::uint32_t failures = 0;
        base::SteadyTime notBefore{};
        Failure failure;
    };
    using Key = std::pair<std::string, reconcile::ActionKind>;

    const base::Clock& m_clock;
    std::map<Key, Retry> m_retries;
};

}  // namespace ifrit::agent::app
