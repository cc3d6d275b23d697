// SPDX-License-Identifier: Apache-2.0
#include <sys/inotify.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "agent/app/desired_keeper.h"
#include "shared/base/atomic_file.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

namespace {

struct KeptMachine {
    void writeLog(const std::string& agent, const std::string& text) const {
        QDir().mkpath(QString::fromStdString(layout.logs()));
        base::writeFileAtomically(layout.log(agent), text, 0600).IgnoreError();
    }
    /// Ids of the requests that the next report answers.
    std::vector<std::string> reported() {
        reports.publish({});
        std::vector<std::string> ids;
        const auto report = reports.next();
        for (const agent::link::LogTail& tail : report->logTails)
            ids.push_back(tail.requestId);
        return ids;
    }

    const QTemporaryDir directory;
    const agent::install::Layout layout{directory.path().toStdString()};
    ManualClock clock;
    const std::unique_ptr<agent::journal::Journal> journal = std::move(
        agent::journal::Journal::open(directory.path().toStdString() + "/journal.toml")->journal);
    agent::link::ReportBuilder reports{*journal, clock};
    agent::app::DesiredKeeper keeper{*journal, reports, layout, clock};
};

}  // namespace

class DesiredKeeperTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// By a master whose database was put back to an older backup. Whoever did it must hear of it.
    void anOlderStateIsRefusedAndToldOnce() {
        const QTemporaryDir directory;
        const std::string root = directory.path().toStdString();
        const ManualClock clock;
        const auto journal =
            std::move(agent::journal::Journal::open(root + "/journal.toml")->journal);
        agent::link::ReportBuilder reports(*journal, clock);
        agent::app::DesiredKeeper keeper(*journal, reports, agent::install::Layout(root), clock);
        const auto offer = [&](std::uint64_t generation) {
            agent::link::SyncReply reply;
            reply.changed = true;
            reply.desired.generation = generation;
            return base::errorInfo(keeper.accept(reply)).reason;
        };
        QCOMPARE(offer(7), std::string());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(offer(5), std::string("GENERATION_BACKWARDS"));
        QCOMPARE(journal->state().desired->generation, std::uint64_t(7));
        QCOMPARE(journal->state().events.size(), std::size_t(1));
        QCOMPARE(journal->state().events.at(0).event.kind, std::string("generation-backwards"));
        QCOMPARE(offer(6), std::string("GENERATION_BACKWARDS"));
        QCOMPARE(journal->state().events.size(), std::size_t(2));
        QCOMPARE(offer(8), std::string());
    }

    /// Told again with every answer, the machine would try a version that dies without end.
    void aClearIsObeyedOnceHoweverOftenItIsTold() {
        const QTemporaryDir directory;
        const std::string root = directory.path().toStdString();
        const ManualClock clock;
        const std::string digest(64, 'b');
        auto journal = std::move(agent::journal::Journal::open(root + "/journal.toml")->journal);
        agent::link::ReportBuilder reports(*journal, clock);
        const auto tell = [&](std::uint64_t id) {
            agent::app::DesiredKeeper keeper(*journal, reports, agent::install::Layout(root),
                                             clock);
            agent::link::SyncReply reply;
            if (id != 0) reply.clears = {{digest, id}};
            QVERIFY(keeper.accept(reply).ok());
        };
        const auto goesBad = [&] {
            QVERIFY(journal
                        ->update([&](auto& state) {
                            state.agents["exporter"].addKnownBad(
                                {{"2", digest}, "EXITED_AT_START", clock.now()});
                        })
                        .ok());
        };
        const auto isBad = [&] {
            const auto state = journal->state();
            const auto found = state.agents.find("exporter");
            return found != state.agents.end() && found->second.isKnownBad(digest);
        };
        goesBad();
        tell(1);
        QVERIFY(!isBad());
        goesBad();
        for (int i = 0; i < 3; ++i)
            tell(1);
        QVERIFY(isBad());
        // Also after a restart, and until the master names it no more.
        journal.reset();
        journal = std::move(agent::journal::Journal::open(root + "/journal.toml")->journal);
        const auto builder = std::make_unique<agent::link::ReportBuilder>(*journal, clock);
        builder->publish({});
        QCOMPARE(builder->next()->obeyedClears, std::vector<std::uint64_t>{1});
        tell(1);
        QVERIFY(isBad());
        // Cleared anew it is tried anew.
        tell(2);
        QVERIFY(!isBad());
        tell(0);
        QVERIFY(journal->state().obeyedClears.empty());
    }

    /// An answer has room for a hundred thousand, which would be read one after the other where the
    /// link waits, for the four that a report takes.
    void ofRequestsForLogsAsManyAreReadAsAreReported() {
        KeptMachine machine;
        machine.writeLog("exporter", "it says\n");
        const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        ::inotify_add_watch(watch, machine.layout.log("exporter").c_str(),
                            IN_OPEN | IN_CLOSE_NOWRITE);
        agent::link::SyncReply reply;
        reply.logTails = {{"none", "../exporter", 100}};
        for (int i = 0; i < 20; ++i)
            reply.logTails.push_back({"r" + std::to_string(i), "exporter", 100});
        QVERIFY(machine.keeper.accept(reply).ok());
        char events[4096];
        QCOMPARE(::read(watch, events, sizeof events), ssize_t(8 * sizeof(inotify_event)));
        ::close(watch);
        QCOMPARE(machine.reported(), (std::vector<std::string>{"r0", "r1", "r2", "r3"}));
    }

    /// It goes back with each report until one is taken, which none would be any more.
    void aRequestIdThatIsTooLongIsLeftOut() {
        KeptMachine machine;
        machine.writeLog("exporter", "it says\n");
        agent::link::SyncReply reply;
        reply.changed = true;
        reply.desired.generation = 3;
        reply.logTails = {{std::string(257, 'x'), "exporter", 100},
                          {std::string(256, 'y'), "exporter", 100}};
        QVERIFY(machine.keeper.accept(reply).ok());
        QCOMPARE(machine.reported(), std::vector<std::string>{std::string(256, 'y')});
        QCOMPARE(machine.journal->state().desired->generation, std::uint64_t(3));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::DesiredKeeperTest;
QTEST_GUILESS_MAIN(DesiredKeeperTest)
#include "tst_desired_keeper.moc"
