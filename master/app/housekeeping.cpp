// SPDX-License-Identifier: Apache-2.0
#include "master/app/housekeeping.h"

#include <spdlog/spdlog.h>

#include "master/members/fence.h"
#include "shared/base/status.h"
#include "shared/base/wording.h"

namespace ifrit::master::app {
namespace {

absl::Status fence(storage::Transaction& in, const Lead& lead) {
    return lead.token ? members::fenceCommit(in, *lead.token) : absl::OkStatus();
}

/// A transaction for each piece: there may be millions, and nothing else waits for them to go.
/// `events`: how many went, also where it failed then.
absl::Status tidyEvents(storage::Database& database, base::WallTime now, const Lead& lead,
                        const std::atomic<bool>* stopping, std::uint64_t& events) {
    std::uint64_t gone = storage::kEventsPiece;
    while (gone >= storage::kEventsPiece && (stopping == nullptr || !*stopping)) {
        IFRIT_RETURN_IF_ERROR(database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(gone, in.machines().pruneEvents(now - kKeepEvents));
            return fence(in, lead);
        }));
        events += gone;
    }
    return absl::OkStatus();
}

}  // namespace

absl::Status tidy(storage::Database& database, base::WallTime now, const Lead& lead,
                  const std::atomic<bool>* stopping) {
    std::uint64_t events = 0;
    std::uint64_t requests = 0;
    std::uint64_t tokens = 0;
    std::uint64_t permits = 0;
    std::uint64_t certificates = 0;
    const absl::Status status = database.transact([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(requests, in.requests().prune(now - kKeepRequestIds));
        IFRIT_ASSIGN_OR_RETURN(permits, in.changes().prunePermits(now - kKeepPermits));
        IFRIT_ASSIGN_OR_RETURN(tokens, in.tokens().prune(now - kKeepJoinTokens));
        IFRIT_ASSIGN_OR_RETURN(certificates, in.certificates().prune(now - kKeepCertificates));
        IFRIT_RETURN_IF_ERROR(in.operators().eraseSessionsExpiredBy(now));
        IFRIT_RETURN_IF_ERROR(in.grants().prune(now - kKeepGrants).status());
        return fence(in, lead);
    });
    IFRIT_RETURN_IF_ERROR(status);
    const absl::Status eventsGone = tidyEvents(database, now, lead, stopping, events);
    if (events + requests + tokens + permits + certificates != 0) {
        spdlog::info("removed {}, {}, {}, {} and {}", base::countOf(events, "old events"),
                     base::countOf(requests, "request ids"), base::countOf(tokens, "join tokens"),
                     base::countOf(permits, "permits"),
                     base::countOf(certificates, "certificates"));
    }
    return eventsGone;
}

}  // namespace ifrit::master::app
