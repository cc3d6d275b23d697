// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <map>
#include <random>
#include <string>

#include "master/release/gate.h"
#include "master/release/verbs.h"
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

/// What the rows of desired state look like after all edits, to see whom they touch.
struct Rows {
    std::map<std::string, domain::DesiredEntry> gray;
    std::map<std::string, domain::DesiredEntry> full;

    void take(const Effects& effects) {
        for (const DesiredEdit& edit : effects.desired) {
            switch (edit.kind) {
                case DesiredEdit::Kind::Put:
                    if (edit.row.entry.level == Level::Gray)
                        gray[edit.row.machineUuid] = edit.row.entry;
                    else
                        full[edit.row.machineType] = edit.row.entry;
                    break;
                case DesiredEdit::Kind::EraseOfRelease:
                    gray.clear();
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
        const auto g = gray.find(uuid);
        if (g != gray.end()) best = &g->second;
        const auto f = full.find("LINUX");
        if (f != full.end() && (best == nullptr || domain::wins(f->second, *best)))
            best = &f->second;
        return best == nullptr ? std::string() : best->version;
    }
};

class Walk {
public:
    explicit Walk(unsigned seed) : m_random(seed), m_fixture(1 + pick(3), 6, pick(2) == 0) {
        m_fixture.model.release.spec.autoVerify = pick(2) == 0;
        if (m_fixture.input.previous.at("LINUX"))
            m_rows.full["LINUX"] = {
                "logd", DesiredAction::Install, "1", kOldDigest, Level::Full, at(-10'000), 0, "r0",
                {}};
    }

    int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(m_random); }

    void step() {
        m_second += pick(120);
        const std::string uuid = "m" + std::to_string(pick(7));
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
        check(before, std::holds_alternative<VerbGiven>(event));
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
        return Joined{machine, pick(2) == 0};
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

    void check(const Model& before, bool byVerb) {
        const Model& model = m_fixture.model;
        const bool wasFinal = !isActive(before.release.state);
        if (wasFinal && !(model.release.state == before.release.state) &&
            model.release.state != ReleaseState::RollingBack)
            problem = "a final state was left by another way than rollback";
        if (model.stageIndex > before.stageIndex + 1) problem = "a stage was skipped";
        if (before.fullOpened && !model.fullOpened) problem = "full was closed again";
        checkWhoIsTouched(model);
        checkCounts(model);
        const bool stood = before.release.state == ReleaseState::Halted ||
                           before.release.state == ReleaseState::Paused;
        if (stood && !byVerb && model.stageIndex != before.stageIndex)
            problem = "a stage opened by itself while the release stood";
    }

    void checkWhoIsTouched(const Model& model) {
        for (const auto& [uuid, machine] : model.machines) {
            // By the stage it was planned for, not by what the machine under test says is open.
            const bool open = machine.stage == domain::StageKind::Gray || model.fullOpened;
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
                if (machine.stage != stage.kind) continue;
                ++recount.targeted;
                ++recount.outcomes[machine.outcome];
                recount.offline += machine.offline && machine.outcome == Outcome::Pending ? 1 : 0;
                recount.inFlight += machine.inFlight ? 1 : 0;
            }
            if (recount.targeted != stage.targeted || recount.outcomes != stage.outcomes ||
                recount.offline != stage.offline || recount.inFlight != stage.inFlight)
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
    ReleaseFixture m_fixture;
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
        for (unsigned seed = 0; seed < 400; ++seed) {
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
