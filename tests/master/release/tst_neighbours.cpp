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

}  // namespace

class TestNeighbours : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oneAtATime() {
        Neighbours neighbours;
        neighbours.put(release(1, ReleaseState::Done));
        const domain::Release draft = release(2, ReleaseState::Draft, {"ARM64", "LINUX"});
        neighbours.put(draft);
        QVERIFY(neighbours.check(draft, ReleaseVerb::Start).ok());
        for (const auto state : {ReleaseState::Running, ReleaseState::Paused, ReleaseState::Halted,
                                 ReleaseState::RollingBack}) {
            const domain::Release open = release(3, state);
            neighbours.put(open);
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
        neighbours.put(release(3, ReleaseState::Aborted));
        QVERIFY(neighbours.check(draft, ReleaseVerb::Start).ok());
    }

    void othersAreOfAnotherAgentOrType() {
        Neighbours neighbours;
        neighbours.put(release(1, ReleaseState::Running, {"WINDOWS"}));
        domain::Release other = release(2, ReleaseState::Running);
        other.spec.agent = "metricsd";
        neighbours.put(other);
        QVERIFY(neighbours.check(release(3, ReleaseState::Draft), ReleaseVerb::Start).ok());
    }

    void theNewestAloneGoesBack() {
        Neighbours neighbours;
        for (const std::uint64_t number : {1, 2, 3})
            neighbours.put(release(number, ReleaseState::Done));
        neighbours.put(release(4, ReleaseState::Draft));
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
};

QTEST_GUILESS_MAIN(TestNeighbours)
#include "tst_neighbours.moc"
