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
            {}, [&] { seen.push_back(m_master->engine.head(id).value()->release.state); });
        QVERIFY(m_master->engine.act(kOperator, id, domain::ReleaseVerb::Pause, "").ok());
        QVERIFY(!seen.empty());
        for (const domain::ReleaseState state : seen)
            QCOMPARE(state, domain::ReleaseState::Paused);
    }

    /// A list may be of thousands, and is asked for by each window that is open.
    void allLooksShareOneHead() {
        const std::string id = started(*m_master);
        const release::Head held = m_master->engine.head(id).value();
        QVERIFY(m_master->engine.list().front() == held);
        QVERIFY(m_master->engine.list().front() == held);
        const auto paused = m_master->engine.act(kOperator, id, domain::ReleaseVerb::Pause, "");
        QVERIFY(paused.ok());
        // Whoever shows it shows no machines.
        QVERIFY(paused->machines.empty());
        QCOMPARE(paused->release.state, domain::ReleaseState::Paused);
        // What was handed out stays as it was.
        QCOMPARE(held->release.state, domain::ReleaseState::Running);
        QCOMPARE(m_master->engine.head(id).value()->release.state, domain::ReleaseState::Paused);
    }

    /// Whoever made it at the leader watches it at another master.
    void whatOneHasNotHeardOfIsReadAlone() {
        OneOfMany follower(*m_database);
        const std::string id = started(*m_master);
        QVERIFY(!follower.engine.head(id).ok());
        const int lists = *m_database->state.releaseLists;
        QVERIFY(follower.engine.hearOf(id).ok());
        QCOMPARE(follower.engine.head(id).value()->release.state, domain::ReleaseState::Running);
        QVERIFY(absl::IsNotFound(follower.engine.hearOf("nobody's")));
        QCOMPARE(*m_database->state.releaseLists, lists);
        // By its number as well.
        const std::string draft = m_master->engine.create(kOperator, spec())->release.id;
        QVERIFY(follower.engine.hearOf("2").ok());
        QCOMPARE(follower.engine.head("2").value()->release.id, draft);
        QCOMPARE(*m_database->state.releaseLists, lists);
    }

    /// Anybody who may read can ask for it again and again, while all releases are many thousands.
    void whatNobodyMadeCostsOneLook_data() {
        QTest::addColumn<QString>("id");
        QTest::addColumn<int>("looks");
        QTest::newRow("an id") << "nobody's" << 1;
        QTest::newRow("a number") << "7" << 1;
        QTest::newRow("one that no release can have") << "99999999999999999999" << 1;
        QTest::newRow("no name") << "" << 0;
    }
    void whatNobodyMadeCostsOneLook() {
        QFETCH(const QString, id);
        QFETCH(const int, looks);
        (void)started(*m_master);
        OneOfMany follower(*m_database);
        const int reads = m_database->reads;
        const int lists = *m_database->state.releaseLists;
        for (int asked = 1; asked <= 3; ++asked) {
            const absl::Status heard = follower.engine.hearOf(id.toStdString());
            QVERIFY2(absl::IsNotFound(heard), heard.ToString().c_str());
            QCOMPARE(base::errorInfo(heard).reason, std::string("RELEASE_UNKNOWN"));
            QCOMPARE(m_database->reads - reads, asked * looks);
        }
        QCOMPARE(*m_database->state.releaseLists, lists);
    }

private:
    std::unique_ptr<storage::MemoryDatabase> m_database;
    std::unique_ptr<OneOfMany> m_master;
};

QTEST_GUILESS_MAIN(TestReleaseLooks)
#include "tst_release_looks.moc"
