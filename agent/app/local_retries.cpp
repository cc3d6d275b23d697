// SPDX-License-Identifier: Apache-2.0
#include "agent/app/local_retries.h"

#include <algorithm>

namespace ifrit::agent::app {
namespace {

using reconcile::ActionKind;

/// What stands for all actions that wait together: the steps of a change lead to each other, and a
/// restart is a start.
ActionKind groupOf(ActionKind kind) {
    if (reconcile::isNewChange(kind)) return ActionKind::Switch;
    return kind == ActionKind::Restart ? ActionKind::Start : kind;
}

/// After these the machine is another than the one on which something else failed. The other steps
/// of a change begin only: a download says nothing about what cannot be started.
bool changesTheMachine(ActionKind kind) {
    return !reconcile::isNewChange(kind) || kind == ActionKind::Switch ||
           kind == ActionKind::Uninstall;
}

}  // namespace

std::uint32_t LocalRetries::failures(const std::string& agent, ActionKind kind) const {
    const auto found = m_retries.find({agent, groupOf(kind)});
    return found == m_retries.end() ? 1 : found->second.failures + 1;
}

void LocalRetries::failed(const std::string& agent, ActionKind kind, Failure failure,
                          std::chrono::milliseconds pause) {
    Retry& retry = m_retries[{agent, groupOf(kind)}];
    ++retry.failures;
    retry.notBefore = m_clock.steadyNow() + pause;
    retry.failure = std::move(failure);
}

void LocalRetries::succeeded(const std::string& agent, ActionKind kind) {
    const bool all = changesTheMachine(kind);
    for (auto one = m_retries.begin(); one != m_retries.end();) {
        const auto& [name, group] = one->first;
        const bool isOver = name == agent && (all || group == groupOf(kind));
        one = isOver ? m_retries.erase(one) : std::next(one);
    }
}

void LocalRetries::keepOnly(const std::string& agent,
                            const std::vector<reconcile::Action>& planned) {
    for (auto one = m_retries.begin(); one != m_retries.end();) {
        const Key& key = one->first;
        const bool isPlanned = std::any_of(planned.begin(), planned.end(), [&](const auto& action) {
            return groupOf(action.kind) == key.second;
        });
        // An attempt's pause is planned as a wait.
        const bool isOver = key.first == agent && !isPlanned && one->second.failure.digest.empty();
        one = isOver ? m_retries.erase(one) : std::next(one);
    }
}

void LocalRetries::forgetAttempts(const std::string& agent) {
    m_retries.erase({agent, ActionKind::Switch});
}

std::optional<base::SteadyTime> LocalRetries::heldUntil(const std::string& agent,
                                                        ActionKind kind) const {
    const auto found = m_retries.find({agent, groupOf(kind)});
    const bool isHeld = found != m_retries.end() && m_clock.steadyNow() < found->second.notBefore;
    return isHeld ? std::optional(found->second.notBefore) : std::nullopt;
}

void LocalRetries::addTo(reconcile::AgentFacts& facts) const {
    for (const auto& [key, retry] : m_retries) {
        if (key.first != facts.agent) continue;
        const Failure& failure = retry.failure;
        if (!failure.digest.empty()) {
            const auto left =
                std::chrono::ceil<std::chrono::milliseconds>(retry.notBefore - m_clock.steadyNow());
            facts.record.attempts =
                journal::Attempts{failure.digest, retry.failures, m_clock.now() + left, 0};
            facts.record.lastError = failure.error;
        } else if (!facts.localError || facts.localError->at <= failure.error.at) {
            facts.localError = failure.error;
        }
    }
    // Else the last error is that of the attempts at what is wanted.
    if (facts.localError && facts.record.step) facts.record.lastError = facts.localError;
}

}  // namespace ifrit::agent::app
