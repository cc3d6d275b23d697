// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/journal/journal_state.h"

namespace ifrit::tests {

/// A state with every field set to something that is not its default, and texts that a careless
/// format would trip over.
inline agent::journal::JournalState fullJournalState() {
    using namespace agent::journal;
    const auto at = [](std::int64_t millis) {
        return base::fromUnixMillis(1'764'000'000'123 + millis);
    };
    JournalState state;
    AgentRecord& record = state.agents["node.exporter-1"];
    record.current = InstalledVersion{"1.5.0-1+b6", std::string(64, 'a')};
    record.previous = InstalledVersion{"1.4.0", std::string(64, 'b')};
    record.unproved = std::string(64, 'a');
    record.releaseId = "r-17";
    StepInProgress step;
    step.operation = Operation::Upgrade;
    step.position = "switch";
    step.target = InstalledVersion{"1.6.0", std::string(64, 'c')};
    step.purge = true;
    step.releaseId = "r-18";
    step.attempt = 3;
    step.started = at(1);
    step.deadline = at(2);
    record.step = step;
    record.process =
        RunningProcess{{4711, 123'456'789, "boot-1"}, *record.current, at(3), "10.0.0.7"};
    record.attempts = Attempts{std::string(64, 'c'), 2, at(4), 1};
    record.lastError =
        domain::AgentError{"PROBE_FAILED", "HTTP \"503\"\n\ttab \\ back\x01", "watch", 2, at(5)};
    record.knownBad = {
        {{"1.7.0", std::string(64, 'd')}, "crashed: ''' \"\"\" # no comment", at(6)}};
    state.agents["log"].current = InstalledVersion{"2", std::string(64, 'e')};
    state.withdrawnBelow = {{"log", 12}, {"long gone", 3}};
    domain::DesiredState desired;
    desired.generation = 42;
    desired.etag = 0xfedc'ba98'7654'3210;  // over what a signed integer holds
    desired.entries = {{"log", domain::DesiredAction::UninstallPurge, "", "", domain::Level::Gray,
                        at(7), 41, "r-19", "expect_gray_m1"},
                       {"x", domain::DesiredAction::Install, "3", std::string(64, 'f'),
                        domain::Level::Hash, base::fromUnixMillis(INT64_MIN / 2), 40, "r-20", "k"}};
    desired.entries.back().downloadRate = 2'000'000;
    state.desired = desired;
    state.cluster = "demo 0123";
    state.reportStream = "stream";
    state.reportSequence = 99;
    state.droppedEvents = 7;
    state.addEvent({"installed", "log", "2", "\xf0\x9f\x94\xa5 done", at(8)});
    state.addEvent({"reverted", "x", "3", "", at(9)});
    return state;
}

}  // namespace ifrit::tests
