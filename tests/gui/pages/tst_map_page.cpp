// SPDX-License-Identifier: GPL-3.0-or-later
// The map with several clusters, and what it shows while none answers.
#include <QComboBox>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSet>
#include <QTest>

#include "gui/pages/map/map_legend.h"
#include "gui/pages/map/map_page.h"
#include "gui/widgets/cluster_tile.h"
#include "gui/widgets/share_bar.h"
#include "tests/gui/pages/gallery_pictures.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using gui::widgets::ClusterTile;
using tests::WindowFixture;

namespace {

/// Clusters beside the window's own, each with so many machines.
struct Others {
    Others(WindowFixture& fixture, const QList<int>& machines) : factory(fixture.factory) {
        for (qsizetype i = 0; i < machines.size(); ++i) {
            const std::string name = "other-" + std::to_string(i + 1);
            masters.push_back(std::make_unique<tests::ScriptedMaster>(
                fixture.clock.now(), static_cast<std::size_t>(machines[i])));
            factory.others[name] = &masters.back()->fakes();
            tests::importBundle(fixture, name);
        }
    }
    ~Others() { factory.others.clear(); }
    Others(const Others&) = delete;
    Others& operator=(const Others&) = delete;

    void answer() {
        for (auto& master : masters)
            master->connect();
        WindowFixture::settle();
    }

    tests::FakeSessionFactory& factory;
    std::vector<std::unique_ptr<tests::ScriptedMaster>> masters;
};

QList<ClusterTile*> tilesOf(const WindowFixture& fixture) {
    QList<ClusterTile*> out;
    for (auto* tile : fixture.window->page()->findChildren<ClusterTile*>()) {
        if (tile->isVisible()) out << tile;
    }
    return out;
}

QScrollArea* columnOf(const WindowFixture& fixture) {
    for (auto* area : fixture.window->page()->findChildren<QScrollArea*>()) {
        if (area->widget()->objectName() == QLatin1String("tiles")) return area;
    }
    return nullptr;
}

/// Of a widget of this type, what is painted without a line through it and has a figure in it.
template <typename Widget>
QStringList unstruckFigures(WindowFixture& fixture) {
    QStringList out;
    for (const tests::PaintedText& text : tests::paintedTexts(*fixture.window)) {
        const bool inside = qobject_cast<const Widget*>(text.widget) != nullptr ||
                            qobject_cast<const Widget*>(text.widget->parentWidget()) != nullptr;
        const bool figure = std::any_of(text.text.begin(), text.text.end(),
                                        [](QChar letter) { return letter.isDigit(); });
        if (inside && figure && !text.struck) out << text.text;
    }
    return out;
}

}  // namespace

class TestMapPage : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tilesShareTheColumnByMachines();
    void oneTileAloneIsAsHighAsItsWords();
    void manyTilesUseTheRoomThatThereIs_data();
    void manyTilesUseTheRoomThatThereIs();
    void offlineNoFigureOfLegendAndVersionsIsOfNow();
    void openReleasesSayWhose();
    void whoReadsAgainTriesEachCluster();
    void whatIsShownInItsPlaceIsSeen();
};

void TestMapPage::tilesShareTheColumnByMachines() {
    WindowFixture fixture(240);
    fixture.window->resize(1440, 900);
    Others others(fixture, {480, 12});
    fixture.connect();
    others.answer();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    const auto tiles = tilesOf(fixture);
    QCOMPARE(tiles.size(), 3);
    const int least = tiles[2]->minimumSizeHint().height();
    QCOMPARE(tiles[2]->height(), least);
    const double ratio = double(tiles[1]->height()) / tiles[0]->height();
    QVERIFY2(ratio > 1.9 && ratio < 2.1, qPrintable(QString::number(ratio)));
    const int used = tiles[0]->height() + tiles[1]->height() + tiles[2]->height() + 2 * 12;
    QCOMPARE(used, columnOf(fixture)->viewport()->height());
}

