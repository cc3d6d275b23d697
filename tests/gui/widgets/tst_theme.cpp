// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWidget>

#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;

class TestTheme : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void followsTheSystemWhileItRuns();
    void whatWasChosenStays();
};

void TestTheme::followsTheSystemWhileItRuns() {
    Mode system = Mode::Light;
    Theme theme(*qApp, [&system] { return system; });
    QCOMPARE(theme.mode(), Mode::Light);
    QWidget first;
    QWidget second;
    system = Mode::Dark;
    QSignalSpy changed(&theme, &Theme::changed);
    // As the platform tells it: each window, once.
    for (QWidget* window : {&first, &second}) {
        QEvent event(QEvent::ThemeChange);
        QApplication::sendEvent(window, &event);
    }
    QTRY_COMPARE(theme.mode(), Mode::Dark);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(QApplication::palette().color(QPalette::Window), theme.color(Token::Bg));
}

void TestTheme::whatWasChosenStays() {
    Mode system = Mode::Light;
    Theme theme(*qApp, [&system] { return system; });
    theme.choose(ThemeChoice::Light);
    system = Mode::Dark;
    QWidget window;
    QSignalSpy changed(&theme, &Theme::changed);
    QEvent event(QEvent::ThemeChange);
    QApplication::sendEvent(&window, &event);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(theme.mode(), Mode::Light);
    // The system as it is by now, not as it was at start.
    theme.choose(ThemeChoice::System);
    QCOMPARE(theme.mode(), Mode::Dark);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
