// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>

#include "gui/widgets/picture.h"
#include "gui/widgets/theme.h"
#include "gui/widgets/version_bars.h"
#include "tests/gui/support/shown_view.h"

using namespace ifrit::gui::widgets;
using ifrit::gui::models::VersionSpread;

namespace {

struct ShownBars : ifrit::tests::ShownView<VersionBars> {
    ShownBars() {
        view.setVersions(QStringLiteral("Machines by version"),
                         {{"1.6.1", 50, 50, 150}, {"1.5.0", 200, 0, 0}, {"1.4.0", 1, 1, 0}}, 0);
        show({400, view.sizeHint().height()});
    }
};

}  // namespace

class TestVersionBars : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aClickOpensTheBar();
    void theKeyboardGoesFromBarToBar();
    void everythingIsSaid();
    void theMarkedOneStandsOut();
    void figuresAreInThePicture();
    void itGrowsWithItsBars();
};

void TestVersionBars::aClickOpensTheBar() {
    ShownBars shown;
    QSignalSpy opened(&shown.view, &VersionBars::opened);
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, shown.view.placeOf(1).center());
    QCOMPARE(opened.count(), 1);
    QCOMPARE(opened[0][0].toInt(), 1);
    // The legend is no bar.
    QTest::mouseClick(&shown.view, Qt::LeftButton, {}, {20, 6});
    QTest::mouseClick(&shown.view, Qt::RightButton, {}, shown.view.placeOf(1).center());
    QCOMPARE(opened.count(), 1);
    QCOMPARE(shown.view.barAt(shown.view.height() + 10), -1);
}

void TestVersionBars::theKeyboardGoesFromBarToBar() {
    ShownBars shown;
    QSignalSpy opened(&shown.view, &VersionBars::opened);
    QSignalSpy reached(&shown.view, &VersionBars::reached);
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(opened.count(), 0);
    QTest::keyClick(&shown.view, Qt::Key_Down);
    QTest::keyClick(&shown.view, Qt::Key_Down);
    QCOMPARE(reached.count(), 2);
    QVERIFY(shown.view.accessibleDescription().startsWith(QStringLiteral("1.5.0")));
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(opened[0][0].toInt(), 1);
    QTest::keyClick(&shown.view, Qt::Key_Escape);
    QTest::keyClick(&shown.view, Qt::Key_Up);
    QTest::keyClick(&shown.view, Qt::Key_Return);
    QCOMPARE(opened[1][0].toInt(), 2);
}

void TestVersionBars::everythingIsSaid() {
    ShownBars shown;
    QCOMPARE(shown.view.accessibleName(), QStringLiteral("Machines by version"));
    const QStringList lines = shown.view.accessibleDescription().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines[0].contains(QStringLiteral("1.6.1")) && lines[0].contains(QStringLiteral("50")) &&
            lines[0].contains(QStringLiteral("150")));
}

void TestVersionBars::theMarkedOneStandsOut() {
    ShownBars shown;
    const QImage picture = shown.view.grab().toImage();
    int accent = 0;
    for (int x = 0; x < picture.width(); ++x) {
        const QPoint first(x, shown.view.placeOf(0).center().y());
        const QPoint second(x, shown.view.placeOf(1).center().y());
        if (picture.pixelColor(first) == shown.theme.color(Token::Accent)) ++accent;
        QVERIFY(picture.pixelColor(second) != shown.theme.color(Token::Accent));
    }
    QVERIFY(accent > 20);
}

void TestVersionBars::figuresAreInThePicture() {
    ShownBars shown;
    const QByteArray svg = svgOf(shown.view, shown.theme);
    QVERIFY(svg.contains("1.6.1"));
    QVERIFY(svg.contains("50 +150"));
    QVERIFY(svg.contains("Machines by version"));
}

void TestVersionBars::itGrowsWithItsBars() {
    ShownBars shown;
    const int three = shown.view.minimumSizeHint().height();
    shown.view.setVersions({}, std::vector<VersionSpread>(40, {"1.0", 1, 1, 0}), -1);
    QVERIFY(shown.view.minimumSizeHint().height() > 10 * three);
}

QTEST_MAIN(TestVersionBars)
#include "tst_version_bars.moc"
