// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include <algorithm>

#include "master/members/change_cursor.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master::members;
using ifrit::master::services::ManualClock;
using ifrit::master::storage::ChangeKind;
using ifrit::master::storage::ChangeRecord;
using ifrit::master::storage::ChangeSpan;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr milliseconds kPass{250};

std::vector<ChangeRecord> changes(const std::vector<std::uint64_t>& sequences) {
    std::vector<ChangeRecord> out;
    for (const std::uint64_t sequence : sequences)
        out.push_back({sequence, ChangeKind::Machine, std::to_string(sequence), "m"});
    return out;
}

std::vector<std::uint64_t> sequences(const std::vector<ChangeRecord>& records) {
    std::vector<std::uint64_t> out;
    for (const ChangeRecord& record : records)
        out.push_back(record.sequence);
    return out;
}

using Sequences = std::vector<std::uint64_t>;

}  // namespace

/// How a master follows what all of them commit, on a clock that the test moves.
class TestChangeCursor : public QObject {
    Q_OBJECT

private:
    base::SteadyTime now() const { return m_clock.steadyNow(); }
    /// What a pass reads of `table`, and takes.
    Sequences pass(ChangeCursor& cursor, const Sequences& table) {
        const auto from = std::upper_bound(table.begin(), table.end(), cursor.readAfter(now()));
        const Sequences read(from, table.end());
        m_rowsRead += read.size();
        return sequences(cursor.take(changes(read), now()));
    }

    ManualClock m_clock;
    std::size_t m_rowsRead = 0;

private Q_SLOTS:
    void changesAreTakenOnceAndInOrder() {
        ChangeCursor cursor;
        cursor.start(0, changes({1, 2}), now());
        QCOMPARE(cursor.floor(), std::uint64_t{2});
        QCOMPARE(sequences(cursor.take(changes({3, 4}), now())), (Sequences{3, 4}));
        QCOMPARE(cursor.floor(), std::uint64_t{4});
        QCOMPARE(cursor.take({}, now()).size(), std::size_t{0});
    }

    void aLateCommitIsFound() {
        ChangeCursor cursor;
        cursor.start(0, {}, now());
        QCOMPARE(sequences(cursor.take(changes({1, 3, 5}), now())), (Sequences{1, 3, 5}));
        // Read again from the first gap on, and only what is new is new.
        QCOMPARE(cursor.floor(), std::uint64_t{1});
        m_clock.advance(seconds(1));
        QCOMPARE(sequences(cursor.take(changes({2, 3, 5}), now())), (Sequences{2}));
        QCOMPARE(cursor.floor(), std::uint64_t{3});
        QCOMPARE(sequences(cursor.take(changes({4, 5, 6}), now())), (Sequences{4, 6}));
        QCOMPARE(cursor.floor(), std::uint64_t{6});
    }

    void aGapThatStaysIsGivenUp() {
        ChangeCursor cursor;
        cursor.start(0, changes({2}), now());
        QCOMPARE(cursor.floor(), std::uint64_t{0});
        m_clock.advance(ChangeCursor::kLeastPatience);
        QCOMPARE(cursor.take(changes({2}), now()).size(), std::size_t{0});
        QCOMPARE(cursor.floor(), std::uint64_t{2});
    }

    /// What was left of a gap used to begin its wait anew with each number that filled a part.
    void whatIsLeftOfAGapIsAsOldAsTheGap() {
        ChangeCursor cursor;
        cursor.start(0, changes({1, 9}), now());
        m_clock.advance(ChangeCursor::kLeastPatience - seconds(1));
        QCOMPARE(sequences(cursor.take(changes({5, 9}), now())), (Sequences{5}));
        QCOMPARE(cursor.floor(), std::uint64_t{1});
        m_clock.advance(seconds(1));
        (void)cursor.take({}, now());
        QCOMPARE(cursor.floor(), std::uint64_t{9});
    }

    void patience_data() {
        QTest::addColumn<int>("answerTimeout");
        QTest::addColumn<int>("patience");
        QTest::newRow("the default") << 10 << 30;
        QTest::newRow("longer than three statements") << 5 << 30;
        QTest::newRow("three statements") << 60 << 180;
    }
    void patience() {
        QFETCH(int, answerTimeout);
        QFETCH(int, patience);
        const milliseconds wait = ChangeCursor::patienceFor(seconds(answerTimeout));
        QCOMPARE(wait, milliseconds(seconds(patience)));
        ChangeCursor cursor(wait);
        cursor.start(0, changes({2}), now());
        m_clock.advance(wait - milliseconds(1));
        QCOMPARE(sequences(cursor.take(changes({1}), now())), (Sequences{1}));
    }

    void beginning_data() {
        constexpr qulonglong kInFlight = ChangeCursor::kInFlight;
        QTest::addColumn<qulonglong>("first");
        QTest::addColumn<qulonglong>("last");
        QTest::addColumn<qulonglong>("floor");
        QTest::newRow("empty") << 0ULL << 0ULL << 0ULL;
        QTest::newRow("young, its first number still comes") << 3ULL << kInFlight << 0ULL;
        QTest::newRow("old") << 1ULL << kInFlight + 10 << 10ULL;
        QTest::newRow("old and cleared up") << 900'000ULL << 900'003ULL << 899'999ULL;
    }
    /// A group of 2,000 reports takes 4,000 numbers in one transaction, which may still run.
    void beginning() {
        QFETCH(qulonglong, first);
        QFETCH(qulonglong, last);
        QFETCH(qulonglong, floor);
        QCOMPARE(qulonglong(ChangeCursor::beginning({first, last})), floor);
        ChangeCursor cursor;
        cursor.start(floor, {}, now());
        QVERIFY(!cursor.hasMissed({first, last}, now()));
    }

