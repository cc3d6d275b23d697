// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/settle.h"

#include <fmt/format.h>

#include "agent/reconcile/step_positions.h"
#include "shared/domain/names.h"

namespace ifrit::agent::selfupgrade {
namespace {

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

void remember(const guard::PutBack& putBack, const Version& running, journal::JournalState& state) {
    const std::string self(domain::kSelfAgent);
    journal::AgentRecord& record = state.agents[self];
    // Known already: a kill came between this and the forgetting of guard's word.
    if (record.isKnownBad(putBack.id)) return;
    const std::string message = fmt::format(
        "{}; {} runs again", putBack.message,
        running ? running->version : std::string("the version that came with the machine"));
    const std::uint32_t attempt = record.step ? record.step->attempt : 1;
    record.addKnownBad({{putBack.version, putBack.id}, putBack.reason, putBack.at});
    record.lastError = domain::AgentError{putBack.reason, message,
                                          std::string(reconcile::kWatching), attempt, putBack.at};
    record.attempts.reset();
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
