// SPDX-License-Identifier: Apache-2.0
#include "master/services/freeze_switch.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "master/services/audit_entry.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

constexpr std::chrono::seconds kCacheLook{5};
constexpr char kFreezeVerb[] = "cluster.freeze";
constexpr char kUnfreezeVerb[] = "cluster.unfreeze";
constexpr char kFrozenJson[] = R"({"frozen":true})";
constexpr char kFreeJson[] = R"({"frozen":false})";

void warn(const char* what, const absl::Status& status) {
    if (!status.ok()) spdlog::warn("{}: {}", what, base::messageOf(status));
}

AuditEntry entryOf(const domain::FreezeMark& mark, const std::string& cluster) {
    const Caller caller{mark.by, mark.address, mark.via, mark.requestId, mark.reason};
    AuditEntry out = auditEntry(caller, kFreezeVerb, cluster, "allowed", mark.at);
    out.before = kFreeJson;
    out.after = kFrozenJson;
    return out;
}

}  // namespace

FreezeSwitch::FreezeSwitch(const Parts& parts) : m_parts(parts), m_file(parts.file) {}

std::shared_ptr<const StandingFreeze> FreezeSwitch::current() const {
    absl::MutexLock lock(&m_mutex);
    return m_current;
}

void FreezeSwitch::set(std::shared_ptr<const StandingFreeze> next) {
    {
        absl::MutexLock lock(&m_mutex);
        m_current = std::move(next);
    }
    m_parts.events.publish(EventKind::ClusterChanged, {});
}

void FreezeSwitch::adopt(const domain::FreezeMark& mark, bool recorded) {
    const auto before = current();
    if (before && before->mark == mark && before->recorded == recorded) return;
    set(std::make_shared<const StandingFreeze>(StandingFreeze{mark, recorded}));
    warn("the freeze is not in a file", m_file.write(mark));
}

void FreezeSwitch::clear() {
    set(nullptr);
    warn("the freeze's file stays", m_file.remove());
    warn("the freeze stays in the cache", m_parts.cache.putFreeze(std::nullopt));
}

absl::StatusOr<FreezeSwitch::Seen> FreezeSwitch::look(const std::string& knownId) const {
    Seen out;
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        out = Seen{};
        IFRIT_ASSIGN_OR_RETURN(const auto open, in.changes().openFreezes());
        if (!open.empty()) out.standing = open.front();
        if (knownId.empty()) return absl::OkStatus();
        IFRIT_ASSIGN_OR_RETURN(const auto known, in.changes().findFreeze(knownId));
        out.recorded = known.has_value();
        out.lifted = known && known->lifted;
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    return out;
}

absl::Status FreezeSwitch::record(const domain::FreezeMark& mark) const {
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(in.changes().addFreeze(mark));
            return m_parts.trail.append(in, entryOf(mark, "cluster"));
        });
    if (written.ok()) m_parts.events.publish(EventKind::AuditAppended, kFreezeVerb);
    // Another master that held it too was first.
    return absl::IsAlreadyExists(written) ? absl::OkStatus() : written;
}

absl::Status FreezeSwitch::load() {
    absl::MutexLock work(&m_work);
    const auto held = m_file.read();
    IFRIT_ASSIGN_OR_RETURN(const Seen seen, look(held ? held->id : std::string()));
    if (held) set(std::make_shared<const StandingFreeze>(StandingFreeze{*held, seen.recorded}));
    settle(held.value_or(domain::FreezeMark{}), seen);
    return absl::OkStatus();
}

/// The database answered. `known`: what this master or the cache holds; no id: nothing.
void FreezeSwitch::settle(const domain::FreezeMark& known, const Seen& seen) {
    const bool has = !known.id.empty();
    const absl::Status recorded = has && !seen.recorded ? record(known) : absl::OkStatus();
    warn("the freeze waits for the database", recorded);
    if (seen.standing) {
        adopt(*seen.standing, true);
    } else if (has && seen.lifted) {
        spdlog::info("the freeze by {} was lifted", known.by);
        clear();
    } else if (has) {
        adopt(known, recorded.ok());
    }
}

