// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModel>
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

QTEST_MAIN(TestMachinesPage)
#include "tst_machines_page.moc"
