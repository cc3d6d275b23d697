// SPDX-License-Identifier: Apache-2.0
#include "master/audit/audit_trail.h"

#include <utility>

#include "master/audit/chain.h"
#include "master/audit/secrets.h"
#include "shared/base/status.h"

namespace ifrit::master::audit {
namespace {

constexpr std::size_t kPage = 1'000;

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
    return transaction.audit().append(link(head, m_cluster, std::move(entry)));
}

absl::Status AuditTrail::record(storage::Database& database,
                                const storage::AuditEntry& entry) const {
    return database.transact(
        [&](storage::Transaction& transaction) { return append(transaction, entry); });
}

absl::StatusOr<AuditTrail::Verification> AuditTrail::verify(
    storage::Database& database, const std::set<std::uint64_t>& wanted) const {
    ifrit::audit::ChainCheck check;
    const absl::Status status = database.read([&](storage::Transaction& view) -> absl::Status {
        check = ifrit::audit::ChainCheck(wanted);
        while (check.intact()) {
            IFRIT_ASSIGN_OR_RETURN(const auto rows, view.audit().read(check.rows(), kPage));
            for (const storage::AuditRow& row : rows) {
                if (!check.add(viewOf(row))) break;
            }
            if (rows.size() < kPage) break;
        }
        IFRIT_ASSIGN_OR_RETURN(const storage::AuditHead head, view.audit().head());
        check.finish(head.id, head.hash);
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
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
