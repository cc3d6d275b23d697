// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "tests/master/support/sync_parts.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

using std::chrono::seconds;

constexpr seconds kUsual{30};
constexpr seconds kSpaced{100};
const Silence kSilence{3 * kUsual, kUsual};

}  // namespace

/// A machine is silent after three polls of those that it was told of, whichever master told it.
class TestSilence : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_fleet.load({machine("m1", {}), machine("m2", {})}, m_clock.now(), kSilence);
        m_fleet.forgive({});
    }

    void threePollsOfThoseThatItWasToldOf() {
        m_fleet.touch("m1", m_clock.now(), kSpaced);
        m_fleet.touch("m2", m_clock.now(), kUsual);
        QCOMPARE(silentAfter(seconds(90)), QStringList());
        QCOMPARE(m_fleet.longestPoll(), kSpaced);
        QCOMPARE(silentAfter(seconds(1)), QStringList{QStringLiteral("m2")});
        QCOMPARE(silentAfter(seconds(209)), QStringList());
        QCOMPARE(silentAfter(seconds(1)), QStringList{QStringLiteral("m1")});
        QCOMPARE(m_fleet.longestPoll(), seconds(0));
        // Told the usual again, it is missed as usual.
        m_fleet.touch("m1", m_clock.now(), kUsual);
        QCOMPARE(silentAfter(seconds(0)), QStringList{QStringLiteral("m1 is back")});
        QCOMPARE(silentAfter(seconds(91)), QStringList{QStringLiteral("m1")});
    }

    void whicheverMasterToldIt() {
        m_clock.advance(seconds(1));
        const base::WallTime told = m_clock.now();
        m_fleet.touch("m2", told, kUsual);
        m_fleet.heardElsewhere({{"m1", told, kSpaced}, {"m2", told, kSpaced}}, told);
        QCOMPARE(silentAfter(seconds(91)), QStringList{QStringLiteral("m2")});
        QCOMPARE(silentAfter(seconds(210)), QStringList{QStringLiteral("m1")});
    }

    /// A report is read before what its machine was told with it.
    void alsoWhereItsReportIsKnownFirst() {
        m_clock.advance(seconds(1));
        StoredMachine reported = machine("m1", {});
        m_fleet.follow(reported, m_clock.now());
        m_fleet.heardElsewhere({{"m1", m_clock.now(), kSpaced}}, m_clock.now());
        QCOMPARE(silentAfter(seconds(300)), QStringList{QStringLiteral("m2")});
        QCOMPARE(silentAfter(seconds(1)), QStringList{QStringLiteral("m1")});
    }

    void asTheDatabaseHasItAfterARestart() {
        m_fleet.load({machine("m1", kSpaced), machine("m2", {})}, m_clock.now() + seconds(91),
                     kSilence);
        QVERIFY(!m_fleet.find("m1")->offline);
        QVERIFY(m_fleet.find("m2")->offline);
        QCOMPARE(m_fleet.longestPoll(), kSpaced);
    }

    /// What a master told a machine a moment before it died is not in the database.
    void whoIsForgivenHasTheLongestThatAnybodyWasTold() {
        m_fleet.touch("m1", m_clock.now(), kSpaced);
        QCOMPARE(silentAfter(seconds(80)), QStringList());
        m_fleet.forgive(m_clock.now());
        QCOMPARE(silentAfter(seconds(300)), QStringList());
        QCOMPARE(silentAfter(seconds(1)),
                 (QStringList{QStringLiteral("m1"), QStringLiteral("m2")}));
    }

    /// With short polls a machine that backs off comes later than three of them.
    void whoIsForgivenMayStillBackOff() {
        const Silence patient{kSilence.after, kSilence.poll, seconds(200)};
        m_fleet.touch("m1", m_clock.now(), kUsual);
        m_fleet.forgive(m_clock.now() + seconds(20));
        QCOMPARE(silentAfter(seconds(220), patient), QStringList());
        QCOMPARE(silentAfter(seconds(1), patient),
                 (QStringList{QStringLiteral("m1"), QStringLiteral("m2")}));
        // Only where nothing was heard of it since.
        m_fleet.touch("m1", m_clock.now(), kUsual);
        QCOMPARE(silentAfter(seconds(0), patient), QStringList{QStringLiteral("m1 is back")});
        QCOMPARE(silentAfter(seconds(91), patient), QStringList{QStringLiteral("m1")});
    }

    void machinesOfAnotherMasterAreNotCounted() {
        const auto here = [this] { return m_fleet.heard().machines; };
        QCOMPARE(here(), std::uint64_t{0});
        const std::uint64_t before = m_fleet.heard().polls;
        m_fleet.touch("m1", m_clock.now(), kUsual);
        m_fleet.touch("m1", m_clock.now(), kUsual);
        m_fleet.touch("m2", m_clock.now(), kUsual);
        QCOMPARE(here(), std::uint64_t{2});
        QCOMPARE(m_fleet.heard().polls - before, std::uint64_t{3});
        m_clock.advance(seconds(1));
        m_fleet.heardElsewhere({{"m1", m_clock.now(), kUsual}}, m_clock.now());
        QCOMPARE(here(), std::uint64_t{1});
        (void)silentAfter(seconds(91));
        QCOMPARE(here(), std::uint64_t{0});
        m_fleet.touch("m2", m_clock.now(), kUsual);
        m_fleet.remove("m2");
        QCOMPARE(here(), std::uint64_t{0});
    }

    /// What a machine is told and what it is held to are the same.
    void aPollIsToldWhatIsHeld() {
        PollPace pace(PaceLimits{});
        SyncService service(m_parts.with(pace));
        for (const seconds interval : {kSpaced, kUsual}) {
            pace.goOnFrom(interval);
            std::chrono::milliseconds told{0};
            SyncQuestion question;
            question.uuid = "m1";
            service.sync(std::move(question), [&told](const auto& it) { told = it->nextPoll; });
            QVERIFY(told >= interval * 9 / 10 && told <= interval * 11 / 10);
            QCOMPARE(m_fleet.find("m1")->poll, interval);
        }
    }

private:
    StoredMachine machine(const std::string& uuid, std::chrono::milliseconds poll) {
        StoredMachine out;
        out.facts.uuid = uuid;
        out.lastSeen = m_clock.now();
        out.poll = poll;
        return out;
    }
    /// Who fell silent after so much longer, or came back.
    QStringList silentAfter(seconds passed, const Silence& silence = kSilence) {
        m_clock.advance(passed);
        QStringList out;
        for (const MachineView& view : m_fleet.sweep(m_clock.now(), silence)) {
            const std::string& uuid = view.record->stored.facts.uuid;
            out << QString::fromStdString(uuid + (view.offline ? "" : " is back"));
        }
        std::sort(out.begin(), out.end());
        return out;
    }

    SyncParts m_parts;
    ManualClock& m_clock = m_parts.clock;
    Fleet& m_fleet = m_parts.fleet;
};

QTEST_GUILESS_MAIN(TestSilence)
#include "tst_silence.moc"
