// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/freeze_holders.h"

#include <chrono>
#include <set>
#include <string>
#include <utility>

namespace ifrit::master::rpc {
namespace {

/// Of a freeze through another master: that one tells the rest, and the database has it by then.
constexpr std::chrono::seconds kFirst{2};
constexpr std::chrono::seconds kAgain{5};

}  // namespace

bool FreezeHolders::take(std::vector<Unconfirmed> unconfirmed) {
    if (unconfirmed == m_unconfirmed) return false;
    m_unconfirmed = std::move(unconfirmed);
    warnOf(m_unconfirmed);
    return true;
}

void FreezeHolders::told(const std::string& id, std::vector<Unconfirmed> unconfirmed) {
    bool isChanged = false;
    {
        const absl::MutexLock lock(&m_mutex);
        m_id = id;
        m_isAsked = true;
        m_calls.reset();
        m_next = m_parts.clock.steadyNow() + kAgain;
        isChanged = take(std::move(unconfirmed));
    }
    // Whoever froze published the change before the others had answered.
    if (isChanged) m_parts.changed();
}

std::vector<Unconfirmed> FreezeHolders::unconfirmed() const {
    const absl::MutexLock lock(&m_mutex);
    return m_unconfirmed;
}

void FreezeHolders::ask(const services::StandingFreeze& standing) {
    FreezeCalls::Others others = m_parts.others();
    if (m_isAsked) {
        // Those who have confirmed it are left alone; those who are gone are no masters any more.
        std::set<std::string> left;
        for (const auto& one : m_unconfirmed)
            left.insert(one.address);
        std::erase_if(
            others, [&left](const Relay::Other& other) { return left.count(other.address) == 0; });
    }
    // Once it is in the database nobody is told to hold it: it may be lifted in this moment.
    if (standing.recorded)
        m_calls.emplace(others);
    else
        m_calls.emplace(others, standing.mark);
    m_isAsked = true;
}

bool FreezeHolders::follow(const std::shared_ptr<const services::StandingFreeze>& standing) {
    const std::string id = standing ? standing->mark.id : std::string();
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (id != m_id) {
        m_id = id;
        m_isAsked = false;
        m_calls.reset();
        m_next = now + kFirst;
        return take({});
    }
    if (!standing) return false;
    bool isChanged = false;
    if (m_calls && m_calls->isDone()) {
        isChanged = take(m_calls->wait());
        m_calls.reset();
        m_next = now + kAgain;
    }
    const bool isWanted = !m_isAsked || !m_unconfirmed.empty();
    if (isWanted && !m_calls && now >= m_next) ask(*standing);
    return isChanged;
}

void FreezeHolders::tick() {
    const auto standing = m_parts.standing();
    bool isChanged = false;
    {
        const absl::MutexLock lock(&m_mutex);
        isChanged = follow(standing);
    }
    if (isChanged) m_parts.changed();
}

}  // namespace ifrit::master::rpc
