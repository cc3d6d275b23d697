// SPDX-License-Identifier: Apache-2.0
#include <QElapsedTimer>
#include <QTest>

#include "master/release/gray_list.h"
#include "master/release/plan.h"
#include "master/release/plan_outline.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;

namespace {

/// Three machines that run the version before; the first is the gray stage.
PlanInput planOf(const ReleaseFixture& f) {
    PlanInput input;
    input.release = &f.model.release;
    input.targets = f.input.targets;
    input.archiveBytes["LINUX"] = 30'000'000;
    for (const char* uuid : {"m0", "m1", "m2"}) {
        PlanMachine machine;
        machine.facts.uuid = uuid;
        machine.facts.machineType = "LINUX";
        machine.report = healthyOld();
        input.machines.push_back(machine);
    }
    return input;
}

}  // namespace

class TestReleasePlan : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void planIdCoversWhatRuns() {
        ReleaseFixture f(1, 0);
        PlanInput input;
        input.release = &f.model.release;
        input.targets = f.input.targets;
        input.archiveBytes["LINUX"] = 1'000;
        input.previous = f.input.previous;
        for (int i = 0; i < 4; ++i) {
            PlanMachine machine;
            machine.facts.uuid = "m" + std::to_string(i);
            machine.facts.machineType = "LINUX";
            machine.report = i == 3 ? healthyNew() : healthyOld();
            input.machines.push_back(machine);
        }
        const Plan plan = makePlan(input);
        QCOMPARE(plan.id.size(), std::size_t{64});
        QCOMPARE(plan.stages.size(), std::size_t{2});
        QCOMPARE(plan.stages[0].machines.at("LINUX"), 1U);
        QCOMPARE(plan.stages[1].fromVersions.at("1"), 2U);
        QCOMPARE(plan.bytesTotal, std::uint64_t{3'000});
        QCOMPARE(plan.refusals.size(), std::size_t{1});
        QCOMPARE(plan.refusals[0].reason, std::string("ALREADY"));
        // Offline flips by the minute and does not void a plan; the rest does, with the difference.
        PlanInput offline = input;
        offline.machines[1].offline = true;
        QCOMPARE(makePlan(offline).id, plan.id);
        PlanInput fewer = input;
        fewer.machines.erase(fewer.machines.begin() + 1);
        QVERIFY(makePlan(fewer).id != plan.id);
        QCOMPARE(PlanOutline(plan).differenceTo(makePlan(fewer)),
                 std::vector<std::string>{"1 machine fewer: m1"});
        PlanInput changed = input;
        changed.machines[2].report->runningVersion = "0.9";
        QCOMPARE(PlanOutline(plan).differenceTo(makePlan(changed)),
                 std::vector<std::string>{"1 machine runs another version: m2"});
        PlanInput repacked = input;
        repacked.targets["LINUX"].digest = kOldDigest;
        QVERIFY(makePlan(repacked).id != plan.id);
    }

    void anOutlineSaysWhatChangedSince() {
        const auto plan = [](const std::string& id, const std::vector<std::string>& uuids) {
            Plan out;
            out.id = id;
            for (const std::string& uuid : uuids) {
                MachineProgress machine;
                machine.uuid = uuid;
                machine.machineType = "LINUX";
                machine.fromVersion = uuid == "m2" ? "" : "1";
                out.start.machines.push_back(machine);
            }
            return out;
        };
        const Plan shown = plan("a", {"", "m1", "m10", "m2", "m3"});
        const PlanOutline outline(shown);
        QCOMPARE(outline.id(), std::string("a"));
        QVERIFY(outline.differenceTo(plan("a", {})).empty());
        QVERIFY(outline.differenceTo(plan("b", {"", "m1", "m10", "m2", "m3"})).empty());
        Plan now = plan("b", {"m0", "m1", "m2", "m20", "m3", "m4"});
        now.start.machines[1].batch = 2;
        now.start.machines[2].fromVersion = "1";
        now.start.machines[4].machineType = "WINDOWS";
        now.start.targets["LINUX"] = Target{};
        now.start.previous["LINUX"] = std::nullopt;
        QCOMPARE(outline.differenceTo(now),
                 (std::vector<std::string>{
                     "3 machines more: m0, m20, m4", "2 machines fewer: , m10",
                     "2 machines in another stage or of another type: m1, m3",
                     "1 machine runs another version: m2", "the package is another one",
                     "the settled version is another one"}));
        const Plan many = plan("c", {"n1", "n2", "n3", "n4", "n5", "n6"});
        QCOMPARE(PlanOutline(plan("d", {})).differenceTo(many),
                 std::vector<std::string>{"6 machines more: n1, n2, n3, n4, n5..."});
    }

    /// They download before they ask for a permit, so the rate costs a stage its time once.
    void aDownloadRateMakesItLonger() {
        ReleaseFixture f(1, 0);
        f.model.release.spec.maxInFlight = 1;
        PlanInput input = planOf(f);
        const Plan free = makePlan(input);
        QVERIFY(free.notes.empty());
        f.model.release.spec.downloadRate = 500'000;
        const Plan limited = makePlan(input);
        QVERIFY(limited.id != free.id);
        QCOMPARE(limited.stages.size(), std::size_t{2});
        for (std::size_t i = 0; i < 2; ++i)
            QCOMPARE((limited.stages[i].expectedDuration - free.stages[i].expectedDuration).count(),
                     60'000);
        QCOMPARE((limited.expectedDuration - free.expectedDuration).count(), 120'000);
        QCOMPARE(limited.notes,
                 std::vector<std::string>{"each machine downloads at most 500KB/s: up to 1 min"});
        f.model.release.spec.machineDeadline = std::chrono::minutes(1);
        QCOMPARE(
            makePlan(input).notes,
            std::vector<std::string>{"each machine downloads at most 500KB/s: up to 1 min, and "
                                     "its deadline is 1 min: machines will time out"});
        for (PlanMachine& machine : input.machines)
            machine.report = healthyNew();
        QVERIFY(makePlan(input).notes.empty());
    }

    void aLongProbationMakesItLonger() {
        ReleaseFixture f(1, 0);
        f.model.release.spec.maxInFlight = 1;
        PlanInput input = planOf(f);
        input.probations["LINUX"] = std::chrono::seconds(10);
        const Plan usual = makePlan(input);
        QVERIFY(usual.notes.empty());
        input.probations["LINUX"] = std::chrono::minutes(2);
        const Plan longer = makePlan(input);
        QVERIFY(longer.notes.empty());
        QCOMPARE(longer.id, usual.id);
        // 120 s in place of 30 s, for one machine and for two in turns.
        QCOMPARE((longer.stages[0].expectedDuration - usual.stages[0].expectedDuration).count(),
                 90'000);
        QCOMPARE((longer.stages[1].expectedDuration - usual.stages[1].expectedDuration).count(),
                 180'000);
        // Of another type than the release is for.
        input.probations = {{"WINDOWS", std::chrono::hours(1)}};
        QCOMPARE(makePlan(input).expectedDuration.count(), usual.expectedDuration.count());
    }

    void aProbationBeyondTheDeadlineIsTold_data() {
        QTest::addColumn<int>("probation");  // minutes
        QTest::addColumn<int>("rate");       // bytes a second, of 30 MB
        QTest::addColumn<QStringList>("notes");
        const QString rate = QStringLiteral("each machine downloads at most 500KB/s: up to 1 min");
        QTest::newRow("within") << 9 << 0 << QStringList{};
        QTest::newRow("reaches it")
            << 10 << 0
            << QStringList{
                   QStringLiteral("a machine has to stay well for 10 min, and its deadline is "
                                  "10 min: machines will time out")};
        QTest::newRow("with the download")
            << 9 << 500'000
            << QStringList{rate,
                           QStringLiteral("a machine has to stay well for 9 min after a "
                                          "download of up to 1 min, and its deadline is 10 min: "
                                          "machines will time out")};
        QTest::newRow("within, with the download") << 8 << 500'000 << QStringList{rate};
        QTest::newRow("the download alone")
            << 20 << 50'000
            << QStringList{
                   QStringLiteral("each machine downloads at most 50KB/s: up to 10 min, and "
                                  "its deadline is 10 min: machines will time out")};
    }
    void aProbationBeyondTheDeadlineIsTold() {
        QFETCH(const int, probation);
        QFETCH(const int, rate);
        QFETCH(const QStringList, notes);
        ReleaseFixture f(1, 0);
        f.model.release.spec.machineDeadline = std::chrono::minutes(10);
        f.model.release.spec.downloadRate = static_cast<std::uint64_t>(rate);
        PlanInput input = planOf(f);
        input.probations["LINUX"] = std::chrono::minutes(probation);
        QStringList told;
        for (const std::string& note : makePlan(input).notes)
            told << QString::fromStdString(note);
        QCOMPARE(told, notes);
        for (PlanMachine& machine : input.machines)
            machine.report = healthyNew();
        QVERIFY(makePlan(input).notes.empty());
    }

    // What it says itself is worth more than that it is away; who runs it has nothing to refuse.
    void whoWouldRefuseComesFirst() {
        ReleaseFixture f(1, 0);
        PlanInput input = planOf(f);
        for (PlanMachine& machine : input.machines)
            machine.refusal = domain::PreflightRefusal{"PREFLIGHT_KERNEL", "logd", "too old"};
        input.machines[0].report = healthyNew();
        input.machines[2].offline = true;
        PlanMachine away = input.machines[2];
        away.facts.uuid = "m3";
        away.refusal.reset();
        input.machines.insert(input.machines.begin(), away);
        std::vector<std::string> said;
        for (const PlanRefusal& refusal : makePlan(input).refusals)
            said.push_back(refusal.uuid + " " + refusal.reason + " " + refusal.message);
        QCOMPARE(said, (std::vector<std::string>{"m1 PREFLIGHT_KERNEL too old",
                                                 "m2 PREFLIGHT_KERNEL too old",
                                                 "m3 OFFLINE it is not reachable now",
                                                 "m0 ALREADY it runs this version already"}));
    }

    void aStageThatIsPassedByTakesNoTime() {
        ReleaseFixture f(1, 0);
        PlanInput input;
        input.release = &f.model.release;
        input.targets = f.input.targets;
        PlanMachine machine;
        machine.facts.uuid = "m0";
        machine.facts.machineType = "LINUX";
        machine.report = healthyOld();
        input.machines.push_back(machine);
        const Plan plan = makePlan(input);
        QCOMPARE(plan.stages.size(), std::size_t{2});
        QCOMPARE(plan.stages[0].machines.size(), std::size_t{1});
        QVERIFY(plan.stages[0].expectedDuration.count() > 0);
        QVERIFY(plan.stages[1].machines.empty());
        QCOMPARE(plan.stages[1].expectedDuration.count(), 0);
        QCOMPARE(plan.expectedDuration.count(), plan.stages[0].expectedDuration.count());
    }

    // A pin with a typing error made a release without any gray machine.
    void aGrayStageWithoutMachinesIsTold() {
        ReleaseFixture f(1, 0);
        PlanInput input;
        input.release = &f.model.release;
        input.targets = f.input.targets;
        PlanMachine machine;
        machine.facts.uuid = "m0";
        machine.facts.machineType = "LINUX";
        machine.facts.pin = "acme";
        machine.report = healthyOld();
        input.machines.push_back(machine);
        domain::GraySelection& gray = f.model.release.spec.gray;
        gray = {{}, "acme", {}};
        QVERIFY(makePlan(input).notes.empty());
        gray.pin = "acne";
        const Plan plan = makePlan(input);
        QCOMPARE(plan.notes.size(), std::size_t{1});
        QVERIFY(plan.notes[0].find("the gray stage has no machine") == 0);
        // It would soak for nobody, and no longer.
        QCOMPARE(plan.stages[0].expectedDuration, f.model.release.spec.soak);
        gray.pin.clear();
        QVERIFY(makePlan(input).notes.empty());
    }

    // They change when they are back: nothing waits for them, and they are told apart.
    void whoIsSilentIsCountedApart() {
        ReleaseFixture f(1, 0);
        f.model.release.spec.maxInFlight = 1;
        PlanInput input = planOf(f);
        const Plan all = makePlan(input);
        QCOMPARE(all.silent, std::uint64_t{0});
        input.machines[1].offline = true;
        const Plan plan = makePlan(input);
        QCOMPARE(plan.id, all.id);
        QCOMPARE(plan.changing, std::uint64_t{3});
        QCOMPARE(plan.silent, std::uint64_t{1});
        QCOMPARE(plan.silentBytes, std::uint64_t{30'000'000});
        QCOMPARE(plan.stages[0].silent, 0U);
        QCOMPARE(plan.stages[1].changing, 2U);
        QCOMPARE(plan.stages[1].silent, 1U);
        QCOMPARE(plan.stages[1].silentBytes, std::uint64_t{30'000'000});
        // One turn instead of two.
        QVERIFY(plan.stages[1].expectedDuration < all.stages[1].expectedDuration);
        // Who is silent and runs it already does not change at all.
        input.machines[1].report = healthyNew();
        QCOMPARE(makePlan(input).silent, std::uint64_t{0});
    }

    // The plan's bytes were told as what is downloaded, whatever is still on the disks.
    void whoGoesBackMayHaveToDownloadAgain() {
        ReleaseFixture f(1, 0);
        PlanInput input = planOf(f);
        QVERIFY(makePlan(input).notes.empty());
        input.machines[0].report->runningVersion = "10";
        Plan plan = makePlan(input);
        QCOMPARE(plan.notes.size(), std::size_t{1});
        QVERIFY2(plan.notes[0].find("machines that go back to an older version: 1. ") == 0,
                 plan.notes[0].c_str());
        QVERIFY2(plan.notes[0].find("downloaded again") != std::string::npos,
                 plan.notes[0].c_str());
        // It is the most that it can be.
        QCOMPARE(plan.bytesTotal, std::uint64_t{90'000'000});
        input.machines[1].report->runningVersion = "10";
        QVERIFY(makePlan(input).notes[0].find("older version: 2. ") != std::string::npos);
        // Who has it already and who has none go nowhere back, nor does an uninstall.
        input.machines[0].report = healthyNew();
        input.machines[1].report.reset();
        QVERIFY(makePlan(input).notes.empty());
        input.machines[1].report = healthyOld();
        input.machines[1].report->runningVersion = "10";
        input.targets["LINUX"].action = domain::DesiredAction::Uninstall;
        QVERIFY(makePlan(input).notes.empty());
    }

    void grayIsUnitedFromThreeSelections() {
        domain::GraySelection gray;
        domain::MachineFacts facts;
        facts.uuid = "m1";
        facts.pin = "acme";
        facts.labels = {{"zone", "b"}, {"tier", "web"}};
        const auto isChosen = [&] {
            const bool found = isGray(gray, facts);
            return GrayList(gray).has(facts) == found ? std::optional(found) : std::nullopt;
        };
        QCOMPARE(isChosen(), std::optional(false));
        gray.pin = "other";
        QCOMPARE(isChosen(), std::optional(false));
        gray.labels = {{"zone", "b"}, {"tier", "db"}};
        QCOMPARE(isChosen(), std::optional(false));
        gray.labels["tier"] = "web";
        QCOMPARE(isChosen(), std::optional(true));
        gray.labels.clear();
        gray.pin = "acme";
        QCOMPARE(isChosen(), std::optional(true));
        gray.pin.clear();
        gray.uuids = {"m1"};
        QCOMPARE(isChosen(), std::optional(true));
        gray.uuids = {"m0", "m2"};
        QCOMPARE(isChosen(), std::optional(false));
    }

    /// A start makes its plan under the lock that permits and halts wait for.
    void aLongGrayListCostsAPlanLittle() {
        ReleaseFixture f(1, 0);
        PlanInput input = planOf(f);
        PlanMachine machine = input.machines.front();
        input.machines.clear();
        for (int i = 0; i < 10'000; ++i) {
            machine.facts.uuid = "a-uuid-of-some-length-" + std::to_string(i);
            input.machines.push_back(machine);
        }
        const auto took = [&input] {
            QElapsedTimer timer;
            timer.start();
            const Plan plan = makePlan(input);
            return std::pair(timer.elapsed(), plan.stages.front().machines.at("LINUX"));
        };
        auto& uuids = f.model.release.spec.gray.uuids;
        uuids = {input.machines.back().facts.uuid};
        const auto [shortTime, one] = took();
        QCOMPARE(one, 1U);
        for (int i = 0; i < 40'000; ++i)
            uuids.push_back("a-uuid-of-some-length-" + std::to_string(100'000 + i));
        const auto [longTime, few] = took();
        QCOMPARE(few, 1U);
        QVERIFY2(longTime < 5 * shortTime + 50,
                 qPrintable(QStringLiteral("%1 ms, %2 ms").arg(longTime).arg(shortTime)));
    }

    /// It would be aborted before its windows open.
    void aWindowThatIsTooFarAwayIsAConflict_data() {
        QTest::addColumn<QString>("blackout");
        QTest::addColumn<bool>("conflict");
        QTest::newRow("29 days") << "1970-01-01..1970-01-29" << false;
        QTest::newRow("30 days") << "1970-01-01..1970-01-30" << true;
        QTest::newRow("for ever") << "1970-01-01..1999-12-31" << true;
    }
    void aWindowThatIsTooFarAwayIsAConflict() {
        QFETCH(const QString, blackout);
        QFETCH(const bool, conflict);
        ReleaseFixture f(1, 0);
        f.model.release.spec.windows.blackouts = {
            domain::parseDateRange(blackout.toStdString()).value()};
        const Plan plan = makePlan(planOf(f));
        QCOMPARE(!plan.conflicts.empty(), conflict);
        QVERIFY(!conflict || plan.expectedDuration < std::chrono::hours(24));
    }
};

QTEST_GUILESS_MAIN(TestReleasePlan)
#include "tst_release_plan.moc"
