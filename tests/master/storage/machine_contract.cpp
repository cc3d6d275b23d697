// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/contract_data.h"
#include "tests/master/storage/storage_contract.h"

namespace ifrit::master::storage {
namespace {

using domain::MachineState;

std::optional<StoredMachine> findMachine(Database& database, const std::string& uuid) {
    std::optional<StoredMachine> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(out, t.machines().find(uuid));
        return absl::OkStatus();
    });
    return status.ok() ? out : std::nullopt;
}

std::vector<std::string> uuidsOf(Database& database, const MachineFilter& filter,
                                 const std::string& after, std::size_t limit) {
    std::vector<std::string> out;
    const absl::Status status = database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto machines, t.machines().list(filter, after, limit));
        for (const StoredMachine& machine : machines)
            out.push_back(machine.facts.uuid);
        return absl::OkStatus();
    });
    if (!status.ok()) out = {"error", base::messageOf(status)};
    return out;
}

absl::Status enrol(Database& database, const std::vector<std::string>& uuids) {
    return database.transact([&](Transaction& t) -> absl::Status {
        for (const std::string& uuid : uuids)
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(factsOf(uuid), at(1)));
        return absl::OkStatus();
    });
}

absl::Status report(Database& database, const MachineReport& delta) {
    return database.transact([&](Transaction& t) { return t.machines().putReport(delta); });
}

MachineReport deltaOf(const std::string& uuid, std::uint64_t seq) {
    MachineReport delta;
    delta.uuid = uuid;
    delta.streamId = "stream";
    delta.seq = seq;
    delta.receivedAt = at(static_cast<std::int64_t>(seq) * 1'000);
    return delta;
}

}  // namespace

void checkMachineRoundTrip(const OpenDatabase& open) {
    const auto database = open();
    QVERIFY(!findMachine(*database, "m-1").has_value());
    VERIFY_OK(enrol(*database, {"m-1"}));
    MachineReport delta = deltaOf("m-1", 1);
    delta.seq = 18'000'000'000'000'000'000U;
    delta.receivedAt = at(99);
    delta.ifrit = {1.25, 24'000'000};
    delta.agents = {reportOfAgent("zeta", MachineState::Healthy),
                    reportOfAgent("alpha", MachineState::Failed)};
    delta.agents[0].lastError.reset();
    delta.agents[0].nextRetry.reset();
    delta.agents[0].deadline.reset();
    VERIFY_OK(report(*database, delta));

    const auto back = findMachine(*open(), "m-1");
    QVERIFY(back.has_value());
    QVERIFY(back->facts == factsOf("m-1"));
    QCOMPARE(back->firstSeen, at(1));
    QCOMPARE(back->lastSeen, at(99));
    QVERIFY(back->ifrit == delta.ifrit);
    QCOMPARE(back->streamId, delta.streamId);
    QCOMPARE(back->ackedSeq, delta.seq);
    QCOMPARE(back->agents.size(), std::size_t{2});
    QVERIFY(back->agents[0] == delta.agents[1]);
    QVERIFY(back->agents[1] == delta.agents[0]);

    // Enrolled again: new facts, the reports stay.
    domain::MachineFacts moved = factsOf("m-1");
    moved.address = "10.0.0.8";
    VERIFY_OK(
        database->transact([&](Transaction& t) { return t.machines().enrol(moved, at(200)); }));
    const auto again = findMachine(*database, "m-1");
    QVERIFY(again && again->facts == moved);
    QCOMPARE(again->firstSeen, at(1));
    QCOMPARE(again->agents.size(), std::size_t{2});
}

