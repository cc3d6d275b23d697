// SPDX-License-Identifier: GPL-3.0-or-later
// What a page offers, and how it looks, while something is not possible.
#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QTabWidget>
#include <QTest>

#include <algorithm>

#include "gui/models/status_words.h"
#include "gui/pages/machines/machines_page.h"
#include "gui/pages/map/map_page.h"
#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/status_badge.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using domain::ReleaseVerb;
using gui::app::MainWindow;
using gui::widgets::StatusBadge;
using gui::widgets::Token;
using tests::button;
using tests::WindowFixture;

namespace {

bool has(const QImage& picture, const QColor& color) {
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.pixelColor(x, y) == color) return true;
        }
    }
    return false;
}

}  // namespace

class TestPageOffers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theKeyboardStaysAtThePage();
    void readOnlyOffersNoFirstAction_data();
    void readOnlyOffersNoFirstAction();
    void whatWasAnsweredIsOfThatRelease();
    void anOldStateKeepsNoColour();
    void theLongestGroupingIsReadable();
    void whoNobodyChoseIsNotShown();
    void listsGoOnBehindTheirFirstPage_data();
    void listsGoOnBehindTheirFirstPage();
};

// The button that was pressed is disabled until the master answers. Qt would hand the keyboard to
// the rail, where the next key opens another page.
void TestPageOffers::theKeyboardStaysAtThePage() {
    WindowFixture fixture;
    auto& release = fixture.master.releases.front();
    release.release.state = domain::ReleaseState::Running;
    release.allowedVerbs = {ReleaseVerb::Pause};
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    QAbstractButton* pause = button(fixture.window->page(), QStringLiteral("Pause"));
    QVERIFY(pause && pause->isEnabled());
    pause->setFocus();
    QVERIFY(pause->hasFocus());
    QTest::keyClick(pause, Qt::Key_Space);
    QVERIFY(!pause->isEnabled());
    const QWidget* focus = fixture.window->focusWidget();
    QVERIFY(focus != nullptr);
    QVERIFY2(fixture.window->page()->isAncestorOf(focus), focus->metaObject()->className());
}

void TestPageOffers::readOnlyOffersNoFirstAction_data() {
    QTest::addColumn<QString>("page");
    QTest::addColumn<QString>("action");
    QTest::addColumn<bool>("readOnly");
    for (const bool readOnly : {false, true}) {
        const char* suffix = readOnly ? "read-only" : "full";
        QTest::addRow("packages, %s", suffix)
            << QStringLiteral("packages") << QStringLiteral("Publish a package…") << readOnly;
        QTest::addRow("releases, %s", suffix)
            << QStringLiteral("releases") << QStringLiteral("New release…") << readOnly;
    }
}

// Beside "nothing yet" stood a button that led to Connections.
void TestPageOffers::readOnlyOffersNoFirstAction() {
    QFETCH(QString, page);
    QFETCH(QString, action);
    QFETCH(bool, readOnly);
    WindowFixture fixture;
    fixture.master.packages.clear();
    fixture.master.releases.clear();
    auto profile = tests::ScriptedMaster::profile("production");
    profile.readOnly = readOnly;
    fixture.desktop->hub.open(profile);
    WindowFixture::settle();
    fixture.master.connect();
    fixture.window->showPage(page);
    WindowFixture::settle();
    // The one beside the heading is there, disabled, and says why.
    const QAbstractButton* offered = button(fixture.window->page(), action);
    QCOMPARE(offered != nullptr && offered->isEnabled(), !readOnly);
}

// The refusal of one release stood on the page of the next.
void TestPageOffers::whatWasAnsweredIsOfThatRelease() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
    Q_EMIT fixture.desktop->release.acted(QStringLiteral("refused because of that"));
    const auto says = [&fixture] {
        const auto labels = fixture.window->page()->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
            return label->isVisible() && label->text() == QStringLiteral("refused because of that");
        });
    };
    QVERIFY(says());
    fixture.window->showRelease(QStringLiteral("another"));
    QVERIFY(!says());
}

