// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/reconcile/step_positions.h"
#include "agent/selfupgrade/settle.h"

using namespace ifrit;
using namespace ifrit::agent;
using journal::AgentRecord;
using journal::InstalledVersion;
using journal::JournalState;

namespace {

const InstalledVersion kOne{"1", std::string(64, '1')};
const InstalledVersion kTwo{"2", std::string(64, '2')};
const guard::PutBack kPutBack{kTwo.digest, "2", "HUNG", "it hung", base::fromUnixMillis(5)};

/// A machine with version 1 on which the switch to version 2 has begun.
JournalState switching() {
    JournalState state;
    AgentRecord& record = state.agents["ifrit-agent"];
    record.current = kOne;
    record.releaseId = "R1";
    journal::StepInProgress step;
    step.operation = journal::Operation::Upgrade;
    step.position = std::string(reconcile::kSwitching);
    step.target = kTwo;
    step.releaseId = "R2";
    step.attempt = 2;
    record.step = step;
    return state;
}

AgentRecord& self(JournalState& state) {
    return state.agents.at("ifrit-agent");
}

}  // namespace

class SettleTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void nothingIsWrittenWhereNothingIsKnown() {
        JournalState state;
        selfupgrade::settle(std::nullopt, std::nullopt, state);
        QVERIFY(state == JournalState());
    }
    void theNewVersionTakesTheStepOver() {
        JournalState state = switching();
        selfupgrade::settle(kTwo, std::nullopt, state);
        QVERIFY(self(state).current == kTwo);
        QVERIFY(self(state).previous == kOne);
        QCOMPARE(self(state).releaseId, std::string("R2"));
        QCOMPARE(self(state).step->position, std::string(reconcile::kWatching));
        const JournalState once = state;
        selfupgrade::settle(kTwo, std::nullopt, state);
        QVERIFY(state == once);
    }
    void theOldVersionUndoesWhatHasNotComeToBe() {
        JournalState state = switching();
        selfupgrade::settle(kOne, std::nullopt, state);
        QVERIFY(!self(state).step);
        QVERIFY(self(state).current == kOne);
        QCOMPARE(self(state).releaseId, std::string("R1"));
        QVERIFY(self(state).knownBad.empty());
    }
    void aPutBackIsRememberedOnce() {
        JournalState state = switching();
        selfupgrade::settle(kTwo, std::nullopt, state);  // the trial's own life
        for (int life = 0; life < 2; ++life)             // the second after a kill
            selfupgrade::settle(kOne, kPutBack, state);
        QVERIFY(!self(state).step);
        QVERIFY(self(state).current == kOne);
        QVERIFY(!self(state).previous);
        QVERIFY(self(state).isKnownBad(kTwo.digest));
        QCOMPARE(self(state).knownBad[0].version.version, std::string("2"));
        QCOMPARE(self(state).lastError->reason, std::string("HUNG"));
        QCOMPARE(self(state).lastError->attempt, 2u);
        QCOMPARE(state.events.size(), std::size_t{1});
        QCOMPARE(state.events[0].event.kind, std::string("reverted"));
        QCOMPARE(state.events[0].event.version, std::string("2"));
        QVERIFY(state.events[0].event.message.find("it hung; 1 runs again (HUNG)") == 0);
    }
    void oneTrialWithoutAMasterIsTriedAgain() {
        guard::PutBack unreached = kPutBack;
        unreached.reason = "MASTER_NOT_REACHED";
        JournalState state = switching();
        for (int life = 0; life < 2; ++life)  // the second after a kill
            selfupgrade::settle(kOne, unreached, state);
        QVERIFY(self(state).knownBad.empty());
        QCOMPARE(self(state).attempts->digest, kTwo.digest);
        QVERIFY(self(state).attempts->nextRetry > unreached.at);
        QCOMPARE(self(state).lastError->reason, std::string("MASTER_NOT_REACHED"));
        QCOMPARE(state.events.size(), std::size_t{1});
        // A permit was given for the second one, so a master was there.
        self(state).step = switching().agents["ifrit-agent"].step;
        self(state).lastError->reason = "PERMIT_REFUSED";
        unreached.at += std::chrono::seconds(60);
        selfupgrade::settle(kOne, unreached, state);
        QVERIFY(self(state).isKnownBad(kTwo.digest));
        QVERIFY(!self(state).attempts);
        QCOMPARE(state.events.size(), std::size_t{2});
    }
    void aPutBackToTheMachinesOwnVersionIsRememberedToo() {
        JournalState state = switching();
        state.agents["ifrit-agent"].current.reset();
        selfupgrade::settle(std::nullopt, kPutBack, state);
        QVERIFY(!self(state).current);
        QVERIFY(self(state).isKnownBad(kTwo.digest));
    }
    void whatRunsIsCurrentWhateverTheJournalSays() {
        JournalState state;
        selfupgrade::settle(kTwo, std::nullopt, state);
        QVERIFY(self(state).current == kTwo);
        selfupgrade::settle(std::nullopt, std::nullopt, state);
        QVERIFY(state.agents.empty());
    }
};

QTEST_APPLESS_MAIN(SettleTest)
#include "tst_settle.moc"
