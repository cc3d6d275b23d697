// SPDX-License-Identifier: Apache-2.0
#include "master/services/event_hub.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "shared/base/ids.h"

namespace ifrit::master::services {

std::vector<ClusterEvent> EventHub::Mailbox::take() {
    absl::MutexLock lock(&m_mutex);
    m_told = false;
    std::vector<ClusterEvent> out(m_events.begin(), m_events.end());
    m_events.clear();
    return out;
}

void EventHub::Mailbox::put(const ClusterEvent& event) {
    bool wake = false;
    {
        absl::MutexLock lock(&m_mutex);
        const bool isSame = !m_events.empty() && m_events.back().kind == event.kind &&
                            m_events.back().subject == event.subject;
        if (isSame) {
            // Thousands of machines that enrol are no reason to read everything anew.
            m_events.back().sequence = event.sequence;
        } else if (m_events.size() >= kMailboxLimit) {
            m_events.clear();
            m_events.push_back({event.sequence, EventKind::Reset, {}});
        } else {
            m_events.push_back(event);
        }
        wake = !std::exchange(m_told, true);
    }
    if (wake) m_wake();
}

EventHub::EventHub() : m_epoch(base::randomUuid()) {}

std::string EventHub::tokenOf(std::uint64_t sequence) const {
    return fmt::format("{}.{}", m_epoch, sequence);
}

std::uint64_t EventHub::lastSequence() const {
    absl::MutexLock lock(&m_mutex);
    return m_last;
}

std::shared_ptr<EventHub::Mailbox> EventHub::subscribe(const std::string& resumeToken,
                                                       std::function<void()> wake) {
    auto mailbox = std::make_shared<Mailbox>(std::move(wake));
    absl::MutexLock lock(&m_mutex);
    m_mailboxes.push_back(mailbox);
    if (resumeToken.empty()) return mailbox;
    std::uint64_t after = 0;
    const std::string prefix = m_epoch + ".";
    const char* end = resumeToken.data() + resumeToken.size();
    const bool ours = resumeToken.compare(0, prefix.size(), prefix) == 0 &&
                      std::from_chars(resumeToken.data() + prefix.size(), end, after).ptr == end;
    if (!ours || after > m_last || after + m_history.size() < m_last) {
        mailbox->put({m_last, EventKind::Reset, {}});
        return mailbox;
    }
    for (const ClusterEvent& event : m_history) {
        if (event.sequence > after) mailbox->put(event);
    }
    return mailbox;
}

void EventHub::publish(EventKind kind, const std::string& subject) {
    absl::MutexLock lock(&m_mutex);
    const ClusterEvent event{++m_last, kind, subject};
    m_history.push_back(event);
    if (m_history.size() > kHistoryLimit) m_history.pop_front();
    m_mailboxes.erase(std::remove_if(m_mailboxes.begin(), m_mailboxes.end(),
                                     [](const auto& weak) { return weak.expired(); }),
                      m_mailboxes.end());
    for (const auto& weak : m_mailboxes) {
        if (const auto mailbox = weak.lock()) mailbox->put(event);
    }
}

}  // namespace ifrit::master::services
