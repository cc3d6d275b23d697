// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <limits>
#include <set>

#include "agent/link/report_builder.h"
#include "agent/link/report_text.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {
namespace {

using agent::link::MachineStatus;
using agent::link::Report;
using domain::MachineState;

domain::AgentReport reportOf(const std::string& agent, MachineState state) {
    domain::AgentReport report;
    report.agent = agent;
    report.state = state;
    return report;
}

}  // namespace

class ReportBuilderTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<agent::journal::Journal> m_journal;
    ManualClock m_clock;
    double m_random = 0;
    std::unique_ptr<agent::link::ReportBuilder> m_builder;

    void reopen() {
        m_builder.reset();
        m_journal = std::move(
            agent::journal::Journal::open(m_directory->filePath(QStringLiteral("j")).toStdString())
                ->journal);
        m_builder = std::make_unique<agent::link::ReportBuilder>(*m_journal, m_clock,
                                                                 [this] { return m_random; });
    }
    bool publish(std::vector<domain::AgentReport> agents) {
        MachineStatus status;
        status.facts.uuid = "m1";
        status.agents = std::move(agents);
        return m_builder->publish(status);
    }
    Report next() { return *m_builder->next(); }
    void deliver() {
        const Report report = next();
        QVERIFY(m_builder->acknowledge(report.sequence, false).ok());
    }
    void addEvent(const std::string& kind) {
        QVERIFY(m_journal
                    ->update([&](agent::journal::JournalState& state) {
                        state.addEvent({kind, "exporter", "1", "", {}});
                    })
                    .ok());
    }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        reopen();
    }

    void nothingPublishedIsNothingToSay() { QCOMPARE(next().sequence, std::uint64_t(0)); }

    void theFirstIsFullAndLaterOnesAreDeltas() {
        publish({reportOf("a", MachineState::Healthy), reportOf("b", MachineState::Healthy)});
        const Report first = next();
        QVERIFY(first.full && first.facts);
        QCOMPARE(first.sequence, std::uint64_t(1));
        QVERIFY(!first.streamId.empty());
        QCOMPARE(first.agents.size(), std::size_t(2));
        deliver();
        QCOMPARE(next().sequence, std::uint64_t(0));

        publish({reportOf("a", MachineState::Healthy), reportOf("b", MachineState::Failed)});
        const Report second = next();
        QCOMPARE(second.sequence, std::uint64_t(2));
        QVERIFY(!second.full && !second.facts);
        QCOMPARE(second.agents.size(), std::size_t(1));
        QCOMPARE(second.agents[0].agent, std::string("b"));
    }

    void anUnacknowledgedReportIsRepeatedAsItWas() {
        publish({reportOf("a", MachineState::Healthy)});
        const Report first = next();
        publish({reportOf("a", MachineState::Failed)});
        QVERIFY(next() == first);
        QVERIFY(m_builder->acknowledge(0, false).ok());
        QVERIFY(next() == first);
        deliver();
        QCOMPARE(next().agents.at(0).state, MachineState::Failed);
    }

    void theSameErrorAgainIsNotUrgent() {
        domain::AgentReport report = reportOf("a", MachineState::WaitingPermit);
        report.lastError = domain::AgentError{"PERMIT_UNAVAILABLE", "away", "ask permit", 0, {}};
        publish({report});
        report.lastError->at += std::chrono::seconds(2);
        QVERIFY(!publish({report}));
        report.lastError->reason = "PERMIT_REFUSED";
        QVERIFY(publish({report}));
        report.lastError.reset();
        QVERIFY(publish({report}));
    }

    void whomNobodyHearsOfIsTold() {
        std::vector<domain::AgentReport> agents;
        for (int i = 100; i < 166; ++i)
            agents.push_back(reportOf(std::to_string(i), MachineState::Healthy));
        publish(agents);
        publish(agents);
        const Report report = next();
        QCOMPARE(report.agents.size(), agent::link::kMaxReportedAgents);
        QCOMPARE(report.events.size(), std::size_t(2));  // once each
        QCOMPARE(report.events.at(0).kind, std::string("not-reported"));
        QCOMPARE(report.events.at(0).agent, std::string("164"));
        QCOMPARE(report.events.at(1).agent, std::string("165"));
        deliver();
        agents.pop_back();
        publish(agents);
        QCOMPARE(next().sequence, std::uint64_t(0));
        agents.push_back(reportOf("170", MachineState::Healthy));
        publish(agents);
        QCOMPARE(next().events.size(), std::size_t(1));
    }

    void removedAgentsAreNamed() {
        publish({reportOf("a", MachineState::Healthy), reportOf("b", MachineState::Healthy)});
        deliver();
        publish({reportOf("a", MachineState::Healthy)});
        QCOMPARE(next().removedAgents, std::vector<std::string>{"b"});
    }

    void aMasterThatLostUsGetsAll() {
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        QVERIFY(m_builder->acknowledge(0, true).ok());
        const Report report = next();
        QVERIFY(report.full && report.facts);
        QCOMPARE(report.agents.size(), std::size_t(1));
        QCOMPARE(report.sequence, std::uint64_t(2));
    }

    /// It was restored from a backup, or an older report was written over a newer one.
    void aMasterThatKnowsLessGetsAll() {
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        publish({reportOf("a", MachineState::Failed)});
        deliver();
        QCOMPARE(next().sequence, std::uint64_t(0));
        QVERIFY(m_builder->acknowledge(1, false).ok());
        const Report all = next();
        QVERIFY(all.full && all.facts);
        QCOMPARE(all.sequence, std::uint64_t(3));
        QCOMPARE(all.agents.at(0).state, MachineState::Failed);
        // It cannot store it yet, and says so: the same one comes again.
        QVERIFY(m_builder->acknowledge(1, false).ok());
        QVERIFY(next() == all);
        deliver();
        QCOMPARE(next().sequence, std::uint64_t(0));
        publish({reportOf("a", MachineState::Healthy)});
        QVERIFY(!next().full);
    }

    /// Its disk was put back to a snapshot: the master takes what it says for repetitions, until it
    /// is another stream.
    void aMachineThatWasPutBackReportsInANewStream() {
        publish({reportOf("a", MachineState::Healthy)});
        const Report before = next();
        QVERIFY(m_builder->acknowledge(before.sequence + 400, false).ok());
        const Report anew = next();
        QVERIFY(anew.full && anew.facts);
        QVERIFY(anew.streamId != before.streamId);
        QVERIFY(!anew.streamId.empty());
        // It is what the next start goes on with.
        QCOMPARE(m_journal->state().reportStream, anew.streamId);
        deliver();
        publish({reportOf("a", MachineState::Failed)});
        const Report delta = next();
        QVERIFY(!delta.full);
        QCOMPARE(delta.streamId, anew.streamId);
        QCOMPARE(delta.sequence, anew.sequence + 1);
    }

    /// With its memory, so that it knows what it had told and has nothing to say.
    void oneThatWasPutBackWithItsMemorySaysAllAgain() {
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        const std::string before = m_journal->state().reportStream;
        QCOMPARE(next().sequence, std::uint64_t(0));
        QVERIFY(m_builder->acknowledge(m_journal->state().reportSequence + 5, false).ok());
        const Report anew = next();
        QVERIFY(anew.full);
        QVERIFY(anew.streamId != before);
    }

    /// Its later life had sent one report, as it does itself now: the number says nothing.
    void oneThatWasPutBackHearsItByTheMastersTime() {
        using namespace std::chrono_literals;
        const base::WallTime then = m_clock.now();
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        m_builder->heardAt(then);
        m_clock.advance(30s);
        publish({reportOf("a", MachineState::Failed)});
        const Report taken = next();
        QVERIFY(!taken.full);
        QVERIFY(m_builder->acknowledge(taken.sequence, false).ok());
        m_builder->heardAt(then + 30s + 3min);
        const Report again = next();
        QVERIFY(again.full && again.facts);
        QCOMPARE(again.agents.size(), std::size_t(1));
        QCOMPARE(again.sequence, taken.sequence + 1);
        deliver();
        // Once for each time.
        m_clock.advance(30s);
        m_builder->heardAt(then + 1min + 3min);
        QCOMPARE(next().sequence, std::uint64_t(0));
    }
    void whereBothClocksGoOnNothingIsSaidAgain() {
        using namespace std::chrono_literals;
        const base::WallTime then = m_clock.now();
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        m_builder->heardAt(then);
        m_clock.advance(24h);
        // Another master, whose clock is ahead; and the first one again.
        m_builder->heardAt(then + 24h + 1min);
        QCOMPARE(next().sequence, std::uint64_t(0));
        m_builder->heardAt(then + 24h);
        QCOMPARE(next().sequence, std::uint64_t(0));
    }

    /// A master that can store nothing answers with the number of the stream that it has.
    void theNumberOfAnotherStreamSaysNothingOfTheNewOne() {
        publish({reportOf("a", MachineState::Healthy)});
        addEvent("INSTALLED");
        const std::uint64_t known = next().sequence + 400;
        QVERIFY(m_builder->acknowledge(known, false).ok());
        const Report anew = next();
        QVERIFY(anew.sequence > known);
        for (int answer = 0; answer < 3; ++answer) {
            QVERIFY(m_builder->acknowledge(known, false).ok());
            QCOMPARE(next().streamId, anew.streamId);
            QCOMPARE(next().sequence, anew.sequence);
            QCOMPARE(m_journal->state().events.size(), std::size_t(1));
        }
        // Also after a start: the numbers are on the disk.
        reopen();
        publish({reportOf("a", MachineState::Healthy)});
        QVERIFY(next().sequence > anew.sequence);
    }

    /// Two that begin at the same copy of a disk do not use the same numbers.
    void aRunBeginsBehindAGapOfItsOwn() {
        publish({reportOf("a", MachineState::Healthy)});
        deliver();
        const std::uint64_t copied = m_journal->state().reportSequence;
        m_random = 0.5;
        reopen();
        publish({reportOf("a", MachineState::Failed)});
        const Report first = next();
        QCOMPARE(first.sequence, copied + (1U << 19U) + 1);
        QVERIFY(first.full);
        QVERIFY(m_journal->state().reportSequence > first.sequence);
        deliver();
        publish({reportOf("a", MachineState::Healthy)});
        QCOMPARE(next().sequence, first.sequence + 1);
    }

    void aNumberThatNoMachineComesToChangesNothing() {
        publish({reportOf("a", MachineState::Healthy)});
        const Report first = next();
        const auto answer =
            m_builder->acknowledge(std::numeric_limits<std::uint64_t>::max(), false);
        QVERIFY(absl::IsInvalidArgument(answer));
        QCOMPARE(next().streamId, first.streamId);
        QCOMPARE(next().sequence, first.sequence);
    }

    /// The stream of a life before is no news while nothing of this one was sent.
    void whatWasKnownBeforeTheFirstReportChangesNothing() {
        QVERIFY(m_builder->acknowledge(400, false).ok());
        publish({reportOf("a", MachineState::Healthy)});
        const Report first = next();
        QVERIFY(m_builder->acknowledge(first.sequence, false).ok());
        QCOMPARE(m_journal->state().reportStream, first.streamId);
        QCOMPARE(next().sequence, std::uint64_t(0));
    }

    void aDeltaThatStandsOnWhatIsLostIsNotRepeated() {
        publish({reportOf("a", MachineState::Healthy), reportOf("b", MachineState::Healthy)});
        deliver();
        publish({reportOf("a", MachineState::Failed), reportOf("b", MachineState::Healthy)});
        deliver();
        publish({reportOf("a", MachineState::Failed), reportOf("b", MachineState::Failed)});
        const Report delta = next();
        QVERIFY(!delta.full);
        QVERIFY(m_builder->acknowledge(1, false).ok());
        const Report all = next();
        QVERIFY(all.full && all.sequence > delta.sequence);
        QCOMPARE(all.agents.size(), std::size_t(2));
        // Told less again while that one is on its way: it stands on nothing, so it goes on.
        QVERIFY(m_builder->acknowledge(0, false).ok());
        QVERIFY(next() == all);
    }

    void aRestartGoesOnInItsStreamWithAFullReport() {
        publish({reportOf("a", MachineState::Healthy)});
        const Report before = next();
        reopen();
        publish({reportOf("a", MachineState::Healthy)});
        const Report after = next();
        QCOMPARE(after.streamId, before.streamId);
        QVERIFY(after.sequence > before.sequence);
        QVERIFY(after.full);
    }

    void eventsStayUntilTheyAreAcknowledged() {
        publish({});
        addEvent("installed");
        QCOMPARE(next().events.size(), std::size_t(1));
        addEvent("crashed");
        QCOMPARE(next().events.size(), std::size_t(1));  // the pending report does not grow
        deliver();
        QCOMPARE(m_journal->state().events.size(), std::size_t(1));
        QCOMPARE(next().events.at(0).kind, std::string("crashed"));
        deliver();
        QVERIFY(m_journal->state().events.empty());
    }

    void aFullDiskIsStillReported() {
        publish({reportOf("a", MachineState::Healthy)});
        addEvent("installed");
        deliver();
        addEvent("crashed");
        // A directory in the way of the temporary file fails the write for root, too.
        const QString blocked = m_directory->filePath(QStringLiteral("j.tmp"));
        QVERIFY(QDir().mkdir(blocked));
        std::set<std::uint64_t> numbers{1};
        for (int i = 0; i < 31; ++i) {
            publish({reportOf("a", i % 2 == 0 ? MachineState::Failed : MachineState::Healthy)});
            const Report report = next();
            QVERIFY(numbers.insert(report.sequence).second);
            // Sent once, though the journal still has it.
            QCOMPARE(report.events.size(), std::size_t(i == 0 ? 1 : 0));
            QVERIFY(!m_builder->acknowledge(report.sequence, false).ok());
        }
        QCOMPARE(m_journal->state().events.size(), std::size_t(1));
        int more = 0;
        for (; more < 1000; ++more) {
            publish({reportOf("a", more % 2 == 0 ? MachineState::Healthy : MachineState::Failed)});
            const auto report = m_builder->next();
            if (!report.ok()) break;
            QVERIFY(numbers.insert(report->sequence).second);
            (void)m_builder->acknowledge(report->sequence, false);
        }
        QVERIFY(more < 1000);
        QVERIFY(QDir().rmdir(blocked));
        reopen();
        publish({reportOf("a", MachineState::Healthy)});
        QVERIFY(next().sequence > *numbers.rbegin());
    }

    void eventsAreSentInBoundedPortions() {
        publish({});
        for (int i = 0; i < 300; ++i)
            addEvent("crashed");
        QCOMPARE(next().events.size(), std::size_t(256));
        deliver();
        QCOMPARE(next().events.size(), std::size_t(44));
    }

    void samplesAreNewsOnlyWhenTheyMove() {
        domain::AgentReport report = reportOf("a", MachineState::Healthy);
        report.sample = {10.0, 100 << 20};
        publish({report});
        deliver();
        report.sample = {10.9, 103 << 20};
        QVERIFY(!publish({report}));
        QCOMPARE(next().sequence, std::uint64_t(0));
        report.sample = {10.9, 200 << 20};
        QVERIFY(!publish({report}));  // news, but it can wait for the poll
        QCOMPARE(next().agents.size(), std::size_t(1));
    }

    void whatAPersonWaitsForIsUrgent() {
        QVERIFY(publish({reportOf("a", MachineState::Downloading)}));
        domain::AgentReport report = reportOf("a", MachineState::Downloading);
        report.step = "downloading 62 %";
        QVERIFY(!publish({report}));
        QVERIFY(publish({reportOf("a", MachineState::Healthy)}));
    }

    void damagedFilesAreUrgentAndTheirNoteFitsTheContract() {
        domain::AgentReport report = reportOf("a", MachineState::Healthy);
        QVERIFY(publish({report}));
        report.integrity = domain::Integrity::Damaged;
        report.integrityNote = "1 changed: bin/\xff" + std::string(1'000, 'x');
        QVERIFY(publish({report}));
        const std::string note = next().agents.at(0).integrityNote;
        QCOMPARE(note.size(), std::size_t(256));
        QCOMPARE(note.substr(0, 16), std::string("1 changed: bin/?"));
    }

    void badBytesDoNotSpoilAReport_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("plain") << QByteArray("ok\n") << QByteArray("ok\n");
        QTest::newRow("utf-8") << QByteArray("\xc3\xa4") << QByteArray("\xc3\xa4");
        QTest::newRow("broken") << QByteArray("a\xff\xc3") << QByteArray("a??");
        QTest::newRow("overlong") << QByteArray("\xc0\x80") << QByteArray("??");
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("???");
        QTest::newRow("control") << QByteArray("a\x1b[0m\0b", 7) << QByteArray("a?[0m?b");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfok") << QByteArray("?ok");
        QTest::newRow("noncharacters")
            << QByteArray("a\xef\xbf\xbe\xef\xbf\xbf") << QByteArray("a??");
        QTest::newRow("cut before a letter")
            << QByteArray("1234567\xc3\xa4") << QByteArray("1234567");
    }
    void badBytesDoNotSpoilAReport() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(agent::link::reportable(text.toStdString(), 8), expected.toStdString());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ReportBuilderTest;
QTEST_GUILESS_MAIN(ReportBuilderTest)
#include "tst_report_builder.moc"
