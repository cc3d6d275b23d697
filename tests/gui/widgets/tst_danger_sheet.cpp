// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

#include "gui/models/text_format.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/theme.h"
#include "tests/gui/pages/widget_faults.h"

using namespace ifrit::gui;
using models::DangerClass;
using widgets::DangerSheet;

namespace {

models::DangerFacts facts(DangerClass danger) {
    models::DangerFacts out(models::ClusterPlace{QStringLiteral("cn-north-1"), "production"});
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
    void enterOnAButtonDoesNotTheOpposite();
    void wideAsksForReasonAndNumber();
    void theNumberIsTakenAsItIsShown_data();
    void theNumberIsTakenAsItIsShown();
    void aNumberThatDoesNotMatchIsSaidAtOnce();
    void whatATokenAloneDoesNotDoAsksForThePassword();
    void plainChangeAsksForNeither();
    void whatIsOfferedAsksItsOwnQuestion();
    void whatCannotBeOfferedSaysWhy();
    void whatIsOverMeanwhileIsNotAccepted();
    void whatIsOverBeforeIsNotAccepted();
    void longFactsAreReadWhole_data();
    void longFactsAreReadWhole();
    void itSaysThatItIsProduction();
};

// The sheet covers the window's line, which alone had the word.
void TestDangerSheet::itSaysThatItIsProduction() {
    const widgets::Theme theme(*qApp);
    auto asked = facts(DangerClass::Wide);
    const auto said = [&theme, &asked](const QString& text, const char* look) {
        const DangerSheet sheet(theme, asked, nullptr);
        for (const QLabel* label : sheet.findChildren<QLabel*>()) {
            if (label->text() == text)
                return label->property("look").toString() == QLatin1String(look);
        }
        return false;
    };
    QVERIFY(said(QStringLiteral("cn-north-1 · PRODUCTION"), "production"));
    asked.clusters = {{QStringLiteral("cn-test-1"), "test"}};
    QVERIFY(said(QStringLiteral("cn-test-1 · test"), ""));
}

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

// It cancelled, and what was typed was gone.
void TestDangerSheet::enterOnAButtonDoesNotTheOpposite() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::ChangesMachines), nullptr);
    sheet.show();
    sheet.activateWindow();
    sheet.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("CPU doubled"));
    QPushButton* verb = button(sheet, QStringLiteral("Roll back"));
    verb->setFocus();
    QTRY_VERIFY(verb->hasFocus());
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter}) {
        QTest::keyClick(verb, key);
        QVERIFY(sheet.isVisible());
        QCOMPARE(sheet.reason(), QStringLiteral("CPU doubled"));
    }
    QPushButton* cancel = button(sheet, QStringLiteral("Cancel"));
    cancel->setFocus();
    QTest::keyClick(cancel, Qt::Key_Return);
    QVERIFY(!sheet.isVisible());
    QCOMPARE(sheet.result(), static_cast<int>(QDialog::Rejected));
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

// The prompt shows "1 204", and what was copied or typed from it was refused.
void TestDangerSheet::theNumberIsTakenAsItIsShown_data() {
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("taken");
    QTest::newRow("as shown") << models::grouped(1'204) << true;
    QTest::newRow("plain") << QStringLiteral("1204") << true;
    QTest::newRow("space") << QStringLiteral("1 204") << true;
    QTest::newRow("comma") << QStringLiteral("1,204") << true;
    QTest::newRow("full width") << QString::fromUtf8("１，２０４") << true;
    QTest::newRow("around") << QStringLiteral(" 1204 ") << true;
    QTest::newRow("another") << QStringLiteral("1 205") << false;
    QTest::newRow("other groups") << QStringLiteral("12,04") << false;
    QTest::newRow("two numbers") << QStringLiteral("1, 204") << false;
    QTest::newRow("fraction") << QStringLiteral("1.204") << false;
    QTest::newRow("sign") << QStringLiteral("-1204") << false;
    QTest::newRow("zero before") << QStringLiteral("01204") << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestDangerSheet::theNumberIsTakenAsItIsShown() {
    QFETCH(const QString, typed);
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::Wide), nullptr);
    sheet.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("CPU doubled"));
    sheet.findChild<QLineEdit*>()->setText(typed);
    QTEST(button(sheet, QStringLiteral("Roll back"))->isEnabled(), "taken");
}

