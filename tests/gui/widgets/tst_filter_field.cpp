// SPDX-License-Identifier: GPL-3.0-or-later
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include "gui/widgets/filter_field.h"

using namespace ifrit;
using gui::models::FilterChoices;
using gui::models::FleetVocabulary;
using gui::widgets::FilterField;

namespace {

struct Page {
    Page() {
        auto* column = new QVBoxLayout(&page);
        field = new FilterField(&page);
        column->addWidget(field);
        next = new QLineEdit(&page);
        column->addWidget(next);
        column->addStretch(1);
        field->setChoices([](const QString& text, int cursor) {
            return gui::models::filterChoices(text, cursor, FleetVocabulary());
        });
        page.resize(600, 400);
        page.show();
        page.activateWindow();
        field->setFocus();
        if (!QTest::qWaitForWindowActive(&page)) qFatal("no keyboard");
    }
    QString row(int index) const { return field->list()->item(index)->text(); }

    QWidget page;
    FilterField* field;
    QLineEdit* next;
};

}  // namespace

class TestFilterField : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theKeyboardTakesAKeyAndThenItsValue();
    void tabTakesWhatIsChosenAndElseGoesOn();
    void theMouseTakesToo();
    void escapePutsTheListAwayAndNothingElse();
    void enterWithoutAChoiceWritesNothing();
    void aTextThatWasSetOffersNothing();
    void aChoiceTakesThePlaceOfTheRest();
    void theListStaysInThePage();
    void aChoiceOutlivesThemeAndLanguage();
    void anEndThatIsNotShownIsTold();
};

void TestFilterField::theKeyboardTakesAKeyAndThenItsValue() {
    Page page;
    QTest::keyClicks(page.field, QStringLiteral("sta"));
    QVERIFY(page.field->offers());
    QCOMPARE(page.row(0), QStringLiteral("state:"));
    QTest::keyClick(page.field, Qt::Key_Down);
    QTest::keyClick(page.field, Qt::Key_Return);
    QCOMPARE(page.field->text(), QStringLiteral("state:"));
    QVERIFY2(page.field->offers(), "its values come next");
    QTest::keyClicks(page.field, QStringLiteral("rev"));
    QTest::keyClick(page.field, Qt::Key_Down);
    QTest::keyClick(page.field, Qt::Key_Return);
    QCOMPARE(page.field->text(), QStringLiteral("state:reverted"));
    QVERIFY(!page.field->offers());
    QVERIFY(page.field->hasFocus());
    QTest::keyClicks(page.field, QStringLiteral(" "));
    QVERIFY(page.field->offers());
}

void TestFilterField::tabTakesWhatIsChosenAndElseGoesOn() {
    Page page;
    QTest::keyClicks(page.field, QStringLiteral("pi"));
    QTest::keyClick(page.field, Qt::Key_Down);
    QTest::keyClick(page.field, Qt::Key_Tab);
    QCOMPARE(page.field->text(), QStringLiteral("pin:"));
    QVERIFY(page.field->hasFocus());
    QTest::keyClick(page.field, Qt::Key_Tab);
    QVERIFY(page.next->hasFocus());
    QVERIFY(!page.field->offers());
}

void TestFilterField::theMouseTakesToo() {
    Page page;
    QTest::keyClick(page.field, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(page.field->offers());
    const QListWidget* list = page.field->list();
    const QRect row = list->visualItemRect(list->item(1));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(page.field->text(), QStringLiteral("type:"));
    QVERIFY(page.field->hasFocus());
}

void TestFilterField::escapePutsTheListAwayAndNothingElse() {
    Page page;
    QTest::keyClicks(page.field, QStringLiteral("sta"));
    QTest::keyClick(page.field, Qt::Key_Escape);
    QVERIFY(!page.field->offers());
    QCOMPARE(page.field->text(), QStringLiteral("sta"));
}

void TestFilterField::enterWithoutAChoiceWritesNothing() {
    Page page;
    QTest::keyClicks(page.field, QStringLiteral("sta"));
    QTest::keyClick(page.field, Qt::Key_Return);
    QCOMPARE(page.field->text(), QStringLiteral("sta"));
    QVERIFY(!page.field->offers());
}

void TestFilterField::aTextThatWasSetOffersNothing() {
    Page page;
    page.field->setText(QStringLiteral("sta"));
    QVERIFY(!page.field->offers());
    QTest::keyClick(page.field, Qt::Key_Down);
    QVERIFY(page.field->offers());
    // Where the cursor has gone there is nothing to offer.
    page.field->setText(QStringLiteral("sta uuid:/x/"));
    QVERIFY(!page.field->offers());
}

void TestFilterField::aChoiceTakesThePlaceOfTheRest() {
    Page page;
    page.field->setText(QStringLiteral("-state:failed,silent pin:acme"));
    page.field->setCursorPosition(static_cast<int>(strlen("-state:fa")));
    QSignalSpy changed(page.field, &QLineEdit::textChanged);
    QTest::keyClick(page.field, Qt::Key_Backspace);
    QTest::keyClick(page.field, Qt::Key_Backspace);
    QTest::keyClicks(page.field, QStringLiteral("rev"));
    QTest::keyClick(page.field, Qt::Key_Down);
    QTest::keyClick(page.field, Qt::Key_Return);
    QCOMPARE(page.field->text(), QStringLiteral("-state:reverted,silent pin:acme"));
    QCOMPARE(page.field->cursorPosition(), static_cast<int>(strlen("-state:reverted")));
    QVERIFY(changed.size() >= 1);
}

void TestFilterField::theListStaysInThePage() {
    Page page;
    page.field->setText(QString(60, QLatin1Char('x')) + QStringLiteral(" "));
    QTest::keyClick(page.field, Qt::Key_Down);
    QVERIFY(page.field->offers());
    QVERIFY(page.page.rect().contains(page.field->list()->geometry()));
    QVERIFY(page.field->list()->y() >= page.field->geometry().bottom());
    QVERIFY(!page.field->list()->accessibleName().isEmpty());
}

// Another theme gave the list the letters of the rest, and another language took the choice away.
void TestFilterField::aChoiceOutlivesThemeAndLanguage() {
    Page page;
    QFont wide(page.field->font());
    wide.setFamily(QStringLiteral("monospace"));
    page.field->setFont(wide);
    QTest::keyClicks(page.field, QStringLiteral("s"));
    QTest::keyClick(page.field, Qt::Key_Down);
    qApp->setStyleSheet(QStringLiteral("QListWidget { font-family: serif; }"));
    QEvent language(QEvent::LanguageChange);
    QCoreApplication::sendEvent(page.field, &language);
    QCOMPARE(page.field->list()->item(0)->font().family(), QStringLiteral("monospace"));
    QCOMPARE(page.field->list()->currentRow(), 0);
    qApp->setStyleSheet({});
}

void TestFilterField::anEndThatIsNotShownIsTold() {
    Page page;
    page.field->setChoices([](const QString&, int) {
        FilterChoices out;
        out.texts = {QStringLiteral("one"), QStringLiteral("two")};
        out.more = 40;
        return out;
    });
    QTest::keyClick(page.field, Qt::Key_Down);
    QCOMPARE(page.field->list()->count(), 3);
    QVERIFY(page.row(2).startsWith(QStringLiteral("40 more")));
    // It is no choice.
    for (int i = 0; i < 5; ++i)
        QTest::keyClick(page.field, Qt::Key_Down);
    QTest::keyClick(page.field, Qt::Key_Return);
    QCOMPARE(page.field->text(), QStringLiteral("two"));
}

QTEST_MAIN(TestFilterField)
#include "tst_filter_field.moc"
