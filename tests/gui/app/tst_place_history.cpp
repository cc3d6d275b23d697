// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/app/place_history.h"

using ifrit::gui::app::Place;
using ifrit::gui::app::PlaceHistory;

class TestPlaceHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void goesBackAndForward();
    void aVisitForgetsWhatLayAhead();
    void theOldestAreForgotten();
};

void TestPlaceHistory::goesBackAndForward() {
    PlaceHistory history;
    QVERIFY(!history.back());
    QVERIFY(!history.forward());
    history.visit({0, {}});
    history.visit({6, QStringLiteral("a")});
    history.visit({6, QStringLiteral("a")});
    history.visit({6, QStringLiteral("b")});
    QCOMPARE(history.back()->releaseId, QStringLiteral("a"));
    QCOMPARE(history.back()->index, 0);
    QVERIFY(!history.back());
    QCOMPARE(history.forward()->releaseId, QStringLiteral("a"));
    history.clear();
    QVERIFY(!history.back());
    QVERIFY(!history.forward());
}

void TestPlaceHistory::aVisitForgetsWhatLayAhead() {
    PlaceHistory history;
    history.visit({0, {}});
    history.visit({1, {}});
    history.back();
    history.visit({2, {}});
    QVERIFY(!history.forward());
    QCOMPARE(history.back()->index, 0);
}

void TestPlaceHistory::theOldestAreForgotten() {
    PlaceHistory history;
    for (int i = 0; i < PlaceHistory::kMost + 20; ++i)
        history.visit({i, {}});
    int steps = 0;
    while (history.back())
        ++steps;
    QCOMPARE(steps, PlaceHistory::kMost - 1);
}

QTEST_GUILESS_MAIN(TestPlaceHistory)
#include "tst_place_history.moc"
