// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <map>
#include <random>
#include <set>
#include <string>

#include "master/release/gate.h"
#include "master/release/going_back.h"
#include "master/release/permit_ledger.h"
#include "master/release/verbs.h"
#include "tests/master/release/release_fixture.h"
#include "tests/master/release/walk_account.h"
#include "tests/master/release/walk_followers.h"
#include "tests/master/release/walk_rows.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::DesiredAction;
using domain::Level;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

class Walk {
public:
    explicit Walk(unsigned seed) : m_random(seed), m_fixture(kMachines, pick(2) == 0) {
        auto& spec = m_fixture.model.release.spec;
        spec.autoVerify = pick(2) == 0;
        if (pick(4) == 0) spec.gray = {};
        spec.pilot.count = static_cast<std::uint32_t>(pick(3));
        spec.batches.enabled = pick(3) != 0;
        if (pick(4) == 0) spec.batches.advance = domain::BatchAdvance::Promote;
        if (pick(2) == 0) spec.batches.order = {4, 2, 1, 3};
        if (m_ruled && pick(2) == 0)
            spec.windows.weekly = {domain::parseWeeklyWindow("daily 22:00-22:25").value()};
        spec.lateJoinersPerMinute = 1 + static_cast<std::uint32_t>(pick(2));
        if (pick(2) == 0) spec.maxInFlight = 1 + static_cast<std::uint32_t>(pick(3));
        spec.approvalRequired = m_ruled && pick(4) == 0;
        m_fixture.model.release.createdBy = "carl";
        m_rules.requireApproval = m_ruled && pick(4) == 0;
        m_rules.cap = ChangeCap{kCap, 0, kCapWindow};
        if (m_ruled && pick(6) == 0)
            m_rules.blackouts.blackouts = {domain::parseDateRange("2023-11-15").value()};
        if (pick(3) == 0) spec.gates.rules = {{domain::GateKind::Failed, {}, {0, 0, 1}}};
        m_fixture.plan();
        if (m_fixture.input.previous.at("LINUX"))
            m_rows.full["LINUX"] = {
                "logd", DesiredAction::Install, "1", kOldDigest, Level::Full, at(-10'000), 0, "r0",
                {}};
    }

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }

