// SPDX-License-Identifier: Apache-2.0
// What each machine did is removed from the database long after its release has ended.
#include <spdlog/spdlog.h>

#include <utility>

#include "master/services/release_engine.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::master::services {
namespace {

/// Few enough that nobody waits for them, and that a Galera cluster's other nodes take them at
/// once.
constexpr std::size_t kRowsAtOnce = 2'000;
/// How often it is looked for releases that have become old. A release on which something stands
/// is asked about each time.
constexpr std::chrono::hours kHistoryLook{1};
constexpr std::chrono::minutes kAfterError{1};

bool isOld(const domain::Release& release, base::WallTime before) {
    return release.started && release.ended && !release.historyRemoval && *release.ended < before;
}

}  // namespace

/// One that was begun, by whichever master.
std::optional<std::string> ReleaseEngine::historyDue() const {
    for (const auto& [id, head] : m_heads) {
        const auto& removal = head->release.historyRemoval;
        if (removal && !removal->ended && !m_unsettled.isUnsure(id)) return id;
    }
    return std::nullopt;
}

absl::Status ReleaseEngine::beginRemoval() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (now < m_nextHistoryLook) return absl::OkStatus();
    const base::WallTime wall = m_parts.clock.now();
    std::vector<release::Head> old;
    for (const auto& [id, head] : m_heads) {
        if (isOld(head->release, wall - m_parts.rules.keepHistory) && m_models.count(id) == 0 &&
            !m_unsettled.isUnsure(id))
            old.push_back(head);
    }
    std::optional<release::Model> begun;
    const Fence fenced = m_leadership.fence();
    const auto begin = [&](storage::Transaction& in) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        begun.reset();
        for (const release::Head& head : old) {
            IFRIT_ASSIGN_OR_RETURN(const bool isNeeded, in.releases().hasDependents(*head));
            if (isNeeded || release::isFallenBackTo(*head, m_heads)) continue;
            begun = *head;
            begun->release.historyRemoval = domain::HistoryRemoval{wall, 0, std::nullopt};
            ++begun->release.revision;
            IFRIT_RETURN_IF_ERROR(in.releases().put(*begun));
            break;
        }
        return begun ? fenced(in) : absl::OkStatus();
    };
    const absl::Status written = m_parts.database.transact(begin);
    noteRefused(written);
    if (begun && absl::IsUnavailable(written)) m_unsettled.doubt(begun->release.id);
    if (!written.ok()) {
        // Permits and verbs wait while it is looked.
        m_nextHistoryLook = now + kAfterError;
        return written;
    }
    if (!begun) {
        m_nextHistoryLook = now + kHistoryLook;
        return absl::OkStatus();
    }
    const std::string id = begun->release.id;
    keepHead(*std::move(begun));
    announce(id);
    return absl::OkStatus();
}

absl::Status ReleaseEngine::removeHistory() {
    if (m_parts.rules.keepHistory == std::chrono::hours(0)) return absl::OkStatus();
    std::string id;
    Fence fenced;
    {
        absl::MutexLock lock(&m_mutex);
        if (!m_leadership.stands()) return absl::OkStatus();
        for (const auto& [other, head] : m_heads) {
            if (head->release.state == domain::ReleaseState::RollingBack) return absl::OkStatus();
        }
        const std::optional<std::string> due = historyDue();
        // Under the lock: no verb comes between asking what stands on it and saying that it goes.
        if (!due) return beginRemoval();
        id = *due;
        fenced = m_leadership.fence();
    }
    // Nothing needs these rows any more, so nobody has to wait for this.
    std::uint64_t removed = 0;
    std::optional<release::Model> head;
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(head, in.releases().find(id));
            if (!head || !head->release.historyRemoval)
                return absl::InternalError("the release is not as it was committed");
            domain::HistoryRemoval& removal = *head->release.historyRemoval;
            if (removal.ended) return absl::OkStatus();  // the last answer was lost
            IFRIT_ASSIGN_OR_RETURN(removed, in.releases().eraseProgress(id, kRowsAtOnce));
            removal.rows += removed;
            ++head->release.revision;
            if (removed < kRowsAtOnce) {
                const base::WallTime now = m_parts.clock.now();
                removal.ended = now;
                IFRIT_RETURN_IF_ERROR(in.releases().appendTimeline(
                    id, {{now, "history removed", {}, base::countOf(removal.rows, "machines")}}));
            }
            IFRIT_RETURN_IF_ERROR(in.releases().put(*head));
            return fenced(in);
        });
    absl::MutexLock lock(&m_mutex);
    noteRefused(written);
    IFRIT_RETURN_IF_ERROR(written);
    m_removedRows += removed;
    if (!m_leadership.stands()) return absl::OkStatus();
    const auto& removal = *head->release.historyRemoval;
    if (removal.ended) {
        spdlog::info("removed what {} did in release {}", base::countOf(removal.rows, "machines"),
                     head->release.number);
        announce(id);
    }
    keepHead(*std::move(head));
    return absl::OkStatus();
}

}  // namespace ifrit::master::services
