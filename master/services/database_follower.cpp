// SPDX-License-Identifier: Apache-2.0
#include "master/services/database_follower.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <map>

#include "master/services/all_machines.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

constexpr std::size_t kPage = 5'000;
constexpr std::size_t kMachinesAtOnce = 1'024;
constexpr std::chrono::minutes kPrune{1};
/// Longer than a master may be frozen and go on without reading everything anew.
constexpr std::chrono::minutes kKeepChanges{10};

}  // namespace

struct DatabaseFollower::News {
    std::set<std::string> machines;
    std::set<std::string> clears;  ///< machines
    std::set<std::string> releases;
    std::set<std::string> packages;
    std::set<std::string> presences;
    std::vector<std::string> audit;
    bool certificates = false;
};

DatabaseFollower::DatabaseFollower(Parts parts)
    : m_parts(std::move(parts)), m_cursor(m_parts.changePatience) {}

DatabaseFollower::~DatabaseFollower() {
    stop();
}

absl::Status DatabaseFollower::begin(storage::Transaction& in) {
    return placeAtEnd(in, m_cursor);
}

absl::Status DatabaseFollower::placeAtEnd(storage::Transaction& in,
                                          members::ChangeCursor& cursor) const {
    IFRIT_ASSIGN_OR_RETURN(const storage::ChangeSpan span, in.masters().changeSpan());
    const std::uint64_t floor = members::ChangeCursor::beginning(span);
    IFRIT_ASSIGN_OR_RETURN(const auto known,
                           in.masters().changesAfter(floor, members::ChangeCursor::kInFlight));
    cursor.start(floor, known, m_parts.clock.steadyNow());
    return absl::OkStatus();
}

absl::Status DatabaseFollower::start(const members::Membership& membership) {
    m_membership = &membership;
    IFRIT_RETURN_IF_ERROR(followLease());
    if (!m_thread.joinable()) m_thread = std::thread([this] { run(); });
    return absl::OkStatus();
}

void DatabaseFollower::stop() {
    m_strangers.close();
    if (!m_thread.joinable()) return;
    m_thread.join();
    if (m_parts.engine.leadingToken()) m_parts.engine.standDown();
}

void DatabaseFollower::run() {
    using Clock = std::chrono::steady_clock;
    Clock::time_point next = Clock::now() + kInterval;
    while (true) {
        const auto left = std::max(next - Clock::now(), Clock::duration::zero());
        const std::vector<StrangerQueue::Stranger> strangers = m_strangers.take(left);
        if (!strangers.empty()) meetAll(strangers);
        if (m_strangers.isClosed()) return;
        if (Clock::now() < next) continue;
        follow();
        next = Clock::now() + kInterval;
    }
}

void DatabaseFollower::follow() {
    absl::Status status = pass();
    if (status.ok()) status = followLease();
    if (status.ok() == m_isWell) return;
    m_isWell = status.ok();
    if (status.ok())
        spdlog::info("what other masters commit is followed again");
    else
        spdlog::error("what other masters commit cannot be read: {}", base::messageOf(status));
}

void DatabaseFollower::meetAll(const std::vector<StrangerQueue::Stranger>& strangers) {
    std::set<std::string> uuids;
    for (const StrangerQueue::Stranger& stranger : strangers)
        uuids.insert(stranger.uuid);
    const absl::Status looked = takeMachines(uuids);
    for (const StrangerQueue::Stranger& stranger : strangers)
        stranger.done(looked);
}

absl::Status DatabaseFollower::read(members::ChangeCursor& cursor,
                                    std::vector<storage::ChangeRecord>& news, bool& isPastMemory) {
    const base::SteadyTime asked = m_parts.clock.steadyNow();
    const std::uint64_t from = cursor.readAfter(asked);
    std::vector<storage::ChangeRecord> all;
    const absl::Status status =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const storage::ChangeSpan span, in.masters().changeSpan());
            isPastMemory = cursor.hasMissed(span, asked);
            if (isPastMemory) return placeAtEnd(in, cursor);
            for (std::uint64_t after = from;;) {
                IFRIT_ASSIGN_OR_RETURN(auto page, in.masters().changesAfter(after, kPage));
                const bool isLast = page.size() < kPage;
                if (!page.empty()) after = page.back().sequence;
                all.insert(all.end(), std::make_move_iterator(page.begin()),
                           std::make_move_iterator(page.end()));
                if (isLast) return absl::OkStatus();
            }
        });
    IFRIT_RETURN_IF_ERROR(status);
    if (!isPastMemory) news = cursor.take(all, asked);
    return absl::OkStatus();
}

