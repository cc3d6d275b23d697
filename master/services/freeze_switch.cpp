// SPDX-License-Identifier: Apache-2.0
#include "master/services/freeze_switch.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kCacheLook{5};
void warn(const char* what, const absl::Status& status) {
    if (!status.ok()) spdlog::warn("{}: {}", what, base::messageOf(status));
}

/// The same for a call that is made again, and where it is passed on: two masters that take it
/// apart from each other write one freeze, which is lifted once.
std::string idOf(const Caller& caller) {
    if (caller.requestId.empty()) return base::randomUuid();
    return crypto::sha256Hex(caller.name + '\n' + caller.requestId).substr(0, 32);
}

}  // namespace

FreezeSwitch::FreezeSwitch(const Parts& parts)
    : m_parts(parts),
      m_records({parts.database, parts.trail, parts.clock}),
      m_file(parts.file),
      m_recorder([this] { record(); }) {}

FreezeSwitch::~FreezeSwitch() {
    {
        const absl::MutexLock lock(&m_mutex);
        m_stopping = true;
    }
    m_recorder.join();
}

std::shared_ptr<const StandingFreeze> FreezeSwitch::current() const {
    absl::MutexLock lock(&m_mutex);
    return m_current;
}

void FreezeSwitch::set(std::shared_ptr<const StandingFreeze> next) {
    {
        absl::MutexLock lock(&m_mutex);
        m_current = std::move(next);
    }
    publish();
}

bool FreezeSwitch::begin(const domain::FreezeMark& mark) {
    if (m_current) return false;
    m_current = std::make_shared<const StandingFreeze>(StandingFreeze{mark, false});
    return true;
}

void FreezeSwitch::publish() {
    m_parts.events.publish(EventKind::ClusterChanged, {});
}

void FreezeSwitch::keepInFile(const domain::FreezeMark& mark) {
    const absl::MutexLock lock(&m_fileMutex);
    if (m_inFile == mark.id) return;
    const absl::Status written = m_file.write(mark);
    warn("the freeze is not in a file", written);
    m_inFile = written.ok() ? mark.id : std::string();
    noteFile(mark, written.ok());
}

void FreezeSwitch::noteFile(const domain::FreezeMark& mark, bool isInFile) {
    absl::MutexLock lock(&m_mutex);
    if (!m_current || m_current->mark.id != mark.id || m_current->isInFile == isInFile) return;
    auto changed = *m_current;
    changed.isInFile = isInFile;
    m_current = std::make_shared<const StandingFreeze>(std::move(changed));
}

void FreezeSwitch::leaveFile() {
    if (const auto stands = current()) return keepInFile(stands->mark);
    const absl::MutexLock lock(&m_fileMutex);
    // Whoever freezes from here on writes it anew.
    if (current()) return;
    m_inFile.clear();
    warn("the freeze's file stays", m_file.remove());
    warn("no room is kept for a freeze on a full disk", m_file.keepRoom());
}

/// Also where it was put before: a cache may lose what it holds.
void FreezeSwitch::keepInCache(const domain::FreezeMark& mark) {
    warn("other masters do not hear of the freeze through the cache",
         m_parts.cache.putFreeze(mark));
}

void FreezeSwitch::adopt(const domain::FreezeMark& mark, bool recorded) {
    const auto before = current();
    if (!before || before->mark != mark || before->recorded != recorded)
        set(std::make_shared<const StandingFreeze>(StandingFreeze{mark, recorded}));
    keepInFile(mark);
}

void FreezeSwitch::heard(const domain::FreezeMark& mark) {
    {
        // The next tick has it recorded, or finds it lifted.
        absl::MutexLock lock(&m_mutex);
        if (!begin(mark)) return;
    }
    publish();
}

void FreezeSwitch::hold(const domain::FreezeMark& mark) {
    {
        // Both at once: whoever lifts the one that stands finds it told.
        absl::MutexLock lock(&m_mutex);
        m_told.push_back(mark);
        if (!begin(mark)) return;
    }
    publish();
}

/// Also beside one that stands: that may be lifted in the database by now.
void FreezeSwitch::takeTold() {
    std::vector<domain::FreezeMark> told;
    {
        absl::MutexLock lock(&m_mutex);
        told.swap(m_told);
    }
    for (const domain::FreezeMark& mark : told)
        wait(mark);
}

