// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/access_models.h"
#include "tests/gui/support/fixed_clock.h"

using namespace ifrit;
using namespace std::chrono_literals;
using gui::models::GrantModel;

class TestGrantModel : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatOpensNothingIsMarked();
};

void TestGrantModel::whatOpensNothingIsMarked() {
    tests::FixedClock clock;
    gui::services::GrantInfo grant;
    const auto word = [&] { return GrantModel::lookOf(grant, clock.now()).word; };
    QCOMPARE(word(), QStringLiteral("in force"));
    grant.elsewhere = true;
    QCOMPARE(word(), QStringLiteral("for another cluster"));
    grant.expired = true;
    QCOMPARE(word(), QStringLiteral("expired"));
    // Nobody told the window of an end that came while it was open.
    grant = {};
    grant.grant.expires = clock.now() + 1min;
    QCOMPARE(word(), QStringLiteral("in force"));
    clock.advance(1min);
    QCOMPARE(word(), QStringLiteral("expired"));
}

QTEST_GUILESS_MAIN(TestGrantModel)
#include "tst_grant_model.moc"