void checkReportDeltas(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_REASON(report(*database, deltaOf("stranger", 1)), "MACHINE_UNKNOWN");
    VERIFY_OK(enrol(*database, {"m-1", "m-2"}));
    MachineReport first = deltaOf("m-1", 1);
    first.full = true;
    first.agents = {reportOfAgent("a", MachineState::Healthy),
                    reportOfAgent("b", MachineState::Healthy)};
    VERIFY_OK(report(*database, first));
    MachineReport neighbour = first;
    neighbour.uuid = "m-2";
    VERIFY_OK(report(*database, neighbour));

    MachineReport second = deltaOf("m-1", 2);
    second.agents = {reportOfAgent("a", MachineState::Failed),
                     reportOfAgent("c", MachineState::Scheduled)};
    second.removedAgents = {"b"};
    domain::MachineFacts facts = factsOf("forged");
    facts.pin = "moved";
    second.facts = facts;
    VERIFY_OK(report(*database, second));
    auto back = findMachine(*database, "m-1");
    QVERIFY(back.has_value());
    QCOMPARE(back->agents.size(), std::size_t{2});
    QCOMPARE(back->agents[0].agent, std::string("a"));
    QCOMPARE(back->agents[0].state, MachineState::Failed);
    QCOMPARE(back->agents[1].agent, std::string("c"));
    // Facts are of the machine that sent them, whatever uuid they name.
    QCOMPARE(back->facts.pin, std::string("moved"));
    QVERIFY(!findMachine(*database, "forged").has_value());

    // Its answer was lost and it comes again: nothing of it is there twice.
    domain::MachineEvent event;
    event.kind = "upgraded";
    event.at = at(5);
    MachineReport again = deltaOf("m-1", 3);
    again.events = {event};
    VERIFY_OK(report(*database, again));
    VERIFY_OK(report(*database, again));
    std::vector<StoredEvent> events;
    VERIFY_OK(database->read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(events, t.machines().listEvents("m-1", 0, 10));
        return absl::OkStatus();
    }));
    QCOMPARE(events.size(), std::size_t{1});

    MachineReport full = deltaOf("m-1", 4);
    full.full = true;
    full.agents = {reportOfAgent("c", MachineState::Healthy)};
    VERIFY_OK(report(*database, full));
    back = findMachine(*database, "m-1");
    QCOMPARE(back->agents.size(), std::size_t{1});
    QCOMPARE(findMachine(*database, "m-2")->agents.size(), std::size_t{2});
}

