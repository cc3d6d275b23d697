// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModel>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>

#include "gui/pages/machines/machines_page.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using tests::WindowFixture;

class TestMachinesPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_fixture.reset(); }
    void whatWantsAttentionComesFirst();
    void aLabelOfManyMachinesIsAChip();
    void chipsOfWhichThereAreManyDoNotWidenTheWindow();
    void aHalfTypedFieldFiltersNothing();
    void whatIsWrongWithTheFilterIsNotCovered();

private:
    QList<QPushButton*> chips() const {
        QList<QPushButton*> out;
        for (auto* button : m_fixture->window->page()->findChildren<QPushButton*>()) {
            if (button->isVisible() && button->property("term").isValid()) out << button;
        }
        return out;
    }
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestMachinesPage::init() {
    m_fixture = std::make_unique<WindowFixture>(240);
    m_fixture->connect();
    QVERIFY(m_fixture->window->showPage(QStringLiteral("machines")));
    WindowFixture::settle();
}

void TestMachinesPage::whatWantsAttentionComesFirst() {
    const auto& model = m_fixture->desktop->machines.model();
    const QStringList expected = {QStringLiteral("reverted"), QStringLiteral("reverted"),
                                  QStringLiteral("silent")};
    for (int row = 0; row < expected.size(); ++row)
        QCOMPARE(model.index(row, 0).data().toString(), expected[row]);
    QCOMPARE(model.index(model.rowCount() - 1, 0).data().toString(), QStringLiteral("healthy"));
}

void TestMachinesPage::aLabelOfManyMachinesIsAChip() {
    const auto all = chips();
    const auto chip = std::find_if(all.begin(), all.end(), [](const QPushButton* button) {
        return button->property("term") == QStringLiteral("label:zone=b");
    });
    QVERIFY(chip != all.end());
    QCOMPARE((*chip)->text(), QStringLiteral("zone=b 120"));
    (*chip)->click();
    WindowFixture::settle();
    QCOMPARE(m_fixture->desktop->machines.filterText(), QStringLiteral("label:zone=b"));
    QCOMPARE(m_fixture->desktop->machines.model().rowCount(), 120);
}

void TestMachinesPage::chipsOfWhichThereAreManyDoNotWidenTheWindow() {
    const int least = m_fixture->window->minimumSizeHint().width();
    auto& machines = m_fixture->master.machines;
    for (std::size_t i = 0; i < machines.size(); ++i) {
        machines[i].type = "A-TYPE-WITH-A-LONG-NAME-" + std::to_string(i % 7);
        machines[i].pin = "a-pin-with-a-long-name-" + std::to_string(i % 7);
        machines[i].labels = "a-label-with-a-long-name=" + std::to_string(i % 7);
    }
    m_fixture->desktop->hub.close();
    m_fixture->connect();
    QVERIFY(m_fixture->window->showPage(QStringLiteral("machines")));
    WindowFixture::settle();
    QVERIFY(chips().size() > 12);
    QCOMPARE(m_fixture->window->minimumSizeHint().width(), least);
}

// "state" on its way to "state:failed" emptied the table.
void TestMachinesPage::aHalfTypedFieldFiltersNothing() {
    m_fixture->window->activateWindow();
    auto* field = m_fixture->window->page()->findChild<gui::widgets::FilterField*>();
    const auto rows = [this] {
        WindowFixture::settle();
        return m_fixture->desktop->machines.model().rowCount();
    };
    const int all = rows();
    field->setFocus();
    for (const QChar letter : QStringLiteral("state")) {
        QTest::keyClick(field, letter.toLatin1());
        QCOMPARE(rows(), all);
    }
    // Once it is finished it is a word like others.
    QTest::keyClick(field, Qt::Key_Space);
    QCOMPARE(rows(), 0);
    QTest::keyClick(field, Qt::Key_Backspace);
    QCOMPARE(rows(), all);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(rows(), 0);
    field->clear();
    QTest::keyClicks(field, QStringLiteral("type:ARM64 -stat"));
    const int arm = rows();
    QVERIFY(arm > 0 && arm < all);
    m_fixture->window->page()->focusContent();
    QVERIFY(rows() <= arm);
    QCOMPARE(m_fixture->desktop->machines.filterText(), QStringLiteral("type:ARM64 -stat"));
    // What is no field's beginning is found at once.
    field->setFocus();
    field->clear();
    QTest::keyClicks(field, QStringLiteral("zz"));
    QCOMPARE(rows(), 0);
}

void TestMachinesPage::whatIsWrongWithTheFilterIsNotCovered() {
    m_fixture->window->activateWindow();
    auto* page = m_fixture->window->page();
    auto* field = page->findChild<gui::widgets::FilterField*>();
    field->setFocus();
    QTest::keyClicks(field, QStringLiteral("state:fail"));
    WindowFixture::settle();
    QVERIFY(field->offers());
    QVERIFY(m_fixture->desktop->machines.filterError().has_value());
    const QString hint = m_fixture->desktop->machines.filterHint();
    const auto labels = page->findChildren<QLabel*>();
    const auto said = std::find_if(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text() == hint;
    });
    QVERIFY(said != labels.end());
    const QRect words((*said)->mapTo(page, QPoint()), (*said)->size());
    QVERIFY(!field->list()->geometry().intersects(words));
    // Nor the sentence in place of the table, where the filter before matches nothing.
    field->setText(QStringLiteral("zz"));
    WindowFixture::settle();
    field->setCursorPosition(2);
    QTest::keyClicks(field, QStringLiteral(" state:"));
    WindowFixture::settle();
    QVERIFY(field->offers());
    const auto sentence = std::find_if(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() &&
               label->text().contains(QStringLiteral("matches the one before"));
    });
    QVERIFY(sentence != labels.end());
    const QRect line((*sentence)->mapTo(page, QPoint()), (*sentence)->size());
    QVERIFY(field->list()->geometry().bottom() < line.top() ||
            field->list()->geometry().right() < line.center().x() - 100);
}

QTEST_MAIN(TestMachinesPage)
#include "tst_machines_page.moc"
