// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QTabWidget>
#include <QTest>

#include <algorithm>

#include "gui/pages/connections/connections_page.h"
#include "gui/pages/connections/master_list.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using tests::WindowFixture;

class TestConnectionsPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aTestIsShownOfItsMaster();
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
    masters->choose(1);
    WindowFixture::settle();
    QVERIFY(shows(list.masters()[1].cluster + QStringLiteral(" has not been tested yet.")));
    QVERIFY(!shows(QStringLiteral("TLS chain")));
}

QTEST_MAIN(TestConnectionsPage)
#include "tst_connections_page.moc"
