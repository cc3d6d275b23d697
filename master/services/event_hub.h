// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ifrit::master::services {

enum class EventKind { ReleaseChanged, PackageChanged, ClusterChanged, AuditAppended, Reset };

struct ClusterEvent {
    std::uint64_t sequence = 0;
    EventKind kind = EventKind::Reset;
    std::string subject;
};

/// Tells many listeners that something changed, without ever waiting for one: each has a bounded
/// mailbox, and one that does not keep up finds a Reset in it instead of what it missed. What is
/// said again and again before it is taken is there once.
/// Thread-safe.
class EventHub {
public:
    class Mailbox {
    public:
        /// `wake` is called, at most once between two take() calls, when there is something to
        /// take; on the publisher's thread, so it must only hand over.
        explicit Mailbox(std::function<void()> wake) : m_wake(std::move(wake)) {}
        std::vector<ClusterEvent> take();

    private:
        friend class EventHub;
        void put(const ClusterEvent& event);

        absl::Mutex m_mutex;
        std::deque<ClusterEvent> m_events ABSL_GUARDED_BY(m_mutex);
        bool m_told ABSL_GUARDED_BY(m_mutex) = false;
        const std::function<void()> m_wake;
    };

    EventHub();

    /// `resumeToken` of the last event seen: what came after it is in the mailbox, or a Reset where
    /// the hub no longer knows. Empty: from now on. The subscription ends with the pointer.
    std::shared_ptr<Mailbox> subscribe(const std::string& resumeToken, std::function<void()> wake);
    void publish(EventKind kind, const std::string& subject);
    std::string tokenOf(std::uint64_t sequence) const;
    std::uint64_t lastSequence() const;

private:
    static constexpr std::size_t kMailboxLimit = 256;
    static constexpr std::size_t kHistoryLimit = 1'024;

    const std::string m_epoch;
    mutable absl::Mutex m_mutex;
    std::uint64_t m_last ABSL_GUARDED_BY(m_mutex) = 0;
    std::deque<ClusterEvent> m_history ABSL_GUARDED_BY(m_mutex);
    std::vector<std::weak_ptr<Mailbox>> m_mailboxes ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
