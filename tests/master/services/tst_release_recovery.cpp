// SPDX-License-Identifier: Apache-2.0
// What a release engine makes of a restart, of a commit that failed and of one whose answer was
// lost.
#include <QTest>

#include "shared/base/status.h"
#include "tests/master/services/release_engine_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using domain::MachineState;
using domain::Outcome;
using domain::ReleaseState;
using domain::ReleaseVerb;

namespace {

domain::AgentReport revertedTo1(const std::string& releaseId) {
    domain::AgentReport out;
    out.agent = "logd";
    out.runningVersion = "1";
    out.runningDigest = kV1;
    out.state = MachineState::Reverted;
    out.releaseId = releaseId;
    out.knownBad = {kV2};
    return out;
}

}  // namespace

class TestReleaseRecovery : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The stored report still names the bad version; a restart gives it to the release again.
    void aRetryOutlivesARestart() {
        auto master = settled(3);
        const std::string id = master->started(spec("2", {"m0"})).id;
        master->report("m0", revertedTo1(id));
        QCOMPARE(master->state(id), ReleaseState::Halted);
        QVERIFY(master->engine.act(kAda, id, ReleaseVerb::RetryFailed, "").ok());
        for (int i = 0; i < 2; ++i) {
            Master next(master->database);
            QVERIFY(next.recovered.ok());
            QCOMPARE(next.state(id), ReleaseState::Running);
            QCOMPARE(next.engine.get(id)->machines.at("m0").outcome, Outcome::Pending);
            next.report("m0", revertedTo1(id));  // the Sync that is answered with the clear
            QCOMPARE(next.engine.get(id)->machines.at("m0").outcome, Outcome::Pending);
        }
    }
};

QTEST_GUILESS_MAIN(TestReleaseRecovery)
#include "tst_release_recovery.moc"
