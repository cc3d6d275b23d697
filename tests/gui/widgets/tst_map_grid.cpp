// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/widgets/map_grid.h"

using ifrit::gui::widgets::layOutMap;
using ifrit::gui::widgets::MapGrid;

class TestMapGrid : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void usesTheWidth_data();
    void usesTheWidth();
    void nothingOverlapsOrLeavesTheArea_data();
    void nothingOverlapsOrLeavesTheArea();
    void fewMachinesGetTilesWithRoomForAName();
    void aLargeGroupTakesOfTheRoomOfSmallOnes();
    void hasNothingToLayOut();
};

void TestMapGrid::usesTheWidth_data() {
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("machines");
    QTest::addColumn<int>("across");
    QTest::addColumn<int>("cell");
    // A small cluster: cells are as large as they get either way, so the width decides.
    QTest::newRow("one group") << 1 << 12 << 1 << 22;
    QTest::newRow("two groups side by side") << 2 << 6 << 2 << 22;
    QTest::newRow("three") << 3 << 4 << 3 << 22;
    QTest::newRow("eight batches in two rows of four") << 8 << 2 << 4 << 22;
    QTest::newRow("a crowd: every cell one pixel at least") << 8 << 125'000 << 4 << 1;
}

void TestMapGrid::usesTheWidth() {
    QFETCH(int, groups);
    QFETCH(int, machines);
    QFETCH(int, across);
    QFETCH(int, cell);
    const MapGrid grid =
        layOutMap({1000, 560}, std::vector<std::size_t>(static_cast<std::size_t>(groups),
                                                        static_cast<std::size_t>(machines)));
    QCOMPARE(grid.across, across);
    QCOMPARE(grid.cell, QSize(cell, cell));
}

void TestMapGrid::nothingOverlapsOrLeavesTheArea_data() {
    QTest::addColumn<int>("groups");
    QTest::addColumn<int>("machines");
    QTest::addColumn<QSize>("area");
    for (const int groups : {1, 2, 3, 5, 7, 8, 12}) {
        for (const int machines : {1, 12, 240, 3'000}) {
            for (const QSize area : {QSize(1000, 560), QSize(420, 700), QSize(1600, 640)}) {
                QTest::addRow("%dx%d in %dx%d", groups, machines, area.width(), area.height())
                    << groups << machines << area;
            }
        }
    }
}

void TestMapGrid::nothingOverlapsOrLeavesTheArea() {
    QFETCH(int, groups);
    QFETCH(int, machines);
    QFETCH(QSize, area);
    const MapGrid grid =
        layOutMap(area, std::vector<std::size_t>(static_cast<std::size_t>(groups),
                                                 static_cast<std::size_t>(machines)));
    for (std::size_t i = 0; i < grid.places.size(); ++i) {
        const QRect here = grid.places[i].title | grid.places[i].cells;
        QVERIFY(QRect(QPoint(), area).contains(here));
        QVERIFY(grid.places[i].cells.height() / grid.cell.height() * grid.places[i].columns >=
                machines);
        for (std::size_t other = 0; other < i; ++other) {
            QVERIFY(!here.intersects(grid.places[other].title | grid.places[other].cells));
        }
    }
}

void TestMapGrid::fewMachinesGetTilesWithRoomForAName() {
    using ifrit::gui::widgets::layOutTiles;
    const QSize area(1000, 560);
    const QSize least(130, 36);
    for (const std::size_t groups : {1, 2, 4}) {
        for (const std::size_t machines : {1, 3, 12}) {
            const std::vector<std::size_t> sizes(groups, machines);
            const auto grid = layOutTiles(area, sizes, least);
            QVERIFY(grid);
            QVERIFY(grid->cell.width() >= least.width() && grid->cell.height() == least.height());
            for (std::size_t i = 0; i < groups; ++i) {
                const MapGrid::Place& place = grid->places[i];
                QVERIFY(QRect(QPoint(), area).contains(place.title | place.cells));
                const int lines = place.cells.height() / grid->cell.height();
                QVERIFY(lines * place.columns >= static_cast<int>(machines));
            }
        }
    }
    QVERIFY(!layOutTiles(area, {2'000}, least));
    QVERIFY2(!layOutTiles(area, std::vector<std::size_t>(8, 12), least), "two rows too many");
    QVERIFY(!layOutTiles(area, {12}, {}));
    QVERIFY(!layOutTiles({}, {12}, least));
}

// Four batches over an open dock: one below the other a large one left no room, while the width
// stood empty, and all of them fell to squares without a name.
void TestMapGrid::aLargeGroupTakesOfTheRoomOfSmallOnes() {
    using ifrit::gui::widgets::layOutTiles;
    const QSize area(888, 302);
    const QSize least(132, 36);
    const std::vector<std::size_t> sizes = {10, 6, 5, 9};
    const auto grid = layOutTiles(area, sizes, least);
    QVERIFY(grid);
    QCOMPARE(grid->across, 4);
    QVERIFY(grid->cell.width() >= least.width());
    QCOMPARE(grid->places[0].columns, 2);
    QCOMPARE(grid->places[1].columns, 1);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const MapGrid::Place& place = grid->places[i];
        QVERIFY(QRect(QPoint(), area).contains(place.title | place.cells));
        QVERIFY(place.cells.height() / grid->cell.height() * place.columns >=
                static_cast<int>(sizes[i]));
        for (std::size_t other = 0; other < i; ++other)
            QVERIFY(!place.cells.intersects(grid->places[other].cells));
    }
}

void TestMapGrid::hasNothingToLayOut() {
    QVERIFY(layOutMap({1000, 500}, {}).places.empty());
    QCOMPARE(layOutMap({0, 0}, {5, 5}).places.size(), std::size_t{2});
}

QTEST_APPLESS_MAIN(TestMapGrid)
#include "tst_map_grid.moc"
