// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/rpc/decode.h"

using namespace ifrit;

class TestDecodeRelease : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A batch that waits for promote allows no verify; a master of before the flag says by its
    /// verbs alone whether somebody is waited for.
    void whoIsWaitedFor_data() {
        QTest::addColumn<int>("said");  // -1: nothing
        QTest::addColumn<bool>("mayVerify");
        QTest::addColumn<int>("state");
        QTest::addColumn<bool>("waits");
        const int running = v1::RELEASE_STATE_RUNNING;
        QTest::newRow("batch, for promote") << 1 << false << running << true;
        QTest::newRow("soaks") << 0 << true << running << false;
        QTest::newRow("old master, verify") << -1 << true << running << true;
        QTest::newRow("old master, batch") << -1 << false << running << false;
        QTest::newRow("paused") << 1 << true << int{v1::RELEASE_STATE_PAUSED} << false;
    }
    void whoIsWaitedFor() {
        QFETCH(const int, said);
        QFETCH(const bool, mayVerify);
        QFETCH(const int, state);
        QFETCH(const bool, waits);
        v1::Release release;
        release.set_state(static_cast<v1::ReleaseState>(state));
        if (said >= 0) release.set_waits_for_person(said == 1);
        if (mayVerify) release.add_allowed_verbs(v1::RELEASE_VERB_VERIFY);
        QCOMPARE(gui::rpc::decode(release).waitsForPerson(), waits);
    }

    /// By it the chart of costs says whether the gate still halts; an older master does not.
    void whereCostsWereAcceptedIsRead() {
        v1::Release release;
        release.add_stages()->set_cost_accepted(true);
        release.add_stages()->set_cost_accepted(false);
        (void)release.add_stages();
        const auto stages = gui::rpc::decode(release).stages;
        QCOMPARE(stages.size(), std::size_t{3});
        QVERIFY(stages[0].costAccepted);
        QVERIFY(!stages[1].costAccepted && !stages[2].costAccepted);
    }
};

QTEST_GUILESS_MAIN(TestDecodeRelease)
#include "tst_decode_release.moc"
