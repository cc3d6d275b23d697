// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "gui/widgets/picture.h"
#include "gui/widgets/state_donut.h"
#include "gui/widgets/status_look.h"
#include "gui/widgets/theme.h"
#include "tests/gui/support/shown_view.h"

using namespace ifrit::gui::widgets;
using ifrit::gui::models::StateShare;

namespace {

/// Half of them healthy, a quarter failed, a quarter silent; states 4, 0 and 1.
QList<StateShare> shares() {
    return {{0, {StatusKind::Fail, QStringLiteral("failed")}, 100, QStringLiteral("25 %"), false},
            {1, {StatusKind::Silent, QStringLiteral("silent")}, 100, QStringLiteral("25 %"), false},
            {4, {StatusKind::Ok, QStringLiteral("healthy")}, 200, QStringLiteral("50 %"), false}};
}

struct ShownDonut : ifrit::tests::ShownView<StateDonut> {
    explicit ShownDonut(const QList<StateShare>& what = shares()) {
        view.setShares(QStringLiteral("Machines by state"), what);
        show(view.sizeHint());
    }
};

// Of a ring of 46 pixels that is 9 thick: right, below, left.
constexpr QPoint kUpperRight{36, 10};
constexpr QPoint kLowerRight{36, 36};
constexpr QPoint kLeft{5, 23};

}  // namespace

class TestStateDonut : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachStateHasItsPart();
    void oneOfAMillionIsSeenAndHit();
    void aClickChoosesAndASecondOpens();
    void theWordsAreClickedToo();
    void theKeyboardGoesFromStateToState();
    void everythingIsSaid();
    void withoutRoomTheTitleGoesAndTheWordsStay();
    void whatIsNotChosenIsPale();
    void anOldRingKeepsNoColour();
    void ofNobodyThereIsARing();
};

void TestStateDonut::eachStateHasItsPart() {
    ShownDonut shown;
    QCOMPARE(shown.at(kUpperRight), shown.theme.color(Token::FailFill));
    QCOMPARE(shown.at(kLowerRight), shown.theme.color(Token::SilentFill));
    QCOMPARE(shown.at(kLeft), shown.theme.color(Token::OkFill));
    QCOMPARE(shown.view.stateAt(kUpperRight), 0);
    QCOMPARE(shown.view.stateAt(kLowerRight), 1);
    QCOMPARE(shown.view.stateAt(kLeft), 4);
    QCOMPARE(shown.view.stateAt({23, 23}), -1);
}

void TestStateDonut::oneOfAMillionIsSeenAndHit() {
    auto few = shares();
    few[0].machines = 1;
    few.removeAt(1);
    few[1].machines = 999'999;
    ShownDonut shown(few);
    constexpr QPoint kTop{24, 5};
    QCOMPARE(shown.at(kTop), shown.theme.color(Token::FailFill));
    QCOMPARE(shown.view.stateAt(kTop), 0);
    QCOMPARE(shown.view.stateAt(kLeft), 4);
}

void TestStateDonut::aClickChoosesAndASecondOpens() {
    ShownDonut shown;
    QSignalSpy chosen(&shown.view, &StateDonut::chosen);
    QSignalSpy opened(&shown.view, &StateDonut::opened);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, kLeft);
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(chosen[0][0].toInt(), 4);
    QTest::mouseDClick(&shown.view, Qt::LeftButton, {}, kLowerRight);
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toInt(), 1);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, {23, 23});
    QTest::mouseClick(&shown.view, Qt::RightButton, {}, kLeft);
    QCOMPARE(opened.count(), 1);
}

void TestStateDonut::theWordsAreClickedToo() {
    ShownDonut shown;
    // The first one stands below the title.
    QCOMPARE(shown.view.stateAt({70, 23}), 0);
    QCOMPARE(shown.view.stateAt({70, 38}), 1);
    QCOMPARE(shown.view.stateAt({70, 8}), -1);
}

void TestStateDonut::theKeyboardGoesFromStateToState() {
    ShownDonut shown;
    QSignalSpy chosen(&shown.view, &StateDonut::chosen);
    QSignalSpy opened(&shown.view, &StateDonut::opened);
    QTest::keyClick(&shown.view, Qt::Key_Space);
    QCOMPARE(chosen.count(), 0);
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QTest::keyClick(&shown.view, Qt::Key_Space);
    QCOMPARE(chosen[0][0].toInt(), 1);
    QVERIFY(shown.view.accessibleDescription().startsWith(QStringLiteral("silent")));
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(opened[0][0].toInt(), 4);
}

void TestStateDonut::everythingIsSaid() {
    ShownDonut shown;
    QCOMPARE(shown.view.accessibleName(), QStringLiteral("Machines by state"));
    const QStringList lines = shown.view.accessibleDescription().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[1].contains(QStringLiteral("silent")) &&
            lines[1].contains(QStringLiteral("100")) && lines[1].contains(QStringLiteral("25 %")));
}

void TestStateDonut::withoutRoomTheTitleGoesAndTheWordsStay() {
    ShownDonut shown;
    const auto has = [&shown](const char* text) {
        return svgOf(shown.view, shown.theme).contains(text);
    };
    QVERIFY(shown.view.minimumSizeHint().width() < shown.view.sizeHint().width());
    QVERIFY(has("healthy 200"));
    QCOMPARE(shown.view.stateAt({70, 8}), -1);
    shown.view.resize(shown.view.minimumSizeHint());
    for (const char* words : {"failed 100", "silent 100", "healthy 200"})
        QVERIFY(has(words));
    // One below the other, and each is hit where it stands.
    QCOMPARE(shown.view.stateAt({70, 8}), 0);
    QCOMPARE(shown.view.stateAt({70, 38}), 4);
}

void TestStateDonut::whatIsNotChosenIsPale() {
    auto one = shares();
    one[0].chosen = true;
    ShownDonut shown(one);
    QCOMPARE(shown.at(kUpperRight), shown.theme.color(Token::FailFill));
    QVERIFY(shown.at(kLeft) != shown.theme.color(Token::OkFill));
}

void TestStateDonut::anOldRingKeepsNoColour() {
    ShownDonut shown;
    shown.view.setOld(true);
    QVERIFY(shown.at(kLeft) != shown.theme.color(Token::OkFill));
    QCOMPARE(shown.at(kLeft), shown.at(kUpperRight));
}

void TestStateDonut::ofNobodyThereIsARing() {
    ShownDonut shown{QList<StateShare>()};
    QCOMPARE(shown.at(kLeft), shown.theme.color(Token::NoneFill));
    QCOMPARE(shown.view.stateAt(kLeft), -1);
    QTest::keyClick(&shown.view, Qt::Key_Right);
    QTest::keyClick(&shown.view, Qt::Key_Space);
}

QTEST_MAIN(TestStateDonut)
#include "tst_state_donut.moc"
