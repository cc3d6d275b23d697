// SPDX-License-Identifier: Apache-2.0
#include "master/services/machine_removal.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "master/services/audit_entry.h"
#include "master/services/expectation.h"
#include "shared/base/status.h"
#include "shared/domain/machine.h"

namespace ifrit::master::services {
namespace {

constexpr char kVerb[] = "machine.remove";

absl::Status unknown(const std::string& uuid) {
    return base::notFound("MACHINE_UNKNOWN", uuid, "there is no machine {}", uuid);
}

/// Names the first that the database does not know.
absl::Status unknownOf(const std::vector<StoredMachine>& known,
                       const std::set<std::string>& wanted) {
    std::set<std::string> missing = wanted;
    for (const StoredMachine& machine : known)
        missing.erase(machine.facts.uuid);
    return unknown(missing.empty() ? std::string() : *missing.begin());
}

}  // namespace

absl::Status MachineRemoval::refuseAlive(const std::string& uuid, bool isOnline,
                                         base::WallTime seen) const {
    const auto ago = std::chrono::duration_cast<std::chrono::seconds>(m_parts.clock.now() - seen);
    if (!isOnline && ago >= domain::kAliveFor) return absl::OkStatus();
    return base::failedPrecondition(
        "MACHINE_ALIVE", uuid,
        "machine {} was heard of {} s ago: stop ifrit there and wait {} minutes, or force it", uuid,
        std::max<std::int64_t>(ago.count(), 0), domain::kAliveFor.count());
}

absl::Status MachineRemoval::check(const Caller& caller, const std::set<std::string>& uuids,
                                   Alive alive) const {
    if (uuids.empty())
        return base::invalidArgument("MACHINES_MISSING", "", "name the machines to remove");
    if (caller.reason.empty()) {
        return base::invalidArgument("REASON_MISSING", *uuids.begin(),
                                     "say why the machines are removed");
    }
    for (const std::string& uuid : uuids) {
        const auto view = m_parts.fleet.find(uuid);
        if (!view) return unknown(uuid);
        if (alive == Alive::Refused)
            IFRIT_RETURN_IF_ERROR(refuseAlive(uuid, !view->offline, view->lastSeen));
    }
    return absl::OkStatus();
}

absl::Status MachineRemoval::checkExpected(storage::Transaction& in, const Caller& caller,
                                           const std::set<std::string>& uuids) {
    Resolved now{uuids.size(), 0};
    if (caller.expected.generation != 0) {
        IFRIT_ASSIGN_OR_RETURN(now.generation, in.desired().generation());
    }
    return checkExpectation(caller.expected, now, *uuids.begin());
}

absl::StatusOr<bool> MachineRemoval::withdraw(storage::Transaction& in,
                                              const std::set<std::string>& uuids) const {
    std::set<std::string> named;
    IFRIT_ASSIGN_OR_RETURN(const compose::DesiredRows rows, in.desired().rows());
    for (const compose::DesiredRow& row : rows.rows) {
        if (uuids.count(row.machineUuid) != 0) named.insert(row.machineUuid);
    }
    if (named.empty()) return false;
    IFRIT_RETURN_IF_ERROR(in.desired().nextGeneration().status());
    std::vector<release::DesiredEdit> edits;
    for (const std::string& uuid : named) {
        release::DesiredEdit edit;
        edit.kind = release::DesiredEdit::Kind::EraseOfMachine;
        edit.row.machineUuid = uuid;
        edits.push_back(std::move(edit));
    }
    IFRIT_RETURN_IF_ERROR(in.desired().editAll(edits));
    return true;
}

absl::StatusOr<MachineRemoval::Removed> MachineRemoval::erase(storage::Transaction& in,
                                                              const Caller& caller,
                                                              const std::set<std::string>& uuids,
                                                              Alive alive) const {
    Removed out;
    const base::WallTime now = m_parts.clock.now();
    IFRIT_ASSIGN_OR_RETURN(const std::vector<StoredMachine> known,
                           in.machines().findAll({uuids.begin(), uuids.end()}));
    if (known.size() != uuids.size()) return unknownOf(known, uuids);
    for (const StoredMachine& machine : known) {
        // It may just have enrolled again, and nobody been told.
        if (alive == Alive::Refused)
            IFRIT_RETURN_IF_ERROR(refuseAlive(machine.facts.uuid, false, machine.lastSeen));
    }
    for (const StoredMachine& machine : known) {
        const std::string& uuid = machine.facts.uuid;
        IFRIT_RETURN_IF_ERROR(in.machines().erase(uuid));
        IFRIT_ASSIGN_OR_RETURN(const std::uint64_t revoked,
                               in.certificates().revokeAllOf("machine", uuid, now, caller.reason));
        AuditEntry entry = auditEntry(caller, kVerb, uuid, "allowed", now);
        entry.before = fmt::format(R"({{"type":"{}","last_seen_ms":{}}})",
                                   machine.facts.machineType, base::toUnixMillis(machine.lastSeen));
        entry.after = fmt::format(R"({{"revoked_certificates":{},"forced":{}}})", revoked,
                                  alive == Alive::Forced);
        IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
        out.certificates += revoked;
    }
    out.machines = uuids.size();
    if (caller.requestId.empty()) return out;
    IFRIT_RETURN_IF_ERROR(in.requests().put(caller.name, caller.requestId,
                                            {kVerb, std::to_string(out.certificates)}, now));
    return out;
}

absl::StatusOr<MachineRemoval::Removed> MachineRemoval::remove(const Caller& caller,
                                                               const std::set<std::string>& uuids,
                                                               Alive alive) {
    // No report of theirs is taken in between: it would bring them back.
    const absl::MutexLock lock(&m_parts.order);
    IFRIT_RETURN_IF_ERROR(check(caller, uuids, alive));
    Removed out;
    bool isWithdrawn = false;
    const auto work = [&](storage::Transaction& in) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(checkExpected(in, caller, uuids));
        IFRIT_ASSIGN_OR_RETURN(out, erase(in, caller, uuids, alive));
        IFRIT_ASSIGN_OR_RETURN(isWithdrawn, withdraw(in, uuids));
        return absl::OkStatus();
    };
    IFRIT_RETURN_IF_ERROR(m_parts.engine.removeMachines(uuids, work));
    for (const std::string& uuid : uuids)
        forgetOne(uuid);
    if (isWithdrawn) m_parts.desiredChanged();
    return out;
}

absl::Status MachineRemoval::forget(const std::set<std::string>& uuids) {
    const absl::MutexLock lock(&m_parts.order);
    std::set<std::string> gone = uuids;
    IFRIT_RETURN_IF_ERROR(m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const std::vector<StoredMachine> known,
                               in.machines().findAll({uuids.begin(), uuids.end()}));
        for (const StoredMachine& machine : known)
            gone.erase(machine.facts.uuid);
        return absl::OkStatus();
    }));
    for (const std::string& uuid : gone)
        forgetOne(uuid);
    m_parts.desiredChanged();
    return absl::OkStatus();
}

void MachineRemoval::forgetOne(const std::string& uuid) {
    m_parts.fleet.remove(uuid);
    m_parts.clears.drop(uuid);
}

}  // namespace ifrit::master::services
