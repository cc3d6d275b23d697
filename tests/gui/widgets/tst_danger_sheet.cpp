// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui;
using models::DangerClass;
using widgets::DangerSheet;

namespace {

models::DangerFacts facts(DangerClass danger) {
    models::DangerFacts out;
    out.danger = danger;
    out.title = QStringLiteral("Roll back?");
    out.verb = QStringLiteral("Roll back");
    out.machines = 1'204;
    return out;
}

QPushButton* button(const DangerSheet& sheet, const QString& text) {
    for (QPushButton* found : sheet.findChildren<QPushButton*>()) {
        if (found->text() == text) return found;
    }
    return nullptr;
}

}  // namespace

class TestDangerSheet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void enterCancels();
    void wideAsksForReasonAndNumber();
    void plainChangeAsksForNeither();
};

void TestDangerSheet::enterCancels() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::ChangesMachines), nullptr);
    sheet.show();
    QVERIFY(button(sheet, QStringLiteral("Cancel"))->isDefault());
    QVERIFY(!button(sheet, QStringLiteral("Roll back"))->autoDefault());
    QTest::keyClick(&sheet, Qt::Key_Return);
    QCOMPARE(sheet.result(), static_cast<int>(QDialog::Rejected));
    QVERIFY(!sheet.isVisible());
}

void TestDangerSheet::wideAsksForReasonAndNumber() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::Wide), nullptr);
    QPushButton* accept = button(sheet, QStringLiteral("Roll back"));
    auto* reason = sheet.findChild<QPlainTextEdit*>();
    auto* number = sheet.findChild<QLineEdit*>();
    QVERIFY(number);
    QVERIFY(!accept->isEnabled());
    number->setText(QStringLiteral("1204"));
    QVERIFY(!accept->isEnabled());
    reason->setPlainText(QStringLiteral("CPU doubled"));
    QVERIFY(accept->isEnabled());
    number->setText(QStringLiteral("120"));
    QVERIFY2(!accept->isEnabled(), "another number must not pass");
    QVERIFY(!accept->toolTip().isEmpty());
    number->setText(QStringLiteral("1204"));
    reason->setPlainText(QString(2'000, QLatin1Char('x')));
    QVERIFY2(!accept->isEnabled(), "longer than the master takes");
}

void TestDangerSheet::plainChangeAsksForNeither() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::ChangesMachines), nullptr);
    QVERIFY(!sheet.findChild<QLineEdit*>());
    QVERIFY(button(sheet, QStringLiteral("Roll back"))->isEnabled());
}

QTEST_MAIN(TestDangerSheet)
#include "tst_danger_sheet.moc"