void TestMapPage::oneTileAloneIsAsHighAsItsWords() {
    WindowFixture fixture(240);
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    const auto tiles = tilesOf(fixture);
    QCOMPARE(tiles.size(), 1);
    QCOMPARE(tiles[0]->height(), tiles[0]->sizeHint().height());
}

void TestMapPage::manyTilesUseTheRoomThatThereIs_data() {
    QTest::addColumn<int>("clusters");
    QTest::addColumn<int>("columns");
    QTest::addColumn<bool>("scrolls");
    QTest::newRow("3") << 3 << 1 << false;
    QTest::newRow("10") << 10 << 2 << false;
    QTest::newRow("14") << 14 << 2 << false;
    QTest::newRow("40") << 40 << 2 << true;
}

void TestMapPage::manyTilesUseTheRoomThatThereIs() {
    QFETCH(int, clusters);
    QFETCH(int, columns);
    QFETCH(bool, scrolls);
    WindowFixture fixture(240);
    fixture.window->resize(1440, 900);
    QList<int> machines;
    for (int i = 1; i < clusters; ++i)
        machines << 12 * (1 + i % 5);
    Others others(fixture, machines);
    fixture.connect();
    others.answer();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    const auto tiles = tilesOf(fixture);
    QCOMPARE(tiles.size(), clusters);
    QSet<int> lefts;
    int spare = 0;
    for (const ClusterTile* tile : tiles) {
        QVERIFY(tile->height() >= tile->minimumSizeHint().height());
        spare += tile->height() - tile->minimumSizeHint().height();
        lefts << tile->x();
    }
    QCOMPARE(lefts.size(), columns);
    QCOMPARE(columnOf(fixture)->verticalScrollBar()->maximum() > 0, scrolls);
    // Where they fit they say by their height who has the most machines.
    QCOMPARE(spare > 0, !scrolls);
    // And the map keeps its place: nothing of the page is out of sight, in no language.
    const QString name = QStringLiteral("map-clusters-%1").arg(clusters);
    tests::inEachLook(fixture, [&](const QString& suffix, tests::Language language) {
        tests::keep(fixture.window.get(), name + suffix, language);
    });
}

void TestMapPage::offlineNoFigureOfLegendAndVersionsIsOfNow() {
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    QVERIFY(!unstruckFigures<gui::pages::MapLegend>(fixture).isEmpty());
    fixture.master.breakLine();
    WindowFixture::settle();
    const auto none = [](const QStringList& found) {
        return found.isEmpty() ? QString() : found.join(QLatin1Char(','));
    };
    QCOMPARE(none(unstruckFigures<gui::pages::MapLegend>(fixture)), QString());
    QCOMPARE(none(unstruckFigures<gui::widgets::ShareBar>(fixture)), QString());
    bool chip = false;
    for (const auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
        if (!button->isVisible() || !button->text().contains(QLatin1String("open release")))
            continue;
        chip = true;
        QVERIFY(button->font().strikeOut());
        QVERIFY(!button->accessibleDescription().isEmpty());
        // Told again, they are figures of now, also where the colours have changed meanwhile.
        fixture.theme.choose(gui::widgets::ThemeChoice::Dark);
        fixture.master.connect();
        WindowFixture::settle();
        QVERIFY(!button->font().strikeOut());
    }
    QVERIFY(chip);
}