void TestDangerSheet::aNumberThatDoesNotMatchIsSaidAtOnce() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::Wide), nullptr);
    QPushButton* accept = button(sheet, QStringLiteral("Roll back"));
    QVERIFY(!accept->toolTip().contains(QStringLiteral("does not match")));
    sheet.findChild<QLineEdit*>()->setText(QStringLiteral("12"));
    QVERIFY2(accept->toolTip().contains(QStringLiteral("does not match")),
             qPrintable(accept->toolTip()));
    QVERIFY(accept->toolTip().contains(QStringLiteral("reason")));
}

void TestDangerSheet::whatATokenAloneDoesNotDoAsksForThePassword() {
    const widgets::Theme theme(*qApp);
    models::DangerFacts wanted = facts(DangerClass::ChangesMachines);
    wanted.password = models::DangerFacts::Password::Required;
    DangerSheet sheet(theme, wanted, nullptr);
    auto* password = sheet.findChild<QLineEdit*>(QStringLiteral("password"));
    QVERIFY(password != nullptr);
    QCOMPARE(password->echoMode(), QLineEdit::Password);
    QVERIFY(!password->accessibleName().isEmpty());
    QPushButton* accept = button(sheet, QStringLiteral("Roll back"));
    QVERIFY(!accept->isEnabled());
    QVERIFY(!accept->toolTip().isEmpty());
    password->setText(QStringLiteral(" as typed "));
    QVERIFY(accept->isEnabled());
    QCOMPARE(sheet.consent().password, QStringLiteral(" as typed "));
}

void TestDangerSheet::plainChangeAsksForNeither() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::ChangesMachines), nullptr);
    QVERIFY(!sheet.findChild<QLineEdit*>());
    QVERIFY(button(sheet, QStringLiteral("Roll back"))->isEnabled());
}

void TestDangerSheet::whatIsOfferedAsksItsOwnQuestion() {
    const widgets::Theme theme(*qApp);
    models::DangerFacts first = facts(DangerClass::Wide);
    first.commands = {{{QStringLiteral("campaign"), QStringLiteral("abort")}}};
    DangerSheet sheet(theme, first, nullptr);
    models::DangerFacts more = first;
    more.title = QStringLiteral("Roll all back?");
    more.facts = {{QStringLiteral("eu-1"), QStringLiteral("40 machines")}};
    more.verb = QStringLiteral("Roll all back");
    more.machines = 40;
    more.commands.front().words << QStringLiteral("--rollback");
    sheet.offer(QStringLiteral("all"), {}, more);
    sheet.show();
    auto* box = sheet.findChild<QCheckBox*>();
    auto* number = sheet.findChild<QLineEdit*>();
    sheet.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("why"));
    number->setText(QStringLiteral("1204"));
    QPushButton* accept = button(sheet, QStringLiteral("Roll back"));
    QVERIFY(accept->isEnabled());
    QVERIFY(!sheet.doesMore());
    box->click();
    QVERIFY(sheet.doesMore());
    QCOMPARE(accept->text(), QStringLiteral("Roll all back"));
    QCOMPARE(sheet.windowTitle(), QStringLiteral("Roll all back?"));
    QVERIFY2(!accept->isEnabled(), "the number was of the other question");
    QVERIFY(number->accessibleName().contains(QStringLiteral("40")));
    number->setText(QStringLiteral("40"));
    QVERIFY(accept->isEnabled());
    button(sheet, QStringLiteral("Copy as ifritctl command"))->click();
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("--rollback")));
    box->click();
    QCOMPARE(accept->text(), QStringLiteral("Roll back"));
    QVERIFY(number->text().isEmpty());
    QCOMPARE(sheet.reason(), QStringLiteral("why"));
}

