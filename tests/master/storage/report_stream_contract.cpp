// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

using domain::MachineState;

MachineReport fullOf(const std::string& stream, std::uint64_t seq) {
    MachineReport out;
    out.uuid = "m-1";
    out.streamId = stream;
    out.seq = seq;
    out.full = true;
    out.agents = {reportOfAgent(stream, MachineState::Healthy)};
    out.events = {{"installed", stream, "1", "", at(static_cast<std::int64_t>(seq))}};
    out.receivedAt = at(static_cast<std::int64_t>(seq));
    return out;
}

/// "acknowledged number, latest" of the report in a transaction of its own.
std::string put(Database& database, const MachineReport& report) {
    std::vector<ReportOutcome> outcomes;
    const absl::Status status = database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(outcomes, t.machines().putReports({&report}));
        return absl::OkStatus();
    });
    if (!status.ok()) return base::messageOf(status);
    if (outcomes.size() != 1) return "not one outcome";
    return std::to_string(outcomes[0].ackedSeq) + (outcomes[0].isLatest ? " latest" : " older");
}

/// "stream number, agents, events" of the machine.
std::string machineIn(Database& database) {
    std::string out;
    (void)database.read([&out](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machine, t.machines().find("m-1"));
        IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 1'000));
        if (!machine) return absl::OkStatus();
        out = machine->streamId + " " + std::to_string(machine->ackedSeq) + ",";
        for (const domain::AgentReport& agent : machine->agents)
            out += " " + agent.agent;
        out += ", " + std::to_string(events.size());
        return absl::OkStatus();
    });
    return out;
}

}  // namespace

void checkAnEndedStreamReplacesNothing(const OpenDatabase& open) {
    const auto database = open();
    const auto stalled = open();
    const auto enrol = [&] {
        return database->transact(
            [](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); });
    };
    VERIFY_OK(enrol());
    QCOMPARE(put(*database, fullOf("a", 7)), std::string("7 latest"));
    QCOMPARE(put(*stalled, fullOf("a", 7)), std::string("7 latest"));
    QCOMPARE(put(*database, fullOf("b", 3)), std::string("3 latest"));
    // What a master took before it stood still: the last of the stream, one before it, and one that
    // says only what changed since.
    QCOMPARE(put(*stalled, fullOf("a", 7)), std::string("7 older"));
    QCOMPARE(put(*stalled, fullOf("a", 5)), std::string("7 older"));
    MachineReport delta = fullOf("a", 8);
    delta.full = false;
    QCOMPARE(put(*stalled, delta), std::string("7 older"));
    delta.streamId = "nobody's";
    QCOMPARE(put(*stalled, delta), std::string("0 older"));
    QCOMPARE(machineIn(*database), std::string("b 3, b, 2"));
    // The disk was put back to that stream, and went on in it.
    QCOMPARE(put(*database, fullOf("a", 9)), std::string("9 latest"));
    QCOMPARE(put(*stalled, fullOf("b", 3)), std::string("3 older"));
    QCOMPARE(machineIn(*database), std::string("a 9, a, 3"));
    QCOMPARE(put(*database, fullOf("b", 4)), std::string("4 latest"));
    QCOMPARE(put(*stalled, fullOf("a", 9)), std::string("9 older"));

    // A machine that makes one after the other is remembered for its last ones.
    for (int i = 0; i < 40; ++i) {
        MachineReport next = fullOf("c-" + std::to_string(i), 1);
        next.receivedAt = at(100 + i);
        QCOMPARE(put(*database, next), std::string("1 latest"));
    }
    QCOMPARE(put(*stalled, fullOf("c-24", 1)), std::string("1 older"));
    QCOMPARE(put(*stalled, fullOf("c-38", 1)), std::string("1 older"));
    QCOMPARE(machineIn(*database), std::string("c-39 1, c-39, 44"));
    QCOMPARE(put(*stalled, fullOf("a", 7)), std::string("7 latest"));

    // Who comes back under the uuid inherits nothing.
    VERIFY_OK(database->transact([](Transaction& t) { return t.machines().erase("m-1"); }));
    VERIFY_OK(enrol());
    QCOMPARE(put(*database, fullOf("c-38", 1)), std::string("1 latest"));
}

void checkAFullReportStoresNoEventTwice(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(database->transact(
        [](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); }));
    const auto event = [](const char* message, std::int64_t when) {
        return domain::MachineEvent{"restarted", "logd", "1", message, at(when)};
    };
    const auto stored = [&database] {
        std::string out;
        (void)database->read([&out](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 1'000));
            for (const StoredEvent& one : events)
                out = one.event.message + " " + out;
            return absl::OkStatus();
        });
        return out;
    };
    MachineReport report = fullOf("a", 7);
    report.events = {event("a", 1), event("b", 2), event("b", 2)};
    QCOMPARE(put(*database, report), std::string("7 latest"));
    // It heard of no answer, and was started again: they come under another number, with more.
    report.seq = 9;
    report.events = {event("a", 1), event("b", 2), event("b", 2),
                     event("b", 2), event("b", 3), event("c", 2)};
    QCOMPARE(put(*database, report), std::string("9 latest"));
    QCOMPARE(stored(), std::string("a b b b b c "));
    // In a new stream as well.
    report.streamId = "b";
    report.seq = 1;
    report.events = {event("c", 2), event("d", 4)};
    QCOMPARE(put(*database, report), std::string("1 latest"));
    QCOMPARE(stored(), std::string("a b b b b c d "));
    // What only says what changed since says nothing twice: these happened again.
    report.seq = 2;
    report.full = false;
    report.events = {event("d", 4)};
    QCOMPARE(put(*database, report), std::string("2 latest"));
    QCOMPARE(stored(), std::string("a b b b b c d d "));
}

/// A report costs no more where the machine has more events than that.
void checkAFullReportIsHeldAgainstTheNewestEvents(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(database->transact(
        [](Transaction& t) { return t.machines().enrol(factsOf("m-1"), at(1)); }));
    const auto count = [&database] {
        std::size_t out = 0;
        (void)database->read([&out](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 9'999));
            out = events.size();
            return absl::OkStatus();
        });
        return out;
    };
    MachineReport report = fullOf("a", 0);
    const auto say = [&](int first, int events) {
        ++report.seq;
        report.events.clear();
        for (int i = first; i < first + events; ++i)
            report.events.push_back({"restarted", "logd", "1", std::to_string(i), at(10)});
        return put(*database, report);
    };
    // Eight reports, each of as many events as one may have.
    for (int i = 0; i < 8; ++i)
        QCOMPARE(say(i * 256, 256), std::to_string(i + 1) + " latest");
    QCOMPARE(count(), std::size_t{2'048});
    // The last four come again, as if no answer had been heard.
    for (int i = 4; i < 8; ++i)
        QCOMPARE(say(i * 256, 256), std::to_string(i + 5) + " latest");
    QCOMPARE(count(), std::size_t{2'048});
    // What is older than a thousand others is not looked for.
    QCOMPARE(say(0, 1), std::string("13 latest"));
    QCOMPARE(count(), std::size_t{2'049});
}

}  // namespace ifrit::master::storage