    void whatWasRemovedUnreadIsMissed_data() {
        QTest::addColumn<qulonglong>("first");
        QTest::addColumn<bool>("missed");
        QTest::newRow("nothing is there") << 0ULL << false;
        QTest::newRow("the row at the floor") << 100ULL << false;
        QTest::newRow("the next one") << 101ULL << false;
        // Less than a thousand used to be taken for gaps, and were never heard of.
        QTest::newRow("a few are gone") << 103ULL << true;
        QTest::newRow("many are gone") << 90'000ULL << true;
    }
    void whatWasRemovedUnreadIsMissed() {
        QFETCH(qulonglong, first);
        QFETCH(bool, missed);
        ChangeCursor cursor;
        cursor.start(99, changes({100}), now());
        QCOMPARE(cursor.floor(), std::uint64_t{100});
        QCOMPARE(cursor.hasMissed({first, first + 5}, now()), missed);
    }

    /// On a Galera cluster the floor stays behind for the whole patience: what was seen above it is
    /// removed by the minute, and used to be taken for missed.
    void whatWasSeenIsNotMissed() {
        ChangeCursor cursor;
        cursor.start(9, changes({10, 13, 16}), now());
        QCOMPARE(cursor.floor(), std::uint64_t{10});
        QVERIFY(!cursor.hasMissed({13, 16}, now()));
        QVERIFY(!cursor.hasMissed({17, 19}, now()));
        QVERIFY(cursor.hasMissed({19, 22}, now()));
        // Who was frozen may have missed 11, committed late and removed since.
        m_clock.advance(ChangeCursor::kFrozen - seconds(1));
        QVERIFY(!cursor.hasMissed({13, 16}, now()));
        m_clock.advance(seconds(1));
        QVERIFY(cursor.hasMissed({13, 16}, now()));
        QVERIFY(!cursor.hasMissed({11, 16}, now()));
    }

    /// All of it is a view of some seconds on a large table: not once each pass.
    void whatIsKnownAtTheStartIsSweptAlone() {
        ChangeCursor cursor;
        cursor.start(0, changes({1, 4, 7}), now());
        QCOMPARE(cursor.readAfter(now()), std::uint64_t{1});
        m_clock.advance(kPass);
        QCOMPARE(cursor.readAfter(now()), std::uint64_t{7});
        m_clock.advance(ChangeCursor::kSweep);
        QCOMPARE(cursor.readAfter(now()), std::uint64_t{1});
    }

    /// A master that stood still between its view and what it makes of it.
    void aGapIsGivenUpByALookThatWouldFindIt() {
        ChangeCursor cursor;
        cursor.start(0, {}, now());
        Sequences table{1, 3};
        (void)pass(cursor, table);
        m_clock.advance(seconds(1));
        const auto asked = now();
        (void)cursor.readAfter(asked);
        table.insert(table.begin() + 1, 2);  // too late for that view
        m_clock.advance(ChangeCursor::kLeastPatience + seconds(1));
        (void)cursor.take(changes({3}), asked);
        QCOMPARE(cursor.floor(), std::uint64_t{1});
        QCOMPARE(pass(cursor, table), (Sequences{2}));
        QCOMPARE(cursor.floor(), std::uint64_t{3});
    }

    /// One node of three writes: two of three numbers never come. A pass read all of the last half
    /// minute again for them.
    void gapsOfOtherNodesAreNotReadWithEachPass() {
        ChangeCursor cursor;
        cursor.start(0, {}, now());
        Sequences table;
        std::uint64_t last = 1;
        std::size_t taken = 0;
        constexpr int kPasses = 60 * 4;
        constexpr std::size_t kEach = 100;
        for (int i = 0; i < kPasses; ++i) {
            m_clock.advance(kPass);
            for (std::size_t row = 0; row < kEach; ++row, last += 3)
                table.push_back(last);
            taken += pass(cursor, table).size();
        }
        QCOMPARE(taken, table.size());
        // Eight passes while it is young, and six looks at what is older.
        QVERIFY2(m_rowsRead < taken * 16, std::to_string(m_rowsRead / taken).c_str());
        // Given up in the end.
        QVERIFY(cursor.floor() > table[(kPasses - 36 * 4) * kEach]);
        QVERIFY(cursor.floor() < table[(kPasses - 28 * 4) * kEach]);
        QVERIFY(!cursor.hasMissed({1, last}, now()));
    }

    void aCommitThatStallsIsFoundToo_data() {
        QTest::addColumn<int>("late");
        QTest::addColumn<int>("foundWithin");
        QTest::newRow("as all are") << 250 << 250;
        QTest::newRow("at the end of its youth") << 1'750 << 250;
        QTest::newRow("stalled") << 8'000 << 5'250;
        QTest::newRow("stalled for long") << 24'000 << 5'250;
    }
    void aCommitThatStallsIsFoundToo() {
        QFETCH(int, late);
        QFETCH(int, foundWithin);
        ChangeCursor cursor;
        cursor.start(0, {}, now());
        Sequences table{1, 4};
        (void)pass(cursor, table);
        bool isFound = false;
        const auto committed = now() + milliseconds(late);
        while (!isFound) {
            m_clock.advance(kPass);
            table.push_back(table.back() + 3);
            if (now() >= committed && table[1] != 2) table.insert(table.begin() + 1, 2);
            const Sequences news = pass(cursor, table);
            isFound = std::count(news.begin(), news.end(), std::uint64_t{2}) == 1;
            QVERIFY(now() - committed <= milliseconds(foundWithin));
        }
    }
};

QTEST_GUILESS_MAIN(TestChangeCursor)
#include "tst_change_cursor.moc"