void TestDangerSheet::whatCannotBeOfferedSaysWhy() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::Wide), nullptr);
    sheet.offer(QStringLiteral("all"), QStringLiteral("Nothing goes back."),
                facts(DangerClass::Wide));
    const auto* box = sheet.findChild<QCheckBox*>();
    QVERIFY(!box->isEnabled());
    QCOMPARE(box->toolTip(), QStringLiteral("Nothing goes back."));
}

// It was sent, and refused by the master.
void TestDangerSheet::whatIsOverMeanwhileIsNotAccepted() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::Wide), nullptr);
    QString whyNot;
    QObject teller;
    sheet.follow(teller, &QObject::objectNameChanged, [&whyNot] { return whyNot; });
    sheet.show();
    QPushButton* accept = button(sheet, QStringLiteral("Roll back"));
    const auto* over = sheet.findChild<QLabel*>(QStringLiteral("over"));
    sheet.findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("CPU doubled"));
    sheet.findChild<QLineEdit*>()->setText(QStringLiteral("1204"));
    QVERIFY(accept->isEnabled());
    QVERIFY(!over->isVisible());
    whyNot = QStringLiteral("The release is done.");
    teller.setObjectName(QStringLiteral("a"));
    QVERIFY(!accept->isEnabled());
    QVERIFY(over->isVisible());
    QCOMPARE(over->text(), QStringLiteral("It cannot be done now: The release is done."));
    QCOMPARE(accept->toolTip(), over->text());
    QVERIFY(over->heightForWidth(over->width()) <= over->height());
    // Nothing that is typed brings it back; Cancel still is one.
    sheet.findChild<QLineEdit*>()->setText(QStringLiteral("1"));
    sheet.findChild<QLineEdit*>()->setText(QStringLiteral("1204"));
    QVERIFY(!accept->isEnabled());
    // A line that broke and came back, for one.
    whyNot.clear();
    teller.setObjectName(QStringLiteral("b"));
    QVERIFY(accept->isEnabled());
    QVERIFY(!over->isVisible());
    QCOMPARE(accept->toolTip(), QString());
}

// The line broke in the form that came before the sheet.
void TestDangerSheet::whatIsOverBeforeIsNotAccepted() {
    const widgets::Theme theme(*qApp);
    DangerSheet sheet(theme, facts(DangerClass::ChangesMachines), nullptr);
    const QObject teller;
    sheet.follow(teller, &QObject::objectNameChanged, [] { return QStringLiteral("No line."); });
    sheet.show();
    QVERIFY(!button(sheet, QStringLiteral("Roll back"))->isEnabled());
    const auto* over = sheet.findChild<QLabel*>(QStringLiteral("over"));
    QVERIFY(over->isVisible());
    QCOMPARE(over->text(), QStringLiteral("It cannot be done now: No line."));
}

void TestDangerSheet::longFactsAreReadWhole_data() {
    QTest::addColumn<int>("words");
    for (int words = 8; words <= 40; words += 4)
        QTest::addRow("%d words", words) << words;
}

// Whatever a row breaks at: the last word stood below the edge of its row.
void TestDangerSheet::longFactsAreReadWhole() {
    QFETCH(const int, words);
    const widgets::Theme theme(*qApp);
    models::DangerFacts asked = facts(DangerClass::ChangesMachines);
    for (int row = 0; row < 5; ++row)
        asked.facts << qMakePair(QStringLiteral("Stage %1").arg(row),
                                 QStringLiteral("1.5.0 on %1 ").arg(row).repeated(words / 3 + row));
    asked.sentence = QStringLiteral("What it does. ").repeated(words / 2);
    DangerSheet sheet(theme, asked, nullptr);
    sheet.show();
    QVERIFY(QTest::qWaitForWindowExposed(&sheet));
    for (int round = 0; round < 4; ++round)
        QCoreApplication::processEvents();
    const QStringList faults = ifrit::tests::widgetFaults(sheet);
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
}

QTEST_MAIN(TestDangerSheet)
#include "tst_danger_sheet.moc"
