// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "agent/guard/hang_watch.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

using agent::guard::Beat;
using agent::guard::HangWatch;
using std::chrono::seconds;

class HangWatchTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    ManualClock m_clock;

    std::string root() const { return m_directory->path().toStdString(); }
    /// A beat whose time differs from the last one's, however coarse the disk's clock is.
    void beat() {
        static std::int64_t second = 1'700'000'000;
        QVERIFY(Beat(root()).touch());
        const timespec time{++second, 0};
        const timespec times[] = {time, time};
        QCOMPARE(::utimensat(AT_FDCWD, (root() + "/ifrit/beat").c_str(), times, 0), 0);
    }
    bool isHungAfter(HangWatch& watch, seconds time) {
        m_clock.advance(time);
        return watch.isHung();
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("ifrit")));
    }

    void oneThatTurnsIsLeftAlone() {
        HangWatch watch(m_clock, root(), seconds(300));
        watch.started();
        for (int i = 0; i < 20; ++i) {
            beat();
            QVERIFY(!isHungAfter(watch, seconds(290)));
        }
    }

    void oneThatStopsTurningIsHung() {
        HangWatch watch(m_clock, root(), seconds(300));
        watch.started();
        beat();
        QVERIFY(!isHungAfter(watch, seconds(1)));
        QVERIFY(!isHungAfter(watch, seconds(299)));
        QVERIFY(isHungAfter(watch, seconds(1)));
    }

    void oneThatNeverTurnedIsNotJudged() {
        beat();  // of the process before
        HangWatch watch(m_clock, root(), seconds(300));
        watch.started();
        QVERIFY(!isHungAfter(watch, seconds(3000)));
        // Another process begins anew.
        beat();
        QVERIFY(!isHungAfter(watch, seconds(1)));
        watch.started();
        QVERIFY(!isHungAfter(watch, seconds(3000)));
    }

    void aDiskThatTakesNothingIsNoHang() {
        HangWatch watch(m_clock, root(), seconds(300));
        watch.started();
        beat();
        QVERIFY(!isHungAfter(watch, seconds(1)));
        // The file cannot be touched: its directory is gone, and a file is in its place.
        QVERIFY(QDir(m_directory->filePath(QStringLiteral("ifrit"))).removeRecursively());
        QVERIFY(!isHungAfter(watch, seconds(1)));  // that is a change of what was seen
        QVERIFY(!isHungAfter(watch, seconds(3000)));
        QVERIFY(QDir(m_directory->path()).mkdir(QStringLiteral("ifrit")));
        QVERIFY(!isHungAfter(watch, seconds(299)));
        QVERIFY(isHungAfter(watch, seconds(1)));
    }

    void itCanBeSwitchedOff() {
        HangWatch watch(m_clock, root(), seconds(0));
        watch.started();
        QVERIFY(!watch.interval());
        beat();
        QVERIFY(!isHungAfter(watch, seconds(1)));
        QVERIFY(!isHungAfter(watch, seconds(30'000)));
        QCOMPARE(*HangWatch(m_clock, root(), seconds(300)).interval(),
                 std::chrono::milliseconds(30'000));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::HangWatchTest;
QTEST_GUILESS_MAIN(HangWatchTest)
#include "tst_hang_watch.moc"