    void step() {
        m_second += pick(40) == 0 ? pick(24 * 3'600) : pick(120);
        if (m_ruled && pick(12) == 0) m_frozen = !m_frozen && pick(2) == 0;
        const std::chrono::seconds by(pick(40 * 24 * 3'600));
        if (pick(60) == 0) return passes(by, ClockSet{by});
        if (pick(60) == 0) return passes(by, StoodStill{by, std::chrono::seconds(pick(120))});
        if (pick(60) == 0) return take(AllHeard{});
        const std::string uuid = "m" + std::to_string(pick(kMachines + 1));
        if (m_gone.count(uuid) != 0) {
            comesBack(uuid);
            return;
        }
        Event event = Ticked{};
        switch (m_mostlyWell ? 1 + pick(7) : pick(10)) {
            case 0:
            case 1:
                event = verb();
                break;
            case 2:
            case 3:
            case 4:
                event = reported(uuid);
                break;
            case 5:
                if (pick(8) == 0) {
                    outage();
                    return;
                }
                event = PresenceChanged{uuid, pick(2) == 0};
                break;
            case 6:
                event = joined();
                break;
            case 7:
                askForPermit(uuid);
                return;
            case 8:
                if (pick(8) == 0) leaves(uuid);
                return;
            default:
                break;
        }
        take(event);
    }

    /// In which nobody could do anything.
    void passes(std::chrono::seconds by, const Event& event) {
        m_second += static_cast<int>(by.count());
        m_accounted += static_cast<int>(by.count());
        take(event);
    }

    /// As MachineRemoval does: its rows go with it, and nothing more is heard of it. A plan that
    /// still names it is not started.
    void leaves(const std::string& uuid) {
        if (!isRunning(state())) return;
        m_rows.gray.erase(uuid);
        m_gone.insert(uuid);
        take(Removed{uuid});
    }
    void comesBack(const std::string& uuid) {
        if (pick(2) == 0) return;
        m_gone.erase(uuid);
        MachineProgress machine;
        machine.uuid = uuid;
        machine.machineType = "LINUX";
        take(Joined{machine, pick(2) == 0, ringBatchOf(uuid)});
    }

    /// All machines are away, come back together, and want to switch.
    void outage() {
        for (const bool away : {true, false}) {
            for (int i = 0; i < kMachines && problem.empty(); ++i) {
                const std::string uuid = "m" + std::to_string(i);
                if (m_gone.count(uuid) == 0) take(PresenceChanged{uuid, away});
            }
        }
        for (int i = 0; i < kMachines && problem.empty(); ++i) {
            const std::string uuid = "m" + std::to_string(i);
            if (m_gone.count(uuid) == 0) askForPermit(uuid);
        }
    }

    void take(const Event& event) {
        const Model before = m_fixture.model;
        m_account.pass(before, std::chrono::seconds(m_second - m_accounted));
        m_accounted = m_second;
        const auto effects = apply(m_fixture.model, event, at(m_second), conditions());
        if (!effects.ok()) {
            if (!(m_fixture.model == before)) problem = "a refused verb changed the model";
            return;
        }
        m_rows.take(*effects);
        const std::string wrong = m_account.check(before, event, m_fixture.model);
        if (!wrong.empty()) problem = wrong;
        check(before, std::get_if<VerbGiven>(&event));
        checkRules(before, std::get_if<VerbGiven>(&event));
    }

    /// Only the clock goes on: it must end.
    void onlyTime() {
        for (int i = 0; i < 4 && isActive(m_fixture.model.release.state); ++i) {
            m_second += 31 * 24 * 3'600;
            take(Ticked{});
            m_second += 3'600;
            take(Ticked{});
        }
        if (isActive(m_fixture.model.release.state)) problem = "no way to an end";
    }

    std::string problem;
    ReleaseState state() const { return m_fixture.model.release.state; }
    bool fullOpened() const { return m_fixture.model.fullOpened; }
    bool isBehindOthers() const { return m_followers.came(); }
    std::map<std::string, int> answers;  ///< of permits, by reason

private:
    Event verb() {
        const auto& verbs = allVerbs();
        VerbGiven event{verbs[static_cast<std::size_t>(pick(static_cast<int>(verbs.size())))],
                        pick(2) == 0 ? "ada" : "bob", "random", std::nullopt,
                        pick(4) == 0 ? "another plan" : m_fixture.input.planId};
        // Else nearly all of them are aborted as drafts.
        const bool draft = m_fixture.model.release.state == ReleaseState::Draft;
        if (draft && pick(2) == 0) event.verb = ReleaseVerb::Start;
        if (!draft && m_mostlyWell && pick(8) != 0 &&
            (event.verb == ReleaseVerb::Abort || event.verb == ReleaseVerb::Rollback))
            event.verb = ReleaseVerb::Promote;
        if (event.verb == ReleaseVerb::Start) {
            event.start = m_fixture.input;
            for (MachineProgress& machine : event.start->machines)
                machine.reportMark = m_reported[machine.uuid].mark;
        }
        m_followers.comeBefore(event, m_fixture.model, at(m_second), Through{pick(4)}, m_rows);
        return event;
    }
    Event joined() {
        MachineProgress machine;
        machine.uuid = "j" + std::to_string(pick(3));
        machine.machineType = pick(4) == 0 ? "ARM64" : "LINUX";
        return Joined{machine, pick(2) == 0, ringBatchOf(machine.uuid)};
    }
    /// In a rollback and in clusters that do badly often the last one again, as after a restart.
    Event reported(const std::string& uuid) {
        Reported& last = m_reported[uuid];
        const bool back = m_fixture.model.release.state == ReleaseState::RollingBack;
        if (last.mark == 0 || (m_mostlyWell && !back) || pick(back ? 2 : 4) != 0)
            last = {uuid, randomReport(), ++m_marks};
        return last;
    }
    std::optional<domain::AgentReport> randomReport() {
        // Half of the clusters mostly do well, so that releases also get to their end.
        if (m_mostlyWell && pick(8) != 0) return healthyNew();
        auto report = healthyOld();
        switch (pick(6)) {
            case 0:
                return std::nullopt;
            case 1:
                return healthyOld();
            case 2:
                return revertedOld();
            case 3:
                return healthyNew();
            default:
                report = pick(2) == 0 ? healthyNew() : healthyOld();
                report.state = static_cast<MachineState>(pick(15));
                report.releaseId = pick(2) == 0 ? "r1" : "r0";
                report.crashLooping = pick(5) == 0;
                return report;
        }
    }

    Conditions conditions() const { return {&m_rules, m_frozen ? &m_freeze : nullptr}; }

    /// As the engine knows who asks: of an ended release it has no machines any more.
    bool goesBack(const std::string& uuid, const std::optional<domain::DesiredEntry>& entry) const {
        Model model = m_fixture.model;
        if (!isTakenBack(model.release.state)) return false;
        if (!isActive(model.release.state)) model.machines.clear();
        Asker asker{uuid, "LINUX", runs(uuid), at(0)};
        asker.isNamed = entry && entry->level == Level::Gray;
        asker.uninstalls = !entry || entry->manifestDigest.empty();
        return master::release::goesBack(asker, model, {&model});
    }
    /// By the newest report.
    std::string runs(const std::string& uuid) const {
        const auto found = m_reported.find(uuid);
        if (found == m_reported.end() || !found->second.report) return {};
        return found->second.report->runningDigest;
    }

    /// As ReleaseEngine asks, over a ledger of its own.
    void askForPermit(const std::string& uuid) {
        Model& model = m_fixture.model;
        const base::WallTime now = at(m_second);
        const auto found = model.machines.find(uuid);
        const bool wasHad = found != model.machines.end();
        const ReleaseState state = model.release.state;
        const MachineProgress* machine = wasHad && isActive(state) ? &found->second : nullptr;
        const auto entry = m_rows.entryFor(uuid);
        const bool forward = state == ReleaseState::Running || !goesBack(uuid, entry);
        const bool late =
            state == ReleaseState::Running ? machine != nullptr && machine->late : forward;
        PermitLimits limits;
        limits.now = now;
        limits.bar = changeBarOf(model.release.spec.windows, conditions(), now,
                                 forward ? Bound::WindowsToo : Bound::FreezeOnly);
        const std::uint32_t rate = model.release.spec.lateJoinersPerMinute;
        if (late) limits.late = m_ledger.lateFor("r1", uuid, rate, now);
        limits.cap = m_ledger.capFor(uuid, kCap, now);
        const PermitQuestion question{uuid, "logd", "r1", "2", entry ? entry->manifestDigest : ""};
        const Standing standing{state, model.standingStamp, inFlightOf(model.release),
                                model.release.spec.maxInFlight};
        const PermitAnswer answer = decidePermit(question, entry, standing, machine, limits);
        ++answers[answer.reason];
        if (answer.held) take(Held{uuid});
        if (!answer.granted) return;
        if (m_frozen) problem = "a permit was given in a frozen cluster";
        if (forward && !isChangeOpen(model.release.spec.windows, m_rules.blackouts, now))
            problem = "a permit was given outside of the windows";
        // Whatever became of the release: it never had this one, nor does that run its version.
        if (!wasHad && runs(uuid) != kNewDigest && !(late && forward) &&
            entry->action == DesiredAction::Install)
            problem = uuid + " joined, and waited for no turn";
        if (state == ReleaseState::Running && !isOpen(model, *machine))
            problem = uuid + " got a permit before its stage";
        m_ledger.add({uuid, "r1", now, true, late});
        // Who has a permit and asks again does not come once more.
        const bool isAgain = machine != nullptr && machine->inFlight;
        m_given.push_back({uuid, "r1", now, true, late && !isAgain});
        if (const auto over = overLimits(m_given, now, {kCap, kCapWindow, rate}); !over.empty())
            problem = over;
        take(Permitted{uuid});
        if (state != ReleaseState::Running) return;
        // Whoever may switch is counted, whatever came out of it before.
        if (!model.machines.at(uuid).inFlight) problem = uuid + " has a permit that nobody counts";
        // Who was not heard of may come back to a full count, and ask again.
        const std::uint32_t most = std::max(model.release.spec.maxInFlight, standing.inFlight);
        if (standing.maxInFlight != 0 && inFlightOf(model.release) > most)
            problem = "too many machines in flight";
    }

    void checkRules(const Model& before, const VerbGiven* verb) {
        const Model& model = m_fixture.model;
        const bool opened = model.release.started &&
                            (!before.release.started || model.stageIndex != before.stageIndex);
        if (opened && m_frozen) problem = "a stage opened in a frozen cluster";
        if (opened && verb == nullptr &&
            !isChangeOpen(model.release.spec.windows, m_rules.blackouts, at(m_second)))
            problem = "a stage opened by itself outside of the windows";
        if (!before.release.started && model.release.started &&
            (model.release.spec.approvalRequired || m_rules.requireApproval)) {
            const auto& approval = model.release.approval;
            if (!approval || approval->planId != model.release.planId)
                problem = "it started without an approval of its plan";
            else if (approval->by == verb->actor || approval->by == model.release.createdBy)
                problem = "one person approved and made or started it";
        }
        // Time in which nothing may change counts against nobody who waits for a permit.
        for (const auto& [uuid, machine] : model.machines) {
            const auto was = before.machines.find(uuid);
            if (was == before.machines.end() || was->second.outcome != Outcome::Pending) continue;
            if (machine.reason == "DEADLINE" && before.closedSince && model.closedSince &&
                !was->second.inFlight)
                problem = uuid + " was failed while nothing may change";
        }
    }

    void check(const Model& before, const VerbGiven* verb) {
        const Model& model = m_fixture.model;
        const bool wasFinal = !isActive(before.release.state);
        if (wasFinal && !(model.release.state == before.release.state) &&
            model.release.state != ReleaseState::RollingBack)
            problem = "a final state was left by another way than rollback";
        checkStages(before, verb);
        if (before.fullOpened && !model.fullOpened) problem = "full was closed again";
        checkWhoIsTouched(model);
        checkCounts(model);
        const bool stood = before.release.state == ReleaseState::Halted ||
                           before.release.state == ReleaseState::Paused;
        if (stood && verb == nullptr && model.stageIndex != before.stageIndex)
            problem = "a stage opened by itself while the release stood";
    }

    /// Stages open one after another; one that had to wait for machines or people did.
    void checkStages(const Model& before, const VerbGiven* verb) {
        const Model& model = m_fixture.model;
        const auto& stages = model.release.stages;
        for (std::size_t i = 0; i < stages.size(); ++i) {
            if (stages[i].opened.has_value() != (i <= model.stageIndex))
                problem = "a stage was skipped";
        }
        if (!before.release.started || verb != nullptr) return;
        for (std::size_t i = before.stageIndex; i < model.stageIndex; ++i) {
            if (awaitedOf(stages[i]) > 0) problem = "a stage was left with machines awaited";
            const bool batch = stages[i].kind == domain::StageKind::Batch;
            if (stages[i].soakUntil && *stages[i].soakUntil > at(m_second))
                problem = "a stage opened before its time";
            if (!batch && !model.release.spec.autoVerify) problem = "nobody had verified";
            if (batch && model.release.spec.batches.advance == domain::BatchAdvance::Promote)
                problem = "nobody had promoted";
        }
    }

    void checkWhoIsTouched(const Model& model) {
        for (const auto& [uuid, machine] : model.machines) {
            if (m_gone.count(uuid) != 0) {
                if (m_rows.gray.count(uuid) != 0) problem = uuid + " is gone, and told a version";
                if (machine.inFlight) problem = uuid + " is gone, and in flight";
                if (machine.outcome == Outcome::Pending) problem = uuid + " is gone, and pending";
                continue;
            }
            const bool open = isOpen(model, machine);
            // Who comes back after the end is no more of the release's.
            const bool isAfter = model.fullOpened && !isRunning(model.release.state);
            if (m_rows.versionFor(uuid) == "2" && !(open && (machine.opened || isAfter)))
                problem = uuid + " is told the new version outside the open stages";
            if (machine.opened && !open) problem = uuid + " was opened before its stage";
        }
        const bool back = model.release.state == ReleaseState::RollingBack ||
                          model.release.state == ReleaseState::RolledBack;
        for (const auto& [uuid, machine] : model.machines) {
            if (back && m_rows.versionFor(uuid) == "2") problem = uuid + " is not rolled back";
            const auto served = m_rows.entryFor(uuid);
            const std::string refused =
                served ? WalkAccount::checkServed(model, machine, *served) : std::string();
            if (!refused.empty()) problem = refused;
            if (back && m_followers.stand(served)) problem = uuid + " is told an older rollback's";
        }
    }

    /// The counts kept step by step are those of a recount.
    void checkCounts(const Model& model) {
        for (const auto& stage : model.release.stages) {
            domain::StageCounts recount;
            for (const auto& [uuid, machine] : model.machines) {
                if (machine.stage != stage.kind || machine.batch != stage.batch) continue;
                ++recount.targeted;
                if (const auto kind = gateKindOf(machine.outcome, machine.reason))
                    ++recount.bad[*kind];
                ++recount.outcomes[machine.outcome];
                recount.offline += machine.offline && machine.outcome == Outcome::Pending ? 1 : 0;
                recount.inFlight += machine.inFlight ? 1 : 0;
            }
            if (recount.targeted != stage.targeted || recount.outcomes != stage.outcomes ||
                recount.bad != stage.bad || recount.offline != stage.offline ||
                recount.inFlight != stage.inFlight)
                problem = "counts of a stage drifted";
        }
        if (!isActive(model.release.state) && model.release.started) {
            for (const auto& stage : model.release.stages) {
                const auto pending = stage.outcomes.find(Outcome::Pending);
                if (pending != stage.outcomes.end()) problem = "ended with machines pending";
            }
        }
    }

    std::mt19937 m_random;
    static constexpr int kMachines = 12;
    static constexpr std::uint32_t kCap = 4;
    static constexpr std::chrono::milliseconds kCapWindow{900'000};
    ClusterRules m_rules;
    const domain::FreezeMark m_freeze{"f", "eve", "it burns", {}, {}, {}, {}};
    bool m_frozen = false;
    std::set<std::string> m_gone;  ///< were removed
    PermitLedger m_ledger{kCapWindow};
    std::vector<PermitRecord> m_given;
    StagedFixture m_fixture;
    Rows m_rows;
    WalkAccount m_account;
    WalkFollowers m_followers;
    std::map<std::string, Reported> m_reported;
    std::uint64_t m_marks = 0;
    int m_accounted = 1;
    bool m_mostlyWell = pick(2) == 0;
    bool m_ruled = pick(2) == 0;  ///< with windows, approvals and freezes
    int m_second = 1;
};

}  // namespace

class TestReleaseModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void randomEventsNeverBreakTheRules() {
        std::map<ReleaseState, int> reached;
        int full = 0;
        int behind = 0;
        std::map<std::string, int> answers;
        int steps = 0, ends = 0;
        for (unsigned seed = 0; seed < 1'700; ++seed) {
            Walk walk(seed);
            for (int i = 0; i < 60; ++i) {
                walk.step();
                ++steps;
                ++reached[walk.state()];
                // From wherever it is there is a way to an end.
                if (walk.problem.empty() && i % 5 == 0 && isActive(walk.state())) {
                    Walk left = walk;
                    left.onlyTime();
                    if (!left.problem.empty()) walk.problem = "left alone, " + left.problem;
                    ++ends;
                }
                QVERIFY2(walk.problem.empty(),
                         qPrintable(QStringLiteral("seed %1, step %2: %3")
                                        .arg(seed)
                                        .arg(i)
                                        .arg(QString::fromStdString(walk.problem))));
            }
            full += walk.fullOpened() ? 1 : 0;
            behind += walk.isBehindOthers() ? 1 : 0;
            for (const auto& [reason, count] : walk.answers)
                answers[reason] += count;
            walk.onlyTime();
            QVERIFY2(walk.problem.empty(),
                     qPrintable(QStringLiteral("seed %1, at the end: %2")
                                    .arg(seed)
                                    .arg(QString::fromStdString(walk.problem))));
        }
        qInfo("%d steps, %d ways to an end", steps, ends);
        QVERIFY(steps > 100'000);
        QVERIFY(ends > 10'000);
        // The walk really goes everywhere, so that the checks above mean something.
        QCOMPARE(reached.size(), std::size_t{8});
        QVERIFY2(full > 40, qPrintable(QString::number(full)));
        QVERIFY2(behind > 40, qPrintable(QString::number(behind)));
        for (const char* reason : {"", "CLUSTER_FROZEN", "OUTSIDE_WINDOW", "LATE_JOINER_RATE",
                                   "MAX_CHANGE_PER_WINDOW", "STAGE_NOT_OPEN", "RELEASE_HALTED"})
            QVERIFY2(answers[reason] > 20,
                     qPrintable(
                         QStringLiteral("%1: %2").arg(QLatin1String(reason)).arg(answers[reason])));
    }
};

QTEST_GUILESS_MAIN(TestReleaseModel)
#include "tst_release_model.moc"
