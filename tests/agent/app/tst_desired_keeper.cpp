// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include "agent/app/desired_keeper.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

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
};

}  // namespace ifrit::tests

using ifrit::tests::DesiredKeeperTest;
QTEST_GUILESS_MAIN(DesiredKeeperTest)
#include "tst_desired_keeper.moc"