void checkAnOlderReportReplacesNothing(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1", "m-2"}));
    // The machine sent 7 to a master that then stood still, and 8 to another.
    MachineReport older = deltaOf("m-1", 7);
    older.agents = {reportOfAgent("a", MachineState::Failed)};
    older.removedAgents = {"b"};
    older.events = {{"crashed", "a", "1", "", at(1)}};
    domain::MachineFacts facts = factsOf("m-1");
    facts.pin = "before";
    older.facts = facts;
    MachineReport newer = deltaOf("m-1", 8);
    newer.full = true;
    newer.agents = {reportOfAgent("a", MachineState::Healthy),
                    reportOfAgent("b", MachineState::Healthy)};
    VERIFY_OK(report(*database, newer));
    const auto before = findMachine(*database, "m-1");
    QVERIFY(before && before->ackedSeq == 8);

    // Beside one that is news, which stands.
    const MachineReport other = deltaOf("m-2", 1);
    const std::vector<const MachineReport*> given = {&older, &other};
    VERIFY_OK(database->transact(
        [&](Transaction& t) { return t.machines().putReports(given).status(); }));
    const auto after = findMachine(*database, "m-1");
    QVERIFY(after && after->facts == before->facts && after->agents == before->agents);
    QCOMPARE(after->ackedSeq, std::uint64_t{8});
    QCOMPARE(after->lastSeen, at(8'000));
    QCOMPARE(findMachine(*database, "m-2")->ackedSeq, std::uint64_t{1});
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 10));
        return events.empty() ? absl::OkStatus() : absl::InternalError("an event of the older one");
    }));

    // Numbers are compared within a stream alone: a machine that was set up anew begins at 1.
    MachineReport anew = deltaOf("m-1", 1);
    anew.streamId = "another";
    anew.full = true;
    VERIFY_OK(report(*database, anew));
    QCOMPARE(findMachine(*database, "m-1")->ackedSeq, std::uint64_t{1});
    // One that was stored late was heard of no later than its machine was.
    QCOMPARE(findMachine(*database, "m-1")->lastSeen, at(8'000));
}

void checkReportsInBulk(const OpenDatabase& open) {
    const auto database = open();
    // More than one statement takes, and two of one machine.
    constexpr int kMachines = 700;
    std::vector<std::string> uuids;
    for (int i = 0; i < kMachines; ++i)
        uuids.push_back("m-" + std::to_string(i));
    VERIFY_OK(enrol(*database, uuids));
    domain::MachineEvent event;
    event.kind = "upgraded";
    event.at = at(5);
    std::vector<MachineReport> reports;
    for (const std::string& uuid : uuids) {
        reports.push_back(deltaOf(uuid, 1));
        reports.back().agents = {reportOfAgent("a", MachineState::Failed),
                                 reportOfAgent("b", MachineState::Healthy)};
        reports.back().events = {event};
    }
    reports.push_back(deltaOf("m-7", 2));
    reports.back().full = true;
    reports.back().agents = {reportOfAgent("a", MachineState::Healthy)};
    std::vector<const MachineReport*> given;
    for (const MachineReport& one : reports)
        given.push_back(&one);
    const auto put = [&] {
        return database->transact(
            [&](Transaction& t) { return t.machines().putReports(given).status(); });
    };
    VERIFY_OK(put());
    for (const char* uuid : {"m-0", "m-511", "m-699"}) {
        const auto back = findMachine(*database, uuid);
        QVERIFY(back && back->ackedSeq == 1 && back->facts == factsOf(uuid));
        QCOMPARE(back->firstSeen, at(1));
        QVERIFY(back->agents == reports[0].agents);
    }
    const auto twice = findMachine(*database, "m-7");
    QCOMPARE(twice->ackedSeq, std::uint64_t{2});
    QVERIFY(twice->agents == reports.back().agents);

    // One that nobody knows takes the others with it, and says which it is.
    const MachineReport stranger = deltaOf("stranger", 1);
    reports[3].seq = 9;
    given = {&reports[3], &stranger};
    const absl::Status refused = put();
    VERIFY_REASON(refused, "MACHINE_UNKNOWN");
    QVERIFY(base::messageOf(refused).find("stranger") != std::string::npos);
    QCOMPARE(findMachine(*database, "m-3")->ackedSeq, std::uint64_t{1});

    given = {};
    VERIFY_OK(put());
}

void checkMachinePagesAndFilters(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"c", "a", "e", "b", "d"}));
    const MachineFilter all;
    QCOMPARE(uuidsOf(*database, all, "", 2), (std::vector<std::string>{"a", "b"}));
    QCOMPARE(uuidsOf(*database, all, "b", 2), (std::vector<std::string>{"c", "d"}));
    QCOMPARE(uuidsOf(*database, all, "d", 2), (std::vector<std::string>{"e"}));
    QVERIFY(uuidsOf(*database, all, "e", 2).empty());

    domain::MachineFacts other = factsOf("b");
    other.machineType = "WINDOWS";
    other.pin = "shop";
    VERIFY_OK(database->transact([&](Transaction& t) { return t.machines().enrol(other, at(1)); }));
    for (const auto& [uuid, state] :
         std::map<std::string, MachineState>{{"a", MachineState::Healthy},
                                             {"b", MachineState::Failed},
                                             {"c", MachineState::Failed}}) {
        MachineReport delta = deltaOf(uuid, 1);
        delta.agents = {reportOfAgent("exporter", state)};
        if (uuid == "c") delta.agents[0].runningVersion = "9";
        VERIFY_OK(report(*database, delta));
    }
    MachineFilter filter;
    filter.machineType = "WINDOWS";
    QCOMPARE(uuidsOf(*database, filter, "", 10), (std::vector<std::string>{"b"}));
    filter = {};
    filter.pin = "billing";
    QCOMPARE(uuidsOf(*database, filter, "", 10), (std::vector<std::string>{"a", "c", "d", "e"}));
    filter = {};
    filter.agent = "exporter";
    QCOMPARE(uuidsOf(*database, filter, "", 10), (std::vector<std::string>{"a", "b", "c"}));
    filter.agentState = MachineState::Failed;
    QCOMPARE(uuidsOf(*database, filter, "", 10), (std::vector<std::string>{"b", "c"}));
    filter.agentVersion = "9";
    QCOMPARE(uuidsOf(*database, filter, "", 10), (std::vector<std::string>{"c"}));
    filter.agent = "other";
    QVERIFY(uuidsOf(*database, filter, "", 10).empty());
}

