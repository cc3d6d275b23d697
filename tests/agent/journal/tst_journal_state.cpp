// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/journal/journal_state.h"

using namespace ifrit::agent::journal;

class JournalStateTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eventsAreNumberedAndAcknowledged();
    void fullSpoolDropsTheOldestAndCounts();
    void knownBadIsRememberedOncePerDigest();
    void knownBadIsBounded();
};

void JournalStateTest::eventsAreNumberedAndAcknowledged() {
    JournalState state;
    for (int i = 0; i < 3; ++i)
        state.addEvent({"installed", "log", std::to_string(i), "", {}});
    state.acknowledgeEvents(2);
    QCOMPARE(state.events.size(), std::size_t{1});
    QCOMPARE(state.events[0].sequence, std::uint64_t{3});
    state.addEvent({"installed", "log", "4", "", {}});
    QCOMPARE(state.events.back().sequence, std::uint64_t{4});
    state.acknowledgeEvents(100);
    QVERIFY(state.events.empty());
    QCOMPARE(state.nextEventSequence, std::uint64_t{5});
}

void JournalStateTest::fullSpoolDropsTheOldestAndCounts() {
    JournalState state;
    for (std::size_t i = 0; i < kMaxSpooledEvents + 5; ++i)
        state.addEvent({});
    QCOMPARE(state.events.size(), kMaxSpooledEvents);
    QCOMPARE(state.droppedEvents, std::uint64_t{5});
    QCOMPARE(state.events.front().sequence, std::uint64_t{6});
}

void JournalStateTest::knownBadIsRememberedOncePerDigest() {
    AgentRecord record;
    record.addKnownBad({{"1", "aa"}, "first", {}});
    record.addKnownBad({{"2", "bb"}, "", {}});
    record.addKnownBad({{"1", "aa"}, "again", {}});
    QCOMPARE(record.knownBad.size(), std::size_t{2});
    QCOMPARE(record.knownBad.back().reason, std::string("again"));
    QVERIFY(record.isKnownBad("aa"));
    QVERIFY(!record.isKnownBad("cc"));
}

void JournalStateTest::knownBadIsBounded() {
    AgentRecord record;
    for (std::size_t i = 0; i <= kMaxKnownBad; ++i)
        record.addKnownBad({{"1", std::to_string(i)}, "", {}});
    QCOMPARE(record.knownBad.size(), kMaxKnownBad);
    QVERIFY(!record.isKnownBad("0"));
    QVERIFY(record.isKnownBad(std::to_string(kMaxKnownBad)));
}

QTEST_GUILESS_MAIN(JournalStateTest)
#include "tst_journal_state.moc"
