// SPDX-License-Identifier: Apache-2.0
#include "master/services/log_tails.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

absl::Status full(const std::string& uuid) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "LOG_TAILS_FULL", uuid,
                        "too many logs are asked for at once; wait for those to be answered"),
        {{}, LogTails::kPatience});
}

absl::Status timedOut(const std::string& uuid) {
    return base::makeError(
        absl::StatusCode::kDeadlineExceeded, "LOG_TAIL_TIMEOUT", uuid,
        fmt::format("machine {} did not send its log in time; is it online?", uuid));
}

}  // namespace

void LogTails::ask(const std::string& uuid, const std::string& agent, std::uint32_t maxBytes,
                   base::SteadyTime now, Done done) {
    std::vector<std::function<void()>> pokes;
    bool taken = false;
    {
        const absl::MutexLock lock(&m_mutex);
        const auto mine =
            std::count_if(m_pending.begin(), m_pending.end(),
                          [&](const Pending& pending) { return pending.uuid == uuid; });
        taken = m_pending.size() < kMaxAll && static_cast<std::size_t>(mine) < kMaxPerMachine;
        if (taken) {
            m_pending.push_back(
                {uuid, {base::randomUuid(), agent, maxBytes}, now + kPatience, std::move(done)});
            m_count = m_pending.size();
            const auto [first, last] = m_byUuid.equal_range(uuid);
            for (auto it = first; it != last; ++it)
                pokes.push_back(m_listeners.at(it->second).poke);
        }
    }
    if (!taken) return done(full(uuid));
    for (const auto& poke : pokes)
        poke();
}

std::vector<WantedLogTail> LogTails::forMachine(const std::string& uuid) const {
    std::vector<WantedLogTail> out;
    if (m_count == 0) return out;
    const absl::MutexLock lock(&m_mutex);
    for (const Pending& pending : m_pending)
        if (pending.uuid == uuid) out.push_back(pending.wanted);
    return out;
}

void LogTails::answer(const std::string& uuid, const std::string& id, std::string text) {
    Done done;
    {
        const absl::MutexLock lock(&m_mutex);
        // By uuid too: a machine answers its own questions and nobody else's.
        const auto found =
            std::find_if(m_pending.begin(), m_pending.end(), [&](const Pending& pending) {
                return pending.uuid == uuid && pending.wanted.id == id;
            });
        if (found == m_pending.end()) return;
        done = std::move(found->done);
        m_pending.erase(found);
        m_count = m_pending.size();
    }
    done(std::move(text));
}

void LogTails::expire(base::SteadyTime now) {
    if (m_count == 0) return;
    std::vector<Pending> late;
    {
        const absl::MutexLock lock(&m_mutex);
        const auto first =
            std::stable_partition(m_pending.begin(), m_pending.end(),
                                  [&](const Pending& pending) { return pending.until > now; });
        std::move(first, m_pending.end(), std::back_inserter(late));
        m_pending.erase(first, m_pending.end());
        m_count = m_pending.size();
    }
    for (const Pending& pending : late)
        pending.done(timedOut(pending.uuid));
}

std::uint64_t LogTails::listen(const std::string& uuid, std::function<void()> poke) {
    const absl::MutexLock lock(&m_mutex);
    m_listeners[++m_lastListener] = {uuid, std::move(poke)};
    m_byUuid.emplace(uuid, m_lastListener);
    return m_lastListener;
}

void LogTails::unlisten(std::uint64_t listener) {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_listeners.find(listener);
    if (found == m_listeners.end()) return;
    const auto [first, last] = m_byUuid.equal_range(found->second.uuid);
    const auto own =
        std::find_if(first, last, [&](const auto& entry) { return entry.second == listener; });
    if (own != last) m_byUuid.erase(own);
    m_listeners.erase(found);
}

}  // namespace ifrit::master::services