void checkMachineEvents(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1", "m-2"}));
    MachineReport delta = deltaOf("m-1", 1);
    for (int i = 0; i < 5; ++i)
        delta.events.push_back({"installed", "exporter", std::to_string(i), "done", at(i)});
    VERIFY_OK(report(*database, delta));
    delta.uuid = "m-2";
    VERIFY_OK(report(*database, delta));
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto newest, t.machines().listEvents("m-1", 0, 2));
        if (newest.size() != 2 || newest[0].event.version != "4" || newest[1].event.version != "3")
            return absl::InternalError("newest first");
        IFRIT_ASSIGN_OR_RETURN(const auto rest, t.machines().listEvents("m-1", newest[1].id, 100));
        if (rest.size() != 3 || rest[0].event.version != "2")
            return absl::InternalError("the page after it");
        const domain::MachineEvent wanted{"installed", "exporter", "2", "done", at(2)};
        const bool asStored = rest[0].event == wanted && rest[0].received == at(1'000);
        return asStored ? absl::OkStatus() : absl::InternalError("as stored");
    }));
}

void checkEventsGoByWhenTheyCame(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1"}));
    // Machines whose clocks are years back, ahead, and right; received at 1 s and at 2 s.
    constexpr std::int64_t kYears = 100'000'000'000;
    for (std::uint64_t seq = 1; seq <= 2; ++seq) {
        MachineReport delta = deltaOf("m-1", seq);
        const std::int64_t right = static_cast<std::int64_t>(seq) * 1'000;
        for (const std::int64_t clock : {right - kYears, right + kYears, right})
            delta.events.push_back({"installed", "exporter", std::to_string(seq), "", at(clock)});
        VERIFY_OK(report(*database, delta));
    }
    const auto left = [&](std::int64_t before) {
        std::vector<std::string> out;
        (void)database->transact([&](Transaction& t) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(t.machines().pruneEvents(at(before)).status());
            IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 10));
            for (const StoredEvent& event : events)
                out.push_back(event.event.version);
            return absl::OkStatus();
        });
        return out;
    };
    using Versions = std::vector<std::string>;
    QCOMPARE(left(1'000), (Versions{"2", "2", "2", "1", "1", "1"}));
    QCOMPARE(left(1'001), (Versions{"2", "2", "2"}));
    QCOMPARE(left(2'000), (Versions{"2", "2", "2"}));
    QCOMPARE(left(2'001), Versions{});
}

void checkEventsGoInPieces(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1"}));
    MachineReport delta = deltaOf("m-1", 1);
    delta.events.assign(kEventsPiece + 5, {"installed", "exporter", "1", "", at(0)});
    VERIFY_OK(report(*database, delta));
    const auto gone = [&] {
        std::uint64_t out = 99;
        (void)database->transact([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(out, t.machines().pruneEvents(at(1'000'000)));
            return absl::OkStatus();
        });
        return out;
    };
    QCOMPARE(gone(), kEventsPiece);
    QCOMPARE(gone(), std::uint64_t{5});
    QCOMPARE(gone(), std::uint64_t{0});
}

void checkLastSeenAndErase(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1", "m-2"}));
    VERIFY_OK(database->transact([](Transaction& t) {
        return t.machines().putLastSeen({{"m-1", at(500)}, {"gone", at(500)}});
    }));
    QCOMPARE(findMachine(*database, "m-1")->lastSeen, at(500));
    QCOMPARE(findMachine(*database, "m-2")->lastSeen, at(1));
    VERIFY_OK(database->transact([](Transaction& t) {
        return t.machines().putLastSeen({{"m-1", at(400), std::chrono::seconds(9)}});
    }));
    QCOMPARE(findMachine(*database, "m-1")->lastSeen, at(500));
    QCOMPARE(findMachine(*database, "m-1")->poll, std::chrono::milliseconds(0));
    // Its report told of the contact, and not of when it was told to come again.
    VERIFY_OK(database->transact([](Transaction& t) {
        return t.machines().putLastSeen({{"m-1", at(500), std::chrono::seconds(100)}});
    }));
    QCOMPARE(findMachine(*database, "m-1")->poll, std::chrono::milliseconds(100'000));
    QCOMPARE(findMachine(*database, "m-2")->poll, std::chrono::milliseconds(0));
    std::vector<LastSeen> seen;
    VERIFY_OK(database->read([&seen](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(seen, t.machines().lastSeen());
        return absl::OkStatus();
    }));
    QVERIFY(std::find(seen.begin(), seen.end(),
                      LastSeen{"m-1", at(500), std::chrono::seconds(100)}) != seen.end());

    MachineReport delta = deltaOf("m-1", 1);
    delta.agents = {reportOfAgent("a", MachineState::Healthy)};
    delta.events = {{"installed", "a", "1", "", at(1)}};
    VERIFY_OK(report(*database, delta));
    VERIFY_OK(database->transact([](Transaction& t) { return t.machines().erase("m-1"); }));
    QVERIFY(!findMachine(*database, "m-1").has_value());
    VERIFY_REASON(database->transact([](Transaction& t) { return t.machines().erase("m-1"); }),
                  "MACHINE_UNKNOWN");
    // Who comes back under the uuid inherits nothing.
    VERIFY_OK(enrol(*database, {"m-1"}));
    QVERIFY(findMachine(*database, "m-1")->agents.empty());
    VERIFY_OK(database->read([](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 10));
        return events.empty() ? absl::OkStatus() : absl::InternalError("old events");
    }));
}

void checkClearKnownBad(const OpenDatabase& open) {
    const auto database = open();
    VERIFY_OK(enrol(*database, {"m-1"}));
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().putClearKnownBad("m-1", {"d2", 1}));
        IFRIT_RETURN_IF_ERROR(t.machines().putClearKnownBad("m-1", {"d1", 2}));
        IFRIT_RETURN_IF_ERROR(t.machines().putClearKnownBad("m-1", {"d1", ~0ULL}));
        return t.machines().putClearKnownBad("m-2", {"d1", 4});
    }));
    KnownBadClearsByUuid clears;
    const auto load = [&] {
        return database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(clears, t.machines().loadClearKnownBad());
            return absl::OkStatus();
        });
    };
    VERIFY_OK(load());
    QCOMPARE(clears,
             (KnownBadClearsByUuid{{"m-1", {{"d1", ~0ULL}, {"d2", 1}}}, {"m-2", {{"d1", 4}}}}));
    // One that was obeyed goes, a later one of the same version stands.
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().eraseClearKnownBad("m-1", {"d1", ~0ULL}));
        return t.machines().eraseClearKnownBad("m-2", {"d1", 3});
    }));
    VERIFY_OK(load());
    QCOMPARE(clears, (KnownBadClearsByUuid{{"m-1", {{"d2", 1}}}, {"m-2", {{"d1", 4}}}}));
    // Many at once, of which some are there, and there with another id.
    KnownBadClearsByUuid many{{"m-1", {{"d1", 5}, {"d2", 6}}}, {"m-2", {{"d1", 7}}}};
    for (int i = 100; i < 1'100; ++i)
        many["n-" + std::to_string(i)] = {{"d1", ~0ULL}};
    VERIFY_OK(
        database->transact([&](Transaction& t) { return t.machines().putClearsKnownBad(many); }));
    VERIFY_OK(load());
    QCOMPARE(clears, many);
    const auto of = [&](const std::vector<std::string>& uuids) {
        return database->read([&](Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(clears, t.machines().clearsKnownBadOf(uuids));
            return absl::OkStatus();
        });
    };
    VERIFY_OK(of({"n-500", "m-1", "nobody"}));
    QCOMPARE(clears, (KnownBadClearsByUuid{{"m-1", many["m-1"]}, {"n-500", many["n-500"]}}));
    VERIFY_OK(of({}));
    QVERIFY(clears.empty());
    KnownBadClearsByUuid obeyed = many;
    obeyed["m-1"] = {{"d1", 5}, {"d2", 5}};
    obeyed.erase("n-500");
    VERIFY_OK(database->transact(
        [&](Transaction& t) { return t.machines().eraseClearsKnownBad(obeyed); }));
    VERIFY_OK(load());
    QCOMPARE(clears, (KnownBadClearsByUuid{{"m-1", {{"d2", 6}}}, {"n-500", {{"d1", ~0ULL}}}}));
    VERIFY_OK(database->transact([](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.machines().putClearsKnownBad({}));
        return t.machines().eraseClearsKnownBad({});
    }));
}

}  // namespace ifrit::master::storage
