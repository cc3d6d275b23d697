// SPDX-License-Identifier: Apache-2.0
#include "master/services/freeze_records.h"

#include "master/members/fence.h"
#include "master/services/audit_entry.h"
#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

constexpr char kFreezeVerb[] = "cluster.freeze";
constexpr char kUnfreezeVerb[] = "cluster.unfreeze";
constexpr char kFrozenJson[] = R"({"frozen":true})";
constexpr char kFreeJson[] = R"({"frozen":false})";

AuditEntry entryOf(const domain::FreezeMark& mark, const std::string& cluster) {
    const Caller caller{mark.by, mark.address, mark.via, mark.requestId, mark.reason};
    AuditEntry out = auditEntry(caller, kFreezeVerb, cluster, "allowed", mark.at);
    out.before = kFreeJson;
    out.after = kFrozenJson;
    return out;
}

}  // namespace

absl::StatusOr<FreezeRecords::Seen> FreezeRecords::look(const std::string& knownId) const {
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

absl::Status FreezeRecords::recordIn(storage::Transaction& in,
                                     const domain::FreezeMark& mark) const {
    IFRIT_ASSIGN_OR_RETURN(const auto open, in.changes().openFreezes());
    IFRIT_RETURN_IF_ERROR(in.changes().addFreeze(mark));
    AuditEntry entry = entryOf(mark, "cluster");
    if (!open.empty()) entry.before = kFrozenJson;
    return m_parts.trail.append(in, entry);
}

absl::Status FreezeRecords::store(const domain::FreezeMark& mark) const {
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(recordIn(in, mark));
            // Whoever leads commits before it, or finds it.
            return members::holdLeader(in);
        });
    // Another master that held it too was first.
    return absl::IsAlreadyExists(written) ? absl::OkStatus() : written;
}

absl::Status FreezeRecords::lift(const Caller& caller,
                                 const std::vector<domain::FreezeMark>& waiting) const {
    std::uint64_t lifted = 0;
    const absl::Status written = m_parts.database.transact([&](storage::Transaction& in)
                                                               -> absl::Status {
        // Those that still waited for the database: that they were there is told first.
        for (const domain::FreezeMark& mark : waiting) {
            IFRIT_ASSIGN_OR_RETURN(const auto known, in.changes().findFreeze(mark.id));
            if (!known) IFRIT_RETURN_IF_ERROR(recordIn(in, mark));
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
    return written;
}

}  // namespace ifrit::master::services
