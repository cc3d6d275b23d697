// SPDX-License-Identifier: Apache-2.0
#include "master/members/membership.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::members {

Membership::Membership(storage::Database& database, const base::Clock& clock, Options options)
    : m_database(database),
      m_clock(clock),
      m_options(std::move(options)),
      m_lease(m_options.id, m_options.lease),
      m_members(m_options.lease),
      m_self{m_options.id, m_options.address, m_options.version, clock.now(), 0} {}

Membership::~Membership() {
    leave();
}

absl::Status Membership::beatIn(storage::Transaction& in, base::SteadyTime now, Seen& seen) {
    IFRIT_RETURN_IF_ERROR(in.masters().put(m_self));
    IFRIT_ASSIGN_OR_RETURN(seen.rows, in.masters().list());
    IFRIT_ASSIGN_OR_RETURN(seen.lease, in.masters().lease());
    storage::LeaseRecord& lease = seen.lease;
    switch (m_lease.look(lease, now)) {
        case LeaseRule::Step::Wait:
        case LeaseRule::Step::StepDown:
            return absl::OkStatus();
        case LeaseRule::Step::Take:
            lease = m_lease.taken(lease, m_options.address);
            break;
        case LeaseRule::Step::Renew:
            lease = LeaseRule::renewed(lease);
            for (const std::string& id : m_forgotten)
                IFRIT_RETURN_IF_ERROR(in.masters().erase(id));
            break;
    }
    return in.masters().putLease(lease);
}

absl::Status Membership::beat() {
    const bool led = m_lease.token().has_value();
    ++m_self.beats;
    const base::SteadyTime now = m_clock.steadyNow();
    Seen seen;
    const absl::Status status =
        m_database.transact([&](storage::Transaction& in) { return beatIn(in, now, seen); });
    if (!status.ok()) return status;
    const storage::LeaseRecord& lease = seen.lease;
    // What was just committed: a lease that it took is its own now.
    (void)m_lease.look(lease, now);
    // After the commit, since a transaction may run twice and each death is said once.
    MemberRule::View view = m_members.look(seen.rows, now);
    m_forgotten = std::move(view.forgotten);
    const bool leads = m_lease.token().has_value();
    if (leads && !led) spdlog::info("this master leads, with token {}", lease.token);
    if (led && !leads)
        spdlog::warn("another master leads now, with token {}; this one follows", lease.token);
    Standing next;
    next.token = m_lease.token();
    if (!leads && m_lease.isHolderAlive(now)) next.leaderAddress = lease.address;
    for (const storage::MemberRecord& member : view.alive) {
        if (member.id != m_options.id) next.others.push_back(member);
    }
    // What has its own address is what it was before it was killed.
    std::copy_if(view.silent.begin(), view.silent.end(), std::back_inserter(next.silent),
                 [this](const auto& member) { return member.address != m_options.address; });
    absl::MutexLock lock(&m_mutex);
    next.deaths = m_standing.deaths + view.died.size();
    m_standing = std::move(next);
    return absl::OkStatus();
}

absl::Status Membership::join() {
    return beat();
}

void Membership::start() {
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
}

void Membership::run() {
    while (true) {
        {
            absl::MutexLock lock(&m_mutex);
            const auto next = std::chrono::steady_clock::now() + m_options.lease / 4;
            while (!m_stopping && std::chrono::steady_clock::now() < next)
                m_changed.waitUntil(m_mutex, next);
            if (m_stopping) return;
        }
        const absl::Status status = beat();
        if (status.ok() != m_wasHeard) {
            m_wasHeard = status.ok();
            if (status.ok())
                spdlog::info("the other masters can see this one again");
            else
                spdlog::error("cannot tell the other masters that this one lives: {}",
                              base::messageOf(status));
        }
    }
}

void Membership::leave() {
    {
        absl::MutexLock lock(&m_mutex);
        if (std::exchange(m_stopping, true)) return;
        m_changed.wakeAll();
        m_standing.token.reset();
    }
    if (m_thread.joinable()) m_thread.join();
    if (m_self.beats == 0) return;
    const absl::Status left = m_database.transact([this](storage::Transaction& in) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(in.masters().erase(m_options.id));
        IFRIT_ASSIGN_OR_RETURN(const storage::LeaseRecord lease, in.masters().lease());
        if (lease.holder != m_options.id) return absl::OkStatus();
        return in.masters().putLease(LeaseRule::released(lease));
    });
    if (!left.ok())
        spdlog::warn("the other masters wait for this one's lease to end: {}",
                     base::messageOf(left));
}

Standing Membership::standing() const {
    absl::MutexLock lock(&m_mutex);
    return m_standing;
}

}  // namespace ifrit::master::members
