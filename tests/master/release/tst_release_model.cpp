// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <map>
#include <random>
#include <string>

#include "master/release/gate.h"
#include "master/release/verbs.h"
#include "shared/domain/pilot.h"
#include "tests/master/release/release_fixture.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::DesiredAction;
using domain::Level;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

constexpr std::uint32_t kRingBatches = 4;

/// "m5" and "j5": ring batch 2.
std::uint32_t ringBatchOf(const std::string& uuid) {
    return static_cast<std::uint32_t>(std::stoi(uuid.substr(1))) % kRingBatches + 1;
}

/// What the rows of desired state look like after all edits, to see whom they touch.
struct Rows {
    std::map<std::string, domain::DesiredEntry> gray;
    std::map<std::uint32_t, domain::DesiredEntry> hash;  ///< by batch, of the one type
    std::map<std::string, domain::DesiredEntry> full;

    void take(const Effects& effects) {
        for (const DesiredEdit& edit : effects.desired) {
            switch (edit.kind) {
                case DesiredEdit::Kind::Put:
                    if (edit.row.entry.level == Level::Gray)
                        gray[edit.row.machineUuid] = edit.row.entry;
                    else if (edit.row.entry.level == Level::Hash)
                        hash[edit.row.batch] = edit.row.entry;
                    else
                        full[edit.row.machineType] = edit.row.entry;
                    break;
                case DesiredEdit::Kind::EraseOfRelease:
                    gray.clear();
                    hash.clear();
                    break;
                case DesiredEdit::Kind::EraseFull:
                    full.erase(edit.row.machineType);
                    break;
                case DesiredEdit::Kind::EraseOlderGray:
                    break;
            }
        }
    }
    /// What the machine would run, "" for nothing said.
    std::string versionFor(const std::string& uuid) const {
        const domain::DesiredEntry* best = nullptr;
        const auto offer = [&best, &uuid](const auto& rows, const auto& key) {
            const auto found = rows.find(key);
            if (found == rows.end() || !domain::isMeantFor(found->second, uuid)) return;
            if (best == nullptr || domain::wins(found->second, *best)) best = &found->second;
        };
        offer(gray, uuid);
        offer(hash, 0U);
        offer(hash, ringBatchOf(uuid));
        offer(full, std::string("LINUX"));
        return best == nullptr ? std::string() : best->version;
    }
};

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
        if (pick(3) == 0) spec.gates.rules = {{domain::GateKind::Failed, {}, {0, 0, 1}}};
        m_fixture.plan();
        if (m_fixture.input.previous.at("LINUX"))
            m_rows.full["LINUX"] = {
                "logd", DesiredAction::Install, "1", kOldDigest, Level::Full, at(-10'000), 0, "r0",
                {}};
    }

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }

    void step() {
        m_second += pick(120);
        const std::string uuid = "m" + std::to_string(pick(kMachines + 1));
        Event event = Ticked{};
        switch (m_mostlyWell ? 1 + pick(7) : pick(10)) {
            case 0:
            case 1:
                event = verb();
                break;
            case 2:
            case 3:
            case 4:
                event = Reported{uuid, randomReport()};
                break;
            case 5:
                event = PresenceChanged{uuid, pick(2) == 0};
                break;
            case 6:
                event = joined();
                break;
            case 7:
                event = Permitted{uuid};
                break;
            case 8:
                if (pick(8) == 0) event = Removed{uuid};
                break;
            default:
                break;
        }
        take(event);
    }

    void take(const Event& event) {
        const Model before = m_fixture.model;
        const auto effects = apply(m_fixture.model, event, at(m_second));
        if (!effects.ok()) {
            if (!(m_fixture.model == before)) problem = "a refused verb changed the model";
            return;
        }
        m_rows.take(*effects);
        check(before, std::get_if<VerbGiven>(&event));
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

private:
    Event verb() {
        const auto& verbs = allVerbs();
        VerbGiven event{verbs[static_cast<std::size_t>(pick(static_cast<int>(verbs.size())))],
                        "ada", "random", std::nullopt};
        if (event.verb == ReleaseVerb::Start) event.start = m_fixture.input;
        return event;
    }
    Event joined() {
        MachineProgress machine;
        machine.uuid = "j" + std::to_string(pick(3));
        machine.machineType = pick(4) == 0 ? "ARM64" : "LINUX";
        return Joined{machine, pick(2) == 0, ringBatchOf(machine.uuid)};
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

    /// By the stage that it was planned for, not by what the machine under test says is open.
    static bool isOpen(const Model& model, const MachineProgress& machine) {
        const auto& stages = model.release.stages;
        for (std::size_t i = 0; i < stages.size() && i <= model.stageIndex; ++i) {
            if (stages[i].kind == machine.stage && stages[i].batch == machine.batch) return true;
        }
        return false;
    }

    void checkWhoIsTouched(const Model& model) {
        for (const auto& [uuid, machine] : model.machines) {
            const bool open = isOpen(model, machine);
            if (m_rows.versionFor(uuid) == "2" && !(open && machine.opened))
                problem = uuid + " is told the new version outside the open stages";
            if (machine.opened && !open) problem = uuid + " was opened before its stage";
        }
        const bool back = model.release.state == ReleaseState::RollingBack ||
                          model.release.state == ReleaseState::RolledBack;
        for (const auto& [uuid, machine] : model.machines) {
            if (back && m_rows.versionFor(uuid) == "2") problem = uuid + " is not rolled back";
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
    StagedFixture m_fixture;
    Rows m_rows;
    bool m_mostlyWell = pick(2) == 0;
    int m_second = 1;
};

}  // namespace

class TestReleaseModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void randomEventsNeverBreakTheRules() {
        std::map<ReleaseState, int> reached;
        int full = 0;
        for (unsigned seed = 0; seed < 1'700; ++seed) {
            Walk walk(seed);
            for (int i = 0; i < 60; ++i) {
                walk.step();
                ++reached[walk.state()];
                QVERIFY2(walk.problem.empty(),
                         qPrintable(QStringLiteral("seed %1, step %2: %3")
                                        .arg(seed)
                                        .arg(i)
                                        .arg(QString::fromStdString(walk.problem))));
            }
            full += walk.fullOpened() ? 1 : 0;
            walk.onlyTime();
            QVERIFY2(walk.problem.empty(),
                     qPrintable(QStringLiteral("seed %1, at the end: %2")
                                    .arg(seed)
                                    .arg(QString::fromStdString(walk.problem))));
        }
        // The walk really goes everywhere, so that the checks above mean something.
        QCOMPARE(reached.size(), std::size_t{8});
        QVERIFY2(full > 40, qPrintable(QString::number(full)));
    }
};

QTEST_GUILESS_MAIN(TestReleaseModel)
#include "tst_release_model.moc"