absl::Status DatabaseFollower::pass() {
    // It takes m_cursor's place when all was taken in: what fails on the way is news again in the
    // next pass, or nobody would ever hear of it.
    members::ChangeCursor cursor = m_cursor;
    std::vector<storage::ChangeRecord> changes;
    bool isPastMemory = false;
    IFRIT_RETURN_IF_ERROR(read(cursor, changes, isPastMemory));
    if (isPastMemory) IFRIT_RETURN_IF_ERROR(reload());
    News news;
    for (storage::ChangeRecord& change : changes) {
        const bool isOwn = change.origin == m_membership->id();
        switch (change.kind) {
            case storage::ChangeKind::Machine:
                // Its own reports are in the fleet already; all else is rare and read again, so
                // that nothing depends on who was first.
                if (!isOwn) news.machines.insert(std::move(change.subject));
                break;
            case storage::ChangeKind::Clears:
                news.clears.insert(std::move(change.subject));
                break;
            case storage::ChangeKind::Release:
                news.releases.insert(std::move(change.subject));
                break;
            case storage::ChangeKind::Package:
                if (!isOwn) news.packages.insert(std::move(change.subject));
                break;
            case storage::ChangeKind::Certificate:
                news.certificates = true;
                break;
            case storage::ChangeKind::Presence:
                if (!isOwn) news.presences.insert(std::move(change.subject));
                break;
            case storage::ChangeKind::Audit:
                if (!isOwn) news.audit.push_back(std::move(change.subject));
                break;
        }
    }
    IFRIT_RETURN_IF_ERROR(takeAll(news));
    m_cursor = std::move(cursor);
    if (m_parts.clock.steadyNow() >= m_nextSeen) {
        m_nextSeen = m_parts.clock.steadyNow() + m_parts.seenInterval;
        IFRIT_RETURN_IF_ERROR(readSeen());
    }
    if (m_parts.engine.leads()) prune();
    return absl::OkStatus();
}

absl::Status DatabaseFollower::takeAll(const News& news) {
    IFRIT_RETURN_IF_ERROR(takeMachines(news.machines));
    IFRIT_RETURN_IF_ERROR(takePresences({news.presences.begin(), news.presences.end()}));
    IFRIT_RETURN_IF_ERROR(takeClears(news.clears));
    if (!news.releases.empty() && !m_parts.engine.leads()) {
        IFRIT_RETURN_IF_ERROR(m_parts.engine.follow(news.releases));
        for (const std::string& id : news.releases)
            m_parts.events.publish(EventKind::ReleaseChanged, id);
    }
    if (news.certificates && m_parts.revocationsChanged) m_parts.revocationsChanged();
    for (const std::string& digest : news.packages) {
        if (m_parts.packageChanged) m_parts.packageChanged(digest);
        m_parts.events.publish(EventKind::PackageChanged, digest);
    }
    for (const std::string& verb : news.audit)
        m_parts.events.publish(EventKind::AuditAppended, verb);
    return absl::OkStatus();
}

absl::Status DatabaseFollower::takeMachines(const std::set<std::string>& uuids) {
    for (auto next = uuids.begin(); next != uuids.end();) {
        std::vector<std::string> some;
        for (; next != uuids.end() && some.size() < kMachinesAtOnce; ++next)
            some.push_back(*next);
        std::vector<MachineView> views;
        std::vector<MachineView> joined;
        std::set<std::string> gone(some.begin(), some.end());
        {
            const absl::MutexLock lock(&m_parts.order);
            std::vector<StoredMachine> machines;
            const absl::Status found =
                m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(machines, in.machines().findAll(some));
                    return absl::OkStatus();
                });
            IFRIT_RETURN_IF_ERROR(found);
            const base::WallTime now = m_parts.clock.now();
            for (const StoredMachine& machine : machines) {
                gone.erase(machine.facts.uuid);
                const Fleet::Followed followed = m_parts.fleet.follow(machine, now);
                (followed.isNew ? joined : views).push_back(followed.view);
            }
            for (const std::string& uuid : gone)
                m_parts.fleet.remove(uuid);
        }
        for (const MachineView& view : joined)
            m_parts.engine.onJoined(view);
        if (!views.empty()) m_parts.engine.onMachines(views);
    }
    return absl::OkStatus();
}

