// SPDX-License-Identifier: Apache-2.0
#include "master/audit/audit_trail.h"

#include <utility>

#include "master/audit/chain.h"
#include "master/audit/secrets.h"
#include "shared/base/status.h"

namespace ifrit::master::audit {
namespace {

void mask(storage::AuditEntry& entry) {
    for (std::string* text : {&entry.actor, &entry.object, &entry.reason, &entry.before,
                              &entry.after, &entry.requestId, &entry.error, &entry.via})
        *text = withoutSecrets(std::move(*text));
}

}  // namespace

absl::Status AuditTrail::append(storage::Transaction& transaction,
                                storage::AuditEntry entry) const {
    mask(entry);
    IFRIT_ASSIGN_OR_RETURN(const storage::AuditHead head, transaction.audit().head());
    // Here and nowhere else, so that no use case can forget it.
    transaction.afterCommit("audit " + entry.verb, [listener = m_listener, verb = entry.verb] {
        const absl::MutexLock lock(&listener->mutex);
        if (listener->told) listener->told(verb);
    });
    return transaction.audit().append(link(head, m_cluster, std::move(entry)));
}

void AuditTrail::listen(Told told) {
    const absl::MutexLock lock(&m_listener->mutex);
    m_listener->told = std::move(told);
}

absl::Status AuditTrail::record(storage::Database& database,
                                const storage::AuditEntry& entry) const {
    return database.transact(
        [&](storage::Transaction& transaction) { return append(transaction, entry); });
}

absl::StatusOr<AuditTrail::Verification> AuditTrail::verify(storage::Database& database,
                                                            const std::set<std::uint64_t>& wanted,
                                                            const IsGone& isGone) const {
    ifrit::audit::ChainCheck check(wanted);
    // A row never changes once it is committed, so pages of several views are one chain. A view for
    // all of it would keep the server from clearing up what others write as long as the walk takes.
    for (bool isLast = false; !isLast && check.intact();) {
        if (isGone && isGone()) {
            return base::makeError(absl::StatusCode::kCancelled, "CALLER_GONE", "",
                                   "nobody waits for the verification any more");
        }
        const absl::Status status = database.read([&](storage::Transaction& view) -> absl::Status {
            ifrit::audit::ChainCheck further = check;  // a read may run again
            IFRIT_ASSIGN_OR_RETURN(const auto rows, view.audit().read(further.rows(), kPage));
            for (const storage::AuditRow& row : rows) {
                if (!further.add(viewOf(row))) break;
            }
            isLast = rows.size() < kPage;
            if (isLast) {
                IFRIT_ASSIGN_OR_RETURN(const storage::AuditHead head, view.audit().head());
                further.finish(head.id, head.hash);
            }
            check = std::move(further);
            return absl::OkStatus();
        });
        IFRIT_RETURN_IF_ERROR(status);
    }
    return Verification{check.rows(),          check.headHash(), check.intact(),
                        check.firstBrokenId(), check.message(),  check.hashes()};
}

absl::StatusOr<AuditTrail::Look> AuditTrail::look(storage::Database& database,
                                                  const std::set<std::uint64_t>& wanted) const {
    Look out;
    const absl::Status status = database.read([&](storage::Transaction& view) -> absl::Status {
        out = Look();
        IFRIT_ASSIGN_OR_RETURN(out.head, view.audit().head());
        for (const std::uint64_t id : wanted) {
            if (id == 0) continue;
            IFRIT_ASSIGN_OR_RETURN(const auto rows, view.audit().read(id - 1, 1));
            if (!rows.empty() && rows.front().id == id) out.hashes[id] = rows.front().hash;
        }
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    return out;
}

}  // namespace ifrit::master::audit
