// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/settle.h"

#include <fmt/format.h>

#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "shared/domain/names.h"

namespace ifrit::agent::selfupgrade {
namespace {

/// Before the second trial of a version whose first one reached no master.
constexpr std::chrono::seconds kAskAgain{10};

using Version = std::optional<journal::InstalledVersion>;

void settleVersions(const Version& running, journal::AgentRecord& record) {
    if (record.step && running && record.step->target == *running) {
        // This is the version on trial, or one that has passed and is not committed yet.
        if (record.current == running) return;
        record.previous = record.current;
        record.current = running;
        record.releaseId = record.step->releaseId;
        record.step->position = std::string(reconcile::kWatching);
        return;
    }
    // Whatever was begun has not come to be: it is planned anew, with a permit of its own.
    record.step.reset();
    if (record.current == running) return;
    record.current = running;
    record.releaseId.clear();
    if (record.previous == running) record.previous.reset();
}

/// A kill came between taking notice and the forgetting of guard's word.
bool isNoted(const guard::PutBack& putBack, const journal::AgentRecord& record) {
    return record.isKnownBad(putBack.id) ||
           (record.lastError && record.lastError->reason == putBack.reason &&
            record.lastError->at == putBack.at);
}

/// Without a master that answers, the version before would have done no better. The next attempt
/// needs a permit, and so a master: the second time it is the version's own fault.
bool mayBeTheMasters(const guard::PutBack& putBack, const journal::AgentRecord& record) {
    return putBack.reason == reconcile::kMasterNotReached &&
           !(record.attempts && record.attempts->digest == putBack.id &&
             record.attempts->unreachedTrials > 0);
}

void remember(const guard::PutBack& putBack, const Version& running, journal::JournalState& state) {
    const std::string self(domain::kSelfAgent);
    journal::AgentRecord& record = state.agents[self];
    if (isNoted(putBack, record)) return;
    const std::string message = fmt::format(
        "{}; {} runs again", putBack.message,
        running ? running->version : std::string("the version that came with the machine"));
    const std::uint32_t attempt = record.step ? record.step->attempt : 1;
    if (mayBeTheMasters(putBack, record)) {
        record.attempts = journal::Attempts{putBack.id, attempt, putBack.at + kAskAgain, 1};
    } else {
        record.addKnownBad({{putBack.version, putBack.id}, putBack.reason, putBack.at});
        record.attempts.reset();
    }
    record.lastError = domain::AgentError{putBack.reason, message,
                                          std::string(reconcile::kWatching), attempt, putBack.at};
    state.addEvent({"reverted", self, putBack.version,
                    fmt::format("{} ({})", message, putBack.reason), putBack.at});
}

}  // namespace

void settle(const Version& running, const std::optional<guard::PutBack>& putBack,
            journal::JournalState& state) {
    const std::string self(domain::kSelfAgent);
    if (putBack && !(running && running->digest == putBack->id)) remember(*putBack, running, state);
    const auto found = state.agents.find(self);
    if (found == state.agents.end() && !running) return;
    journal::AgentRecord& record = state.agents[self];
    settleVersions(running, record);
    if (record == journal::AgentRecord()) state.agents.erase(self);
}

}  // namespace ifrit::agent::selfupgrade