void TestPageOffers::anOldStateKeepsNoColour() {
    WindowFixture fixture;
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    const auto& columns = fixture.desktop->feed.store().columns();
    std::size_t healthy = 0;
    while (columns.state[healthy] != domain::MachineState::Healthy || columns.offline[healthy] != 0)
        ++healthy;
    fixture.window->showMachine(gui::models::toText(columns.uuid[healthy]));
    WindowFixture::settle();
    auto* badge = fixture.window->page()->findChild<StatusBadge*>();
    QVERIFY(badge && badge->isVisible());
    const QColor ok = fixture.theme.color(Token::OkText);
    QVERIFY(has(badge->grab().toImage(), ok));
    gui::services::LinkStatus link;
    link.state = gui::services::LinkState::Stale;
    fixture.master.fakes().connection.tell(link);
    WindowFixture::settle();
    QVERIFY(!has(badge->grab().toImage(), ok));
}

// The machines' labels come after the page was laid out.
void TestPageOffers::theLongestGroupingIsReadable() {
    WindowFixture fixture;
    fixture.window->showView(MainWindow::Map);
    WindowFixture::settle();
    fixture.connect();
    for (const auto* box : fixture.window->page()->findChildren<QComboBox*>()) {
        if (!box->isVisible()) continue;
        int widest = 0;
        for (int i = 0; i < box->count(); ++i)
            widest = std::max(widest, box->fontMetrics().horizontalAdvance(box->itemText(i)));
        constexpr int kArrow = 24;
        QVERIFY2(box->width() >= widest + kArrow, qPrintable(box->accessibleName()));
    }
}

// A machine was removed, and the details showed its neighbour.
void TestPageOffers::whoNobodyChoseIsNotShown() {
    WindowFixture fixture;
    fixture.connect();
    fixture.window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* table = fixture.window->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    auto& machines = fixture.desktop->machines;
    table->selectRow(3);
    const QString chosen = machines.model().uuidAt(3);
    QCOMPARE(machines.detail().uuid(), chosen);
    Q_EMIT machines.removal().removed({chosen});
    QCOMPARE(machines.detail().uuid(), QString());
    // Nor is there a row that Qt would go on from.
    QVERIFY(!table->currentIndex().isValid());
}

void TestPageOffers::listsGoOnBehindTheirFirstPage_data() {
    QTest::addColumn<bool>("machine");
    QTest::addColumn<int>("tab");
    QTest::newRow("machine, timeline") << true << 3;
    QTest::newRow("release, timeline") << false << 2;
    QTest::newRow("release, audit") << false << 6;
}

// They ended where their first page did, without a word.
void TestPageOffers::listsGoOnBehindTheirFirstPage() {
    QFETCH(const bool, machine);
    QFETCH(const int, tab);
    WindowFixture fixture;
    auto& fakes = fixture.master.fakes();
    const auto cut = [](auto& calls) {
        calls.automatic = [whole = calls.automatic](const auto& question) {
            auto page = whole(question);
            page->nextToken = "p2";
            return page;
        };
    };
    cut(fakes.fleet.eventCalls);
    cut(fakes.releases.timelineCalls);
    cut(fakes.audit.listCalls);
    fixture.connect();
    if (machine) {
        fixture.window->showView(MainWindow::Machines);
        WindowFixture::settle();
        qobject_cast<gui::pages::MachinesPage*>(fixture.window->page())
            ->showMachine(QString::fromStdString(fixture.master.machines.front().uuid));
    } else {
        fixture.window->showPage(QStringLiteral("release"));
    }
    WindowFixture::settle();
    auto* tabs = fixture.window->page()->findChild<QTabWidget*>();
    QVERIFY(tabs != nullptr);
    tabs->setCurrentIndex(tab);
    QAbstractButton* more = button(tabs->currentWidget(), QStringLiteral("Load more"));
    QVERIFY(more != nullptr);
    // The list's own call: another one may reload itself meanwhile.
    const auto asked = [&] {
        if (machine) return fakes.fleet.eventCalls.made();
        return tab == 2 ? fakes.releases.timelineCalls.made() : fakes.audit.listCalls.made();
    };
    const std::size_t before = asked();
    QTest::mouseClick(more, Qt::LeftButton);
    QVERIFY(asked() > before);
}

QTEST_MAIN(TestPageOffers)
#include "tst_page_offers.moc"
