// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/services/permit_counts.h"
#include "tests/master/services/one_of_many.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

class TestPermitCounts : public QObject {
    Q_OBJECT

    static constexpr std::chrono::minutes kWindow{10};

    release::PermitRecord permit(const std::string& uuid, bool late = false) const {
        return {uuid, "r1", m_clock.now(), true, late};
    }
    void store(const release::PermitRecord& permit) {
        QVERIFY(m_memory
                    .transact([&permit](storage::Transaction& in) {
                        return in.changes().putPermit(permit);
                    })
                    .ok());
    }

    storage::MemoryDatabase m_memory;
    InterleavedDatabase m_database{m_memory};
    ManualClock m_clock;

private Q_SLOTS:
    void cleanup() { m_memory.state = {}; }

    void itCountsWhatIsStoredAndWhatWasAdded() {
        store(permit("m0", true));
        PermitCounts counts(m_database, m_clock, kWindow);
        QCOMPARE(counts.changed(), std::uint64_t{0});
        QVERIFY(counts.load().ok());
        QCOMPARE(counts.changed(), std::uint64_t{1});
        counts.add(permit("m1"));
        const base::WallTime now = m_clock.now();
        const release::Quota cap = counts.capFor("m2", 2, now);
        QCOMPARE(cap.used, std::uint64_t{2});
        QVERIFY(cap.isFull());
        QVERIFY(!counts.capFor("m1", 2, now).isFull());
        QVERIFY(counts.lateFor("r1", "m1", 1, now).isFull());
        QVERIFY(!counts.lateFor("r2", "m1", 1, now).isFull());
        m_clock.advance(kWindow);
        QCOMPARE(counts.changed(), std::uint64_t{0});
    }

    // What a commit lost counts until it was read anew, and not for ever.
    void whatWasNotStoredIsForgottenWithTheNextRead() {
        PermitCounts counts(m_database, m_clock, kWindow);
        QVERIFY(counts.isTrusted());
        counts.add(permit("m0"));
        counts.distrust();
        m_memory.down = absl::UnavailableError("away");
        QVERIFY(!counts.load().ok());
        QVERIFY(!counts.isTrusted());
        QCOMPARE(counts.changed(), std::uint64_t{1});
        m_memory.down = absl::OkStatus();
        QVERIFY(counts.load().ok());
        QVERIFY(counts.isTrusted());
        QCOMPARE(counts.changed(), std::uint64_t{0});
    }

    /// The clock goes ahead and back: what left the window in between is in it again.
    void aClockThatIsSetForgetsNothing() {
        PermitCounts counts(m_database, m_clock, kWindow);
        store(permit("m0", true));
        QVERIFY(counts.load().ok());
        m_clock.set(2 * kWindow);
        QCOMPARE(counts.changed(), std::uint64_t{0});
        QVERIFY(!counts.lateFor("r2", "m9", 1, m_clock.now()).isFull());
        QVERIFY(counts.isTrusted());
        m_clock.set(-2 * kWindow);
        QVERIFY(!counts.isTrusted());
        QVERIFY(counts.load().ok());
        QVERIFY(counts.isTrusted());
        QCOMPARE(counts.changed(), std::uint64_t{1});
        QVERIFY(counts.lateFor("r1", "m9", 1, m_clock.now()).isFull());
        // Read anew while the clock was ahead.
        m_clock.set(2 * kWindow);
        QVERIFY(counts.load().ok());
        m_clock.set(-2 * kWindow);
        QVERIFY(!counts.isTrusted());
    }

    void whoLooksDoesNotWaitForTheDatabase() {
        PermitCounts counts(m_database, m_clock, kWindow);
        Standstill read;
        m_database.beforeRead = [&] { read.letEnd([&counts] { (void)counts.changed(); }); };
        QVERIFY(counts.load().ok());
        QVERIFY(read.endedMeanwhile());
    }
};

QTEST_GUILESS_MAIN(TestPermitCounts)
#include "tst_permit_counts.moc"
