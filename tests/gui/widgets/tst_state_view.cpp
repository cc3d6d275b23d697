// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QPushButton>
#include <QTest>

#include "gui/widgets/state_view.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;
using ifrit::gui::models::ViewNotice;
using ifrit::gui::models::ViewState;

class TestStateView : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void detailsCanBeCopied_data();
    void detailsCanBeCopied();
};

void TestStateView::detailsCanBeCopied_data() {
    QTest::addColumn<ViewState>("state");
    QTest::addColumn<QString>("detail");
    const QString detail = QStringLiteral("UNIMPLEMENTED\ndesktop 0.3.1, master 0.2.7");
    QTest::newRow("an error") << ViewState::Error << detail;
    QTest::newRow("of another version") << ViewState::VersionSkew << detail;
    QTest::newRow("not allowed") << ViewState::NoPermission << detail;
    QTest::newRow("nothing to copy") << ViewState::Error << QString();
    QTest::newRow("first start") << ViewState::Empty << QStringLiteral("Import a bundle file.");
    QTest::newRow("filtered away") << ViewState::EmptyByFilter << QStringLiteral("agent:logd");
}

// Whoever could not go on for want of a version had to type off what it said.
void TestStateView::detailsCanBeCopied() {
    QFETCH(const ViewState, state);
    QFETCH(const QString, detail);
    Theme theme(*qApp);
    StateView view(theme, nullptr);
    ViewNotice notice;
    notice.state = state;
    notice.sentence = QStringLiteral("It cannot be shown.");
    notice.detail = detail;
    view.show(notice);
    QPushButton* copy = nullptr;
    for (auto* button : view.findChildren<QPushButton*>()) {
        if (button->text() == QStringLiteral("Copy details")) copy = button;
    }
    QVERIFY(copy != nullptr);
    const bool isEmpty = state == ViewState::Empty || state == ViewState::EmptyByFilter;
    QCOMPARE(copy->isHidden(), detail.isEmpty() || isEmpty);
    if (copy->isHidden()) return;
    copy->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), notice.sentence + QLatin1Char('\n') + detail);
}

QTEST_MAIN(TestStateView)
#include "tst_state_view.moc"
