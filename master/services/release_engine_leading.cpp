// SPDX-License-Identifier: Apache-2.0
// ReleaseEngine as one of many: which of them runs releases, and what the others do.
#include <absl/strings/numbers.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "master/services/release_engine.h"
#include "shared/base/status.h"

namespace ifrit::master::services {

void ReleaseEngine::noteRefused(const absl::Status& status) {
    if (m_leadership.noteRefused(status))
        spdlog::warn("a change of this master was refused, since another one leads now");
}

absl::Status ReleaseEngine::checkFreezes(storage::Transaction& in,
                                         std::optional<domain::FreezeMark>& found) const {
    found.reset();
    if (!m_parts.isOneOfMany) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const auto freezes, in.changes().openFreezes());
    if (freezes.empty()) return absl::OkStatus();
    found = freezes.front();
    return base::failedPrecondition("CLUSTER_FROZEN", found->by,
                                    "the cluster is frozen through another master, by {}",
                                    found->by);
}

void ReleaseEngine::noteFrozen(const std::optional<domain::FreezeMark>& found) {
    if (found && m_parts.freeze != nullptr) m_parts.freeze->heard(*found);
}

absl::Status ReleaseEngine::transactLeading(const storage::Database::Work& work) {
    absl::MutexLock lock(&m_mutex);
    IFRIT_RETURN_IF_ERROR(m_leadership.check());
    const Fence fenced = m_leadership.fence();
    const absl::Status status = m_parts.database.transact([&](storage::Transaction& in) {
        const absl::Status done = work(in);
        return done.ok() ? fenced(in) : done;
    });
    noteRefused(status);
    return status;
}

absl::Status ReleaseEngine::lead(std::uint64_t token) {
    absl::MutexLock lock(&m_mutex);
    m_leadership.begin(token);
    const absl::Status status = recoverLocked();
    if (!status.ok()) m_leadership.end();
    return status;
}

void ReleaseEngine::standDown() {
    {
        absl::MutexLock lock(&m_mutex);
        m_leadership.end();
        m_models.clear();
        m_unsettled.clear();
        m_held.clear();
        m_shownPlans.clear();
    }
    const absl::Status status = follow(std::nullopt);
    if (!status.ok())
        spdlog::error("releases cannot be read now, they are shown as they were: {}",
                      base::messageOf(status));
}

absl::Status ReleaseEngine::follow(const std::optional<std::set<std::string>>& ids) {
    absl::MutexLock lock(&m_mutex);
    if (m_leadership.stands()) return absl::OkStatus();
    std::vector<release::Model> read;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            if (!ids) {
                IFRIT_ASSIGN_OR_RETURN(read, in.releases().list());
                return absl::OkStatus();
            }
            read.clear();
            for (const std::string& id : *ids) {
                IFRIT_ASSIGN_OR_RETURN(auto found, in.releases().find(id));
                if (found) read.push_back(*std::move(found));
            }
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (ids) {
        for (release::Model& head : read)
            keepHead(std::move(head));
        return absl::OkStatus();
    }
    m_heads.clear();
    for (release::Model& head : read) {
        release::Head& kept = m_heads[head.release.id];
        kept = std::make_shared<const release::Model>(std::move(head));
    }
    m_shown.replace(m_heads);
    return absl::OkStatus();
}

absl::Status ReleaseEngine::hearOf(const std::string& id) {
    if (m_shown.find(id) != nullptr || leads()) return head(id).status();
    std::string known = id;
    std::uint64_t number = 0;
    if (absl::SimpleAtoi(id, &number)) {
        IFRIT_RETURN_IF_ERROR(
            m_parts.database.read([&known, number](storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(known, in.releases().idOf(number));
                return absl::OkStatus();
            }));
    }
    if (!known.empty()) IFRIT_RETURN_IF_ERROR(follow(std::set<std::string>{known}));
    return head(id).status();
}

}  // namespace ifrit::master::services
