// SPDX-License-Identifier: Apache-2.0
// Who only looks at releases waits for no database.
#include <QTest>
#include <memory>

#include "tests/master/services/one_of_many.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

class TestReleaseLooks : public QObject {
    Q_OBJECT

    struct Look {
        const char* what;
        std::function<void(ReleaseEngine&)> run;
    };
    static std::vector<Look> looks() {
        return {{"who leads", [](ReleaseEngine& engine) { (void)engine.leads(); }},
                {"its token", [](ReleaseEngine& engine) { (void)engine.leadingToken(); }},
                {"the list", [](ReleaseEngine& engine) { (void)engine.list(); }},
                {"how many run", [](ReleaseEngine& engine) { (void)engine.runningCount(); }},
                {"how many changed", [](ReleaseEngine& engine) { (void)engine.changedInWindow(); }},
                {"digests in use", [](ReleaseEngine& engine) { (void)engine.digestsInUse(); }},
                {"versions", [](ReleaseEngine& engine) { (void)engine.versionsNamed(); }}};
    }

private Q_SLOTS:
    void init() {
        m_database = sharedDatabase();
        giveLease(*m_database, 1);
        m_master = std::make_unique<OneOfMany>(*m_database);
        QVERIFY(m_master->engine.lead(1).ok());
    }

    void noLookWaitsForACommit_data() {
        QTest::addColumn<int>("at");
        const std::vector<Look> all = looks();
        for (std::size_t at = 0; at < all.size(); ++at)
            QTest::newRow(all[at].what) << static_cast<int>(at);
    }
    void noLookWaitsForACommit() {
        QFETCH(const int, at);
        const Look look = looks()[static_cast<std::size_t>(at)];
        const std::string id = started(*m_master);
        Standstill commit;
        m_master->database.beforeWrite = [&] {
            commit.letEnd([&] { look.run(m_master->engine); });
        };
        QVERIFY(m_master->engine.act(kOperator, id, domain::ReleaseVerb::Pause, "").ok());
        QVERIFY(commit.endedMeanwhile());
    }

    void whoeverIsToldOfAChangeFindsIt() {
        const std::string id = started(*m_master);
        std::vector<domain::ReleaseState> seen;
        const auto mailbox = m_master->events.subscribe(
            {}, [&] { seen.push_back(m_master->engine.head(id)->release.state); });
        QVERIFY(m_master->engine.act(kOperator, id, domain::ReleaseVerb::Pause, "").ok());
        QVERIFY(!seen.empty());
        for (const domain::ReleaseState state : seen)
            QCOMPARE(state, domain::ReleaseState::Paused);
    }

private:
    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<OneOfMany> m_master;
};

QTEST_GUILESS_MAIN(TestReleaseLooks)
#include "tst_release_looks.moc"