void FreezeSwitch::clear() {
    {
        absl::MutexLock lock(&m_mutex);
        m_current.reset();
        // Told while the database lifted the others: the next tick has it recorded, or lifted too.
        if (!m_told.empty()) begin(m_told.back());
    }
    publish();
    leaveFile();
    warn("the freeze stays in the cache", m_parts.cache.putFreeze(std::nullopt));
}

void FreezeSwitch::wait(const domain::FreezeMark& mark) {
    const auto same = [&mark](const domain::FreezeMark& it) { return it.id == mark.id; };
    if (std::none_of(m_waiting.begin(), m_waiting.end(), same)) m_waiting.push_back(mark);
}

absl::Status FreezeSwitch::recordWaiting() {
    absl::Status first;
    std::erase_if(m_waiting, [&](const domain::FreezeMark& mark) {
        // Each would wait for a database that is away.
        if (absl::IsUnavailable(first)) return false;
        const absl::Status recorded = m_records.store(mark);
        first.Update(recorded);
        return recorded.ok();
    });
    warn("a freeze waits for the database", first);
    return first;
}

absl::StatusOr<FreezeRecords::Seen> FreezeSwitch::tell(const domain::FreezeMark& mark) {
    wait(mark);
    IFRIT_RETURN_IF_ERROR(recordWaiting());
    return m_records.look(mark.id);
}

absl::Status FreezeSwitch::load() {
    absl::MutexLock work(&m_work);
    warn("no room is kept for a freeze on a full disk", m_file.keepRoom());
    const auto held = m_file.read();
    IFRIT_ASSIGN_OR_RETURN(const FreezeRecords::Seen seen,
                           m_records.look(held ? held->id : std::string()));
    if (held) {
        // One that cannot be read is written anew: its id is made up at each reading.
        if (held->by != FreezeFile::kUnknown) {
            const absl::MutexLock lock(&m_fileMutex);
            m_inFile = held->id;
        }
        set(std::make_shared<const StandingFreeze>(StandingFreeze{*held, seen.recorded}));
    }
    settle(held.value_or(domain::FreezeMark{}), seen);
    return absl::OkStatus();
}

/// The database answered. `known`: what this master or the cache holds; no id: nothing.
void FreezeSwitch::settle(const domain::FreezeMark& known, FreezeRecords::Seen seen) {
    const bool has = !known.id.empty();
    if (has && !seen.recorded) wait(known);
    if (!m_waiting.empty()) {
        (void)recordWaiting();
        const auto again = m_records.look(known.id);
        if (again.ok()) seen = *again;
    }
    if (!m_waiting.empty()) {
        adopt(m_waiting.back(), false);
    } else if (seen.standing) {
        adopt(*seen.standing, true);
    } else if (has && seen.lifted) {
        spdlog::info("the freeze by {} was lifted", known.by);
        clear();
    }
}

/// The database does not answer: what holds is kept wherever it can be, also what another master
/// told or what could not be written at first.
void FreezeSwitch::keep(const domain::FreezeMark& known) {
    const auto held = current();
    if (!m_waiting.empty()) {
        adopt(m_waiting.back(), false);
        keepInCache(m_waiting.back());
    } else if (!known.id.empty()) {
        adopt(known, held && held->recorded);
    }
}

std::optional<domain::FreezeMark> FreezeSwitch::fromCache() const {
    const auto mark = m_parts.cache.readFreeze();
    return mark.ok() ? *mark : std::nullopt;
}

domain::FreezeMark FreezeSwitch::markOf(const Caller& caller) const {
    return {idOf(caller),   caller.name, caller.reason,   m_parts.clock.now(),
            caller.address, caller.via,  caller.requestId};
}

std::shared_ptr<const StandingFreeze> FreezeSwitch::freeze(domain::FreezeMark mark) {
    // In memory first: nothing that takes time comes before it.
    hold(mark);
    spdlog::warn("{} froze the cluster: {}", mark.by, mark.reason);
    keepInFile(mark);
    const auto asked = std::make_shared<Asked>(Asked{mark});
    const absl::MutexLock lock(&m_mutex);
    m_asked.push_back(asked);
    const base::SteadyTime end = std::chrono::steady_clock::now() + kPatience;
    while (!asked->isDone && std::chrono::steady_clock::now() < end)
        m_recorded.waitUntil(m_mutex, end);
    // From here on it is one that was told: whoever lifts it now lifts it for good.
    asked->isAnswered = true;
    std::erase(m_asked, asked);
    if (m_current) return m_current;
    return std::make_shared<const StandingFreeze>(StandingFreeze{std::move(mark), false});
}