std::optional<domain::FreezeMark> FreezeSwitch::fromCache() const {
    const auto mark = m_parts.cache.readFreeze();
    return mark.ok() ? *mark : std::nullopt;
}

std::shared_ptr<const StandingFreeze> FreezeSwitch::freeze(const Caller& caller) {
    const auto before = current();
    domain::FreezeMark mark{base::randomUuid(), caller.name, caller.reason,   m_parts.clock.now(),
                            caller.address,     caller.via,  caller.requestId};
    if (before) {
        AuditEntry again = entryOf(mark, "cluster");
        again.before = kFrozenJson;
        warn("a freeze of the frozen cluster is not audited",
             m_parts.database.transact(
                 [&](storage::Transaction& in) { return m_parts.trail.append(in, again); }));
        return before;
    }
    // In memory first: nothing that takes time comes before it.
    set(std::make_shared<const StandingFreeze>(StandingFreeze{mark, false}));
    spdlog::warn("{} froze the cluster: {}", mark.by, mark.reason);
    absl::MutexLock work(&m_work);
    warn("the freeze is not in a file", m_file.write(mark));
    warn("other masters do not hear of the freeze through the cache",
         m_parts.cache.putFreeze(mark));
    const absl::Status recorded = record(mark);
    warn("the freeze waits for the database", recorded);
    // Again, should a tick have ended an older one between.
    adopt(mark, recorded.ok());
    return current();
}

absl::Status FreezeSwitch::unfreeze(const Caller& caller) {
    absl::MutexLock work(&m_work);
    const auto standing = current();
    std::uint64_t lifted = 0;
    const absl::Status written = m_parts.database.transact([&](storage::Transaction& in)
                                                               -> absl::Status {
        if (standing && !standing->recorded) {
            // One that still waited for the database: that it was there is told first.
            IFRIT_ASSIGN_OR_RETURN(const auto known, in.changes().findFreeze(standing->mark.id));
            if (!known) {
                IFRIT_RETURN_IF_ERROR(in.changes().addFreeze(standing->mark));
                IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entryOf(standing->mark, "cluster")));
            }
        }
        const base::WallTime now = m_parts.clock.now();
        IFRIT_ASSIGN_OR_RETURN(lifted, in.changes().liftFreezes(caller.name, caller.reason, now));
        if (lifted == 0) {
            return base::failedPrecondition("NOT_FROZEN", "cluster", "the cluster is not frozen");
        }
        AuditEntry entry = auditEntry(caller, kUnfreezeVerb, "cluster", "allowed", now);
        entry.before = kFrozenJson;
        entry.after = kFreeJson;
        IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
        if (caller.requestId.empty()) return absl::OkStatus();
        return in.requests().put(caller.name, caller.requestId, {kUnfreezeVerb, "cluster"}, now);
    });
    IFRIT_RETURN_IF_ERROR(written);
    spdlog::warn("{} unfroze the cluster: {}", caller.name, caller.reason);
    clear();
    m_parts.events.publish(EventKind::AuditAppended, kUnfreezeVerb);
    return absl::OkStatus();
}

void FreezeSwitch::tick() {
    // Whoever freezes or unfreezes now does the same work.
    if (!m_work.TryLock()) return;
    const auto held = current();
    domain::FreezeMark known = held ? held->mark : domain::FreezeMark{};
    // A cache that does not answer must not hold up the ticks while the database does.
    const base::SteadyTime now = m_parts.clock.steadyNow();
    if (!held && (m_databaseAway || now >= m_nextCacheLook)) {
        known = fromCache().value_or(domain::FreezeMark{});
        m_nextCacheLook = now + kCacheLook;
    }
    const auto seen = look(known.id);
    m_databaseAway = !seen.ok();
    if (seen.ok())
        settle(known, *seen);
    else if (!held && !known.id.empty())
        adopt(known, false);
    m_work.Unlock();
}

}  // namespace ifrit::master::services
