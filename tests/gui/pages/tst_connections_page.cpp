// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTest>

#include <algorithm>
#include <memory>

#include "gui/pages/connections/connections_page.h"
#include "gui/pages/connections/master_list.h"
#include "gui/pages/connections/master_tree_model.h"
#include "gui/widgets/data_tree.h"
#include "gui/widgets/panel.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using gui::pages::MasterTreeModel;
using gui::widgets::DataTree;
using gui::widgets::Panel;
using tests::WindowFixture;

class TestConnectionsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTestIsShownOfItsMaster();
    void anEndedLineSaysWhatBecomesOfIt();
    void panelsKeepTheirWidths();
};

void TestConnectionsPage::aTestIsShownOfItsMaster() {
    WindowFixture fixture;
    const tests::OtherClusters others(fixture, true);
    fixture.window->resize(1440, 900);
    fixture.window->showPage(QStringLiteral("connections"));
    auto* page = qobject_cast<gui::pages::ConnectionsPage*>(fixture.window->page());
    QVERIFY(page != nullptr);
    page->findChild<QTabWidget*>()->setCurrentIndex(1);
    WindowFixture::settle();
    const auto shows = [page](const QString& text) {
        const auto labels = page->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->isVisible() && label->text().contains(text);
        });
    };
    auto& list = fixture.desktop->connections;
    auto* masters = page->findChild<gui::pages::MasterList*>();
    masters->choose(0);
    list.test(0);
    WindowFixture::settle();
    QVERIFY(shows(list.testLine(0)));
    QVERIFY(shows(QStringLiteral("TLS chain")));
    others.masters[0]->fakes().connection.testCalls.deliver(absl::OkStatus());
    WindowFixture::settle();
    QVERIFY(shows(QStringLiteral("Everything works.")));
    masters->choose(1);
    WindowFixture::settle();
    QVERIFY(shows(list.masters()[1].cluster + QStringLiteral(" has not been tested yet.")));
    QVERIFY(!shows(QStringLiteral("TLS chain")));
    QVERIFY(!shows(QStringLiteral("Everything works.")));
}

// In the list there is room for a word alone.
void TestConnectionsPage::anEndedLineSaysWhatBecomesOfIt() {
    const tests::ListedClusters listed(24, true);
    const WindowFixture& fixture = listed.fixture;
    fixture.window->showPage(QStringLiteral("connections"));
    gui::services::LinkStatus ended;
    ended.lastError = absl::PermissionDeniedError("wang may not read this cluster");
    listed.clusters.masters[0]->fakes().connection.tell(ended);
    const auto* page = fixture.window->page();
    page->findChild<gui::pages::MasterList*>()->choose(1);
    WindowFixture::settle();
    const auto labels = page->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() &&
               label->text().startsWith(QStringLiteral("not allowed, tried again at "));
    }));
}

// They moved with every row that was chosen.
void TestConnectionsPage::panelsKeepTheirWidths() {
    WindowFixture fixture;
    const int own = tests::importBundle(fixture, tests::ScriptedMaster::profile().bundle.cluster);
    const auto others = std::make_unique<tests::OtherClusters>(fixture, true);
    fixture.desktop->connections.setGroup(0, QStringLiteral("Europe"));
    fixture.window->resize(1440, 900);
    // One of them says "Disconnect".
    fixture.desktop->connections.connectTo(own);
    WindowFixture::settle();
    fixture.master.connect();
    fixture.window->showPage(QStringLiteral("connections"));
    WindowFixture::settle();
    const auto widths = [&fixture] {
        QList<int> out;
        for (const auto* panel : fixture.window->page()->findChildren<Panel*>())
            if (panel->isVisible()) out << panel->width();
        for (const auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
            const QString text = button->text();
            const bool connects =
                text == QLatin1String("Connect") || text == QLatin1String("Disconnect");
            if (connects && button->isVisible()) out << button->width();
        }
        return out;
    };
    const QList<int> first = widths();
    QVERIFY(first.size() >= 5);
    auto* tree = fixture.window->findChild<DataTree*>();
    const auto* model = fixture.window->findChild<MasterTreeModel*>();
    int masters = 0;
    for (int group = 0; group < model->rowCount(); ++group) {
        const QModelIndex parent = model->index(group, 0);
        tree->setCurrentIndex(parent);
        WindowFixture::settle();
        QCOMPARE(widths(), first);
        for (int row = 0; row < model->rowCount(parent); ++row, ++masters) {
            tree->setCurrentIndex(model->index(row, 0, parent));
            WindowFixture::settle();
            QCOMPARE(widths(), first);
        }
    }
    QVERIFY(masters >= 3);
    fixture.window.reset();
}

QTEST_MAIN(TestConnectionsPage)
#include "tst_connections_page.moc"