bool FreezeSwitch::isAnswered(const Asked& asked) const {
    const absl::MutexLock lock(&m_mutex);
    return asked.isAnswered;
}

void FreezeSwitch::record() {
    const auto wanted = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        return m_stopping || !m_asked.empty();
    };
    for (;;) {
        domain::FreezeMark newest;
        {
            const absl::MutexLock lock(&m_mutex);
            m_mutex.Await(absl::Condition(&wanted));
            if (m_stopping) return;
            newest = m_asked.back()->mark;
        }
        // Before the lock, which may be held for as long as the database hangs. Where that one is
        // lifted meanwhile the cache is late, and the database knows better.
        keepInCache(newest);
        std::vector<std::shared_ptr<Asked>> asked;
        {
            const absl::MutexLock work(&m_work);
            {
                const absl::MutexLock lock(&m_mutex);
                asked.swap(m_asked);
            }
            for (const auto& one : asked)
                recordAsked(*one);
        }
        // Without the lock of the work: a tick() that follows the answer finds it free.
        const absl::MutexLock lock(&m_mutex);
        for (const auto& one : asked)
            one->isDone = true;
        m_recorded.wakeAll();
    }
}

void FreezeSwitch::recordAsked(Asked& asked) {
    domain::FreezeMark mark = asked.mark;
    // What was waited for may have ended the one that stood.
    if (!isAnswered(asked)) heard(mark);
    takeTold();
    keepInFile(mark);
    auto seen = tell(mark);
    if (seen.ok() && seen->lifted && !isAnswered(asked)) {
        // The call is made again, and what it did at first was lifted since.
        mark.id = base::randomUuid();
        keepInCache(mark);
        seen = tell(mark);
    }
    // Whatever was shown, a tick may have ended it meanwhile.
    if (seen.ok() && seen->standing)
        adopt(*seen->standing, true);
    else if (seen.ok() && seen->lifted)
        clear();
    else
        adopt(mark, false);
}

absl::Status FreezeSwitch::unfreeze(const Caller& caller) {
    absl::MutexLock work(&m_work);
    takeTold();
    const auto standing = current();
    if (standing && !standing->recorded) wait(standing->mark);
    IFRIT_RETURN_IF_ERROR(m_records.lift(caller, m_waiting));
    m_waiting.clear();
    spdlog::warn("{} unfroze the cluster: {}", caller.name, caller.reason);
    clear();
    return absl::OkStatus();
}

void FreezeSwitch::tick() {
    // Whoever freezes or unfreezes now does the same work.
    if (!m_work.TryLock()) return;
    (void)lookAround();
    m_work.Unlock();
}

absl::Status FreezeSwitch::lookNow() {
    // Each would keep a thread of the calls for as long as the database hangs.
    if (m_isLookWaiting.exchange(true)) {
        return base::withCallDetails(
            base::makeError(absl::StatusCode::kUnavailable, "FREEZE_BUSY", "",
                            "another call waits to look for freezes already; ask again"),
            {{}, std::chrono::seconds(1)});
    }
    const absl::MutexLock work(&m_work);
    // Before the look: who comes from here on may ask about what this one no longer sees.
    m_isLookWaiting = false;
    return lookAround();
}

absl::Status FreezeSwitch::lookAround() {
    takeTold();
    const auto held = current();
    domain::FreezeMark known = held ? held->mark : domain::FreezeMark{};
    // A cache that does not answer must not hold up the ticks while the database does.
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!held && (m_databaseAway || now >= m_nextCacheLook)) {
        known = fromCache().value_or(domain::FreezeMark{});
        m_nextCacheLook = now + kCacheLook;
    }
    const auto seen = m_records.look(known.id);
    m_databaseAway = !seen.ok();
    if (seen.ok())
        settle(known, *seen);
    else
        keep(known);
    return seen.status();
}

}  // namespace ifrit::master::services