/// A table of many machines' is not read for the one that has obeyed.
absl::Status DatabaseFollower::takeClears(const std::set<std::string>& uuids) {
    for (auto next = uuids.begin(); next != uuids.end();) {
        std::set<std::string> some;
        for (; next != uuids.end() && some.size() < kMachinesAtOnce; ++next)
            some.insert(*next);
        storage::KnownBadClearsByUuid clears;
        const absl::Status read =
            m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(clears,
                                       in.machines().clearsKnownBadOf({some.begin(), some.end()}));
                return absl::OkStatus();
            });
        IFRIT_RETURN_IF_ERROR(read);
        m_parts.clears.take(some, clears);
    }
    return absl::OkStatus();
}

absl::Status DatabaseFollower::takePresences(const std::vector<std::string>& uuids) {
    const std::vector<std::string> here = m_parts.clones.heardHere(uuids);
    if (here.empty()) return absl::OkStatus();
    std::vector<storage::PresenceRecord> rows;
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, in.presences().findAll(here));
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    m_parts.clones.hearElsewhere(rows, m_parts.clock.now());
    return absl::OkStatus();
}

absl::Status DatabaseFollower::reload() {
    spdlog::warn("this master was away for longer than changes are kept; it reads everything anew");
    IFRIT_RETURN_IF_ERROR(readAll());
    if (m_parts.allPackagesChanged) IFRIT_RETURN_IF_ERROR(m_parts.allPackagesChanged());
    // Which of it changed nobody knows any more.
    m_parts.events.publish(EventKind::Reset, {});
    return absl::OkStatus();
}

absl::Status DatabaseFollower::readAll() {
    const absl::MutexLock lock(&m_parts.order);
    std::vector<StoredMachine> machines;
    storage::KnownBadClearsByUuid clears;
    const absl::Status loaded =
        m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(machines, allMachines(in.machines()));
            IFRIT_ASSIGN_OR_RETURN(clears, in.machines().loadClearKnownBad());
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(loaded);
    std::set<std::string> there;
    const base::WallTime now = m_parts.clock.now();
    for (const StoredMachine& machine : machines) {
        there.insert(machine.facts.uuid);
        (void)m_parts.fleet.follow(machine, now);
    }
    for (const MachineView& view : m_parts.fleet.all()) {
        const std::string& uuid = view.record->stored.facts.uuid;
        if (there.count(uuid) == 0) m_parts.fleet.remove(uuid);
    }
    m_parts.clears.load(clears);
    m_parts.clones.tellAgain();
    if (m_parts.revocationsChanged) m_parts.revocationsChanged();
    return m_parts.engine.follow(std::nullopt);
}

absl::Status DatabaseFollower::readSeen() {
    std::vector<storage::MachineStore::LastSeen> seen;
    const absl::Status read =
        m_parts.database.read([&seen](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(seen, in.machines().lastSeen());
            return absl::OkStatus();
        });
    IFRIT_RETURN_IF_ERROR(read);
    m_parts.fleet.heardElsewhere(seen, m_parts.clock.now());
    return absl::OkStatus();
}

absl::Status DatabaseFollower::followLease() {
    const members::Standing standing = m_membership->standing();
    if (standing.deaths != m_deaths) {
        m_deaths = standing.deaths;
        m_parts.fleet.forgive(m_parts.clock.now());
    }
    const auto leading = m_parts.engine.leadingToken();
    if (standing.token == leading) return absl::OkStatus();
    if (leading) m_parts.engine.standDown();
    if (!standing.token) return absl::OkStatus();
    // What the former leader acknowledged is committed: with it in memory this one goes on.
    IFRIT_RETURN_IF_ERROR(pass());
    IFRIT_RETURN_IF_ERROR(readSeen());
    m_parts.fleet.forgive(m_parts.clock.now());
    IFRIT_RETURN_IF_ERROR(m_parts.engine.lead(*standing.token));
    m_parts.events.publish(EventKind::ClusterChanged, {});
    return absl::OkStatus();
}

void DatabaseFollower::prune() {
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (now < m_nextPrune) return;
    m_nextPrune = now + kPrune;
    m_marks.emplace_back(now, m_cursor.floor());
    std::uint64_t below = 0;
    while (!m_marks.empty() && now - m_marks.front().first >= kKeepChanges) {
        below = m_marks.front().second;
        m_marks.pop_front();
    }
    if (below == 0) return;
    const absl::Status pruned =
        m_parts.database.transact([below](storage::Transaction& in) -> absl::Status {
            return in.masters().pruneChanges(below).status();
        });
    if (!pruned.ok()) spdlog::warn("old changes stay for now: {}", base::messageOf(pruned));
}

}  // namespace ifrit::master::services