// The strip counts those of all clusters; the page of releases has those of one.
void TestMapPage::openReleasesSayWhose() {
    WindowFixture fixture;
    fixture.window->resize(1440, 900);
    Others others(fixture, {24});
    fixture.connect();
    others.answer();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    QPushButton* chip = nullptr;
    for (auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
        if (button->text() == QLatin1String("2 open releases")) chip = button;
    }
    QVERIFY(chip && chip->isVisible());
    QStringList entries;
    QTimer::singleShot(0, fixture.window.get(), [&entries] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        if (menu == nullptr) return;
        for (const QAction* action : menu->actions())
            entries << action->text();
        menu->setActiveAction(menu->actions().back());
        QTest::keyClick(menu, Qt::Key_Return);
    });
    chip->click();
    WindowFixture::settle();
    QCOMPARE(entries.size(), 2);
    QVERIFY2(entries[1].startsWith(QLatin1String("other-1: 1 open release")),
             qPrintable(entries[1]));
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Releases"));
    QCOMPARE(fixture.desktop->hub.profile().bundle.cluster, std::string("other-1"));
}

// A cluster whose line had ended was tried again by nothing that a person could press.
void TestMapPage::whoReadsAgainTriesEachCluster() {
    WindowFixture fixture(24);
    Others others(fixture, {24, 12});
    fixture.connect();
    others.answer();
    fixture.window->showPage(QStringLiteral("map"));
    gui::services::LinkStatus ended;
    ended.lastError = absl::PermissionDeniedError("wang may not read this cluster");
    tests::FakeConnection& refused = others.masters[0]->fakes().connection;
    refused.tell(ended);
    WindowFixture::settle();
    const QString note = tilesOf(fixture)[1]->toolTip();
    QVERIFY2(note.startsWith(QStringLiteral("not allowed, tried again at ")), qPrintable(note));
    // Also for who does not see it.
    QCOMPARE(tilesOf(fixture)[1]->accessibleDescription(), note);
    QTest::keyClick(fixture.window.get(), Qt::Key_F5);
    QCOMPARE(refused.retries, 1);
    QPushButton* again = nullptr;
    for (auto* button : fixture.window->page()->findChildren<QPushButton*>()) {
        if (button->isVisible() && button->text() == QLatin1String("Try again")) again = button;
    }
    QVERIFY(again != nullptr);
    again->click();
    QCOMPARE(refused.retries, 2);
    QCOMPARE(others.masters[1]->fakes().connection.retries, 0);
}

// Which of map, ring and versions is shown could not be told from the buttons, and what does
// nothing there could be pressed.
void TestMapPage::whatIsShownInItsPlaceIsSeen() {
    WindowFixture fixture(24);
    fixture.window->resize(1440, 900);
    fixture.connect();
    fixture.window->showPage(QStringLiteral("map"));
    WindowFixture::settle();
    QWidget* page = fixture.window->page();
    const auto groundOf = [](QPushButton* button) {
        return button->grab().toImage().pixelColor(6, button->height() / 2);
    };
    const QColor chosen = fixture.theme.color(gui::widgets::Token::AccentBg);
    const QList<QComboBox*> choices = page->findChildren<QComboBox*>();
    QVERIFY(choices.size() >= 2);
    for (const auto& [name, key] :
         {std::pair("map-ring", Qt::Key_H), std::pair("map-versions", Qt::Key_V)}) {
        auto* button = page->findChild<QPushButton*>(QLatin1String(name));
        QVERIFY(button != nullptr);
        QVERIFY2(button->text().endsWith(QChar(key)), qPrintable(button->text()));
        QVERIFY(groundOf(button) != chosen);
        QTest::keyClick(fixture.window.get(), key);
        WindowFixture::settle();
        QVERIFY(button->isChecked());
        QCOMPARE(groundOf(button), chosen);
        int off = 0;
        for (const QComboBox* choice : choices) {
            if (!choice->isVisible() || choice->isEnabled()) continue;
            ++off;
            QVERIFY(!choice->toolTip().isEmpty());
        }
        QCOMPARE(off, 2);
        QTest::keyClick(fixture.window.get(), key);
        WindowFixture::settle();
        QVERIFY(!button->isChecked());
        for (const QComboBox* choice : choices)
            QVERIFY(!choice->isVisible() || choice->isEnabled());
    }
}

QTEST_MAIN(TestMapPage)
#include "tst_map_page.moc"
