// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/neighbours.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

domain::Release release(std::uint64_t number, ReleaseState state,
                        std::vector<std::string> types = {"LINUX"}) {
    domain::Release out;
    out.id = "r" + std::to_string(number);
    out.number = number;
    out.state = state;
    out.spec.agent = "logd";
    out.spec.machineTypes = std::move(types);
    if (state != ReleaseState::Draft) out.started = base::WallTime(std::chrono::hours(number));
    return out;
}

std::string reasonOf(const absl::Status& status) {
    return status.ok() ? "" : base::errorInfo(status).reason;
}

void put(Neighbours& neighbours, const domain::Release& release) {
    neighbours.put(release, release.started.value_or(base::WallTime{}));
}

}  // namespace

class TestNeighbours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneAtATime() {
        Neighbours neighbours;
        put(neighbours, release(1, ReleaseState::Done));
        const domain::Release draft = release(2, ReleaseState::Draft, {"ARM64", "LINUX"});
        put(neighbours, draft);
        QVERIFY(neighbours.check(draft, ReleaseVerb::Start).ok());
        for (const auto state : {ReleaseState::Running, ReleaseState::Paused, ReleaseState::Halted,
                                 ReleaseState::RollingBack}) {
            const domain::Release open = release(3, state);
            put(neighbours, open);
            const absl::Status refused = neighbours.check(draft, ReleaseVerb::Start);
            QCOMPARE(reasonOf(refused), std::string("RELEASE_CONFLICT"));
            QCOMPARE(base::messageOf(refused), conflictWith(open));
            QCOMPARE(
                reasonOf(neighbours.check(release(1, ReleaseState::Done), ReleaseVerb::Rollback)),
                std::string("RELEASE_CONFLICT"));
            // Nobody stands in their own way, and to discard is always possible.
            QVERIFY(neighbours.check(open, ReleaseVerb::Rollback).ok());
            QVERIFY(neighbours.check(draft, ReleaseVerb::Abort).ok());
        }
        put(neighbours, release(3, ReleaseState::Aborted));
        QVERIFY(neighbours.check(draft, ReleaseVerb::Start).ok());
    }

    void othersAreOfAnotherAgentOrType() {
        Neighbours neighbours;
        put(neighbours, release(1, ReleaseState::Running, {"WINDOWS"}));
        domain::Release other = release(2, ReleaseState::Running);
        other.spec.agent = "metricsd";
        put(neighbours, other);
        QVERIFY(neighbours.check(release(3, ReleaseState::Draft), ReleaseVerb::Start).ok());
    }

    void theNewestAloneGoesBack() {
        Neighbours neighbours;
        for (const std::uint64_t number : {1, 2, 3})
            put(neighbours, release(number, ReleaseState::Done));
        put(neighbours, release(4, ReleaseState::Draft));
        const auto check = [&neighbours](std::uint64_t number) {
            return neighbours.check(release(number, ReleaseState::Done), ReleaseVerb::Rollback);
        };
        QVERIFY(check(3).ok());
        QCOMPARE(reasonOf(check(1)), std::string("RELEASE_SUPERSEDED"));
        // The one to roll back in its place is the last of them.
        QVERIFY2(base::messageOf(check(1)).find("release 3 moved") == 0,
                 base::messageOf(check(1)).c_str());
        QVERIFY(neighbours.check(release(1, ReleaseState::Done), ReleaseVerb::Start).ok());
    }

    // Whoever reads "roll that one back" must not be refused there as well.
    void theOneThatHoldsIsNamed() {
        Neighbours neighbours;
        const domain::Release first = release(1, ReleaseState::Done);
        put(neighbours, first);
        put(neighbours, release(3, ReleaseState::Done));
        // A draft that waited until the one after it was done.
        domain::Release late = release(2, ReleaseState::Done);
        late.started = base::WallTime(std::chrono::hours(9));
        put(neighbours, late);
        const auto sentence = [&neighbours](const domain::Release& asked) {
            return base::messageOf(neighbours.check(asked, ReleaseVerb::Rollback));
        };
        QCOMPARE(sentence(first),
                 std::string("release 2 moved these machines since; roll that one back first, or "
                             "release the wanted version"));
        QCOMPARE(sentence(release(3, ReleaseState::Done)), sentence(first));
        QVERIFY(neighbours.check(late, ReleaseVerb::Rollback).ok());
        // What never started has nothing to put back, and hears that.
        QVERIFY(neighbours.check(release(4, ReleaseState::Draft), ReleaseVerb::Rollback).ok());
        const std::string neither =
            "release 2 moved these machines since, and does not go back either; release the wanted "
            "version";
        late.historyRemoval = domain::HistoryRemoval{};
        put(neighbours, late);
        QCOMPARE(sentence(first), neither);
        late.historyRemoval.reset();
        late.spec.machineTypes = {"ARM64", "LINUX"};
        put(neighbours, late);
        put(neighbours, release(12, ReleaseState::Done, {"ARM64"}));
        QCOMPARE(sentence(first), neither);
    }

    /// It holds nothing any more: whoever was last before it is that again, one after another.
    void whatWasRolledBackStandsInNobodysWay() {
        Neighbours neighbours;
        for (const std::uint64_t number : {1, 2, 3})
            put(neighbours, release(number, ReleaseState::Done));
        const auto reason = [&neighbours](std::uint64_t number) {
            return reasonOf(
                neighbours.check(release(number, ReleaseState::Done), ReleaseVerb::Rollback));
        };
        put(neighbours, release(3, ReleaseState::RollingBack));
        QCOMPARE(reason(2), std::string("RELEASE_CONFLICT"));
        put(neighbours, release(3, ReleaseState::RolledBack));
        QCOMPARE(reason(2), std::string());
        QCOMPARE(reason(1), std::string("RELEASE_SUPERSEDED"));
        put(neighbours, release(2, ReleaseState::RolledBack));
        QCOMPARE(reason(1), std::string());
        // What an abort left on machines stands there.
        put(neighbours, release(4, ReleaseState::Aborted));
        QCOMPARE(reason(1), std::string("RELEASE_SUPERSEDED"));
        put(neighbours, release(4, ReleaseState::RolledBack));
        QCOMPARE(reason(1), std::string());
    }

    void ofSeveralMachineTypesEachHasToBeFree() {
        Neighbours neighbours;
        const domain::Release both = release(1, ReleaseState::Done, {"ARM64", "LINUX"});
        put(neighbours, both);
        put(neighbours, release(2, ReleaseState::Done, {"ARM64"}));
        put(neighbours, release(3, ReleaseState::RolledBack, {"LINUX"}));
        const absl::Status refused = neighbours.check(both, ReleaseVerb::Rollback);
        QVERIFY2(base::messageOf(refused).find("release 2 moved") == 0,
                 base::messageOf(refused).c_str());
        put(neighbours, release(2, ReleaseState::RolledBack, {"ARM64"}));
        QVERIFY(neighbours.check(both, ReleaseVerb::Rollback).ok());
    }

    void whatIsUnderWayIsNotOffered() {
        domain::Release back = release(7, ReleaseState::RollingBack);
        QCOMPARE(conflictWith(back),
                 std::string("release 7 of logd for the same machine types is rolling back; one at "
                             "a time: let that end"));
        back.state = ReleaseState::Halted;
        QVERIFY(conflictWith(back).find("is halted; one at a time: let it end, abort or roll") !=
                std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestNeighbours)
#include "tst_neighbours.moc"
