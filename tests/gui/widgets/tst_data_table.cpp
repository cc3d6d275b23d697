// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QHeaderView>
#include <QMenu>
#include <QPaintEvent>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QTest>
#include <QTimer>

#include "gui/widgets/column_chooser.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;
using ifrit::gui::models::MonospaceRole;
using ifrit::gui::models::WidestRole;

namespace {

/// What is painted anew from now on: grab() would paint all of it.
class Painted : public QObject {
public:
    explicit Painted(QWidget& widget) : m_widget(widget) {
        QApplication::processEvents();
        widget.installEventFilter(this);
    }
    bool all() {
        QApplication::processEvents();
        return m_region.contains(m_widget.rect()) &&
               QRegion(m_widget.rect()).subtracted(m_region).isEmpty();
    }

protected:
    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Paint) m_region |= static_cast<QPaintEvent*>(event)->region();
        return false;
    }

private:
    QWidget& m_widget;
    QRegion m_region;
};

}  // namespace

class TestDataTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void theKeyboardIsSeenBeforeARowIsChosen();
    void theKeyboardIsSeenAtTheRow();
    void theMarkMovesAsAWhole();
    void aWrappedCellIsAsHighAsItsText();
    void aColumnThatIsLeftOutComesBackByKey();
    void aTableThatLeavesColumnsOutGoesOnFitting();
    void theLastColumnStays();
    void theButtonIsNotOverATitle();
    void theLineUnderTheTitlesIsWhole();
    void aColumnHasRoomForTheWidestThatItCanHold();
    void whatIsThereGoesBeforeWhatMayCome();
    void columnsFollowValuesThatGrow();
    void whatMayGiveWayDoesNotWhereThereIsRoom();
    void whatCameWhileItWasAwayIsFitted();
    void figuresAtTheEndAreNotStretched();
    void whatIsPreferredWholeIsCutLast();
    void namesGiveWayBeforeATimeIsBehindTheEdge();
    void theOrderIsChosenByKey();
    void resetIsAsOnTheFirstDay();

private:
    /// Twelve columns of which six are left out for want of room.
    void makeNarrow();
    ColumnChooser* chooser() const { return m_table->findChild<ColumnChooser*>(); }
    QStringList shown() const;
    /// Two columns, of which the first says that it can hold `widest`.
    void makeWidest(const QString& widest);
    bool isMarked(const QPoint& at) const;
    /// Around all rows, at its four corners.
    bool isFramed() const;
    Theme m_theme{*qApp};
    std::unique_ptr<QStandardItemModel> m_model;
    std::unique_ptr<DataTable> m_table;
};

void TestDataTable::init() {
    m_model = std::make_unique<QStandardItemModel>(3, 2);
    m_table = std::make_unique<DataTable>(m_theme, nullptr);
    m_table->setModel(m_model.get());
    m_table->resize(400, 300);
    m_table->show();
    m_table->activateWindow();
    m_table->setFocus();
    QTRY_VERIFY(m_table->hasFocus());
}

void TestDataTable::cleanup() {
    m_table.reset();
    m_model.reset();
}

bool TestDataTable::isMarked(const QPoint& at) const {
    return m_table->viewport()->grab().toImage().pixelColor(at) == m_theme.color(Token::Accent);
}

bool TestDataTable::isFramed() const {
    const QRect all = m_table->viewport()->rect();
    return isMarked(all.topLeft()) && isMarked(all.topRight()) && isMarked(all.bottomLeft()) &&
           isMarked(all.bottomRight());
}

void TestDataTable::theKeyboardIsSeenBeforeARowIsChosen() {
    QVERIFY(isFramed());
    m_model->removeRows(0, m_model->rowCount());
    QVERIFY(isFramed());
    m_table->clearFocus();
    QVERIFY(!isFramed());
}

void TestDataTable::theKeyboardIsSeenAtTheRow() {
    QTest::keyClick(m_table.get(), Qt::Key_Down);
    const QModelIndex current = m_table->currentIndex();
    QVERIFY(current.isValid());
    QVERIFY(!isFramed());
    const QRect cell = m_table->visualRect(current);
    QVERIFY(isMarked(cell.topLeft()));
    m_table->clearFocus();
    QVERIFY(!isMarked(cell.topLeft()));
}

// A part of the frame stayed where no row was painted anew.
void TestDataTable::theMarkMovesAsAWhole() {
    Painted chosen(*m_table->viewport());
    QTest::keyClick(m_table.get(), Qt::Key_Down);
    QVERIFY(m_table->currentIndex().isValid());
    QVERIFY(chosen.all());
    Painted left(*m_table->viewport());
    m_table->setCurrentIndex({});
    QVERIFY(left.all());
}

void TestDataTable::aWrappedCellIsAsHighAsItsText() {
    const int one = m_table->rowHeight(0);
    m_table->wrapColumns({0});
    m_table->setColumnWidth(0, 120);
    m_model->setData(m_model->index(1, 0), QStringLiteral("[\"LINUX\", \"CONTAINER\", \"ARM64\"]"));
    QTRY_VERIFY(m_table->rowHeight(1) > one);
    QCOMPARE(m_table->rowHeight(0), one);
    // A word without a place to break at is broken all the same: nothing runs out of the cell.
    m_model->setData(m_model->index(2, 0), QString(60, QLatin1Char('x')));
    QTRY_VERIFY(m_table->rowHeight(2) >= 3 * one / 2);
    const int narrow = m_table->rowHeight(1);
    m_table->setColumnWidth(0, 600);
    QTRY_COMPARE(m_table->rowHeight(1), one);
    QVERIFY(narrow > one);
}

void TestDataTable::makeNarrow() {
    m_model = std::make_unique<QStandardItemModel>(3, 12);
    QList<int> least;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        m_model->setHorizontalHeaderItem(column,
                                         new QStandardItem(QStringLiteral("c%1").arg(column)));
        for (int row = 0; row < 3; ++row)
            m_model->setItem(row, column, new QStandardItem(QStringLiteral("something")));
        if (column > 1) least.prepend(column);
    }
    m_table->setModel(m_model.get());
    m_table->makeSortable(1);
    m_table->leaveOut(least);
    m_table->fitColumns();
    QApplication::processEvents();
}

QStringList TestDataTable::shown() const {
    QStringList out;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        if (!m_table->isColumnHidden(column))
            out << m_model->headerData(column, Qt::Horizontal).toString();
    }
    return out;
}

void TestDataTable::aColumnThatIsLeftOutComesBackByKey() {
    QVERIFY(chooser() == nullptr);
    makeNarrow();
    QVERIFY(shown().size() < 8 && !shown().contains(QStringLiteral("c11")));
    const qsizetype before = shown().size();
    QVERIFY(chooser() != nullptr && chooser()->isVisible());
    QVERIFY(!chooser()->accessibleName().isEmpty());
    // What stands at its side ends before it: the title, and figures under that.
    QCOMPARE(m_table->widthUnderButton(0), 0);
    int last = m_table->model()->columnCount() - 1;
    while (m_table->isColumnHidden(last))
        --last;
    QCOMPARE(m_table->widthUnderButton(last), ColumnChooser::kWidth);
    QVERIFY((chooser()->focusPolicy() & Qt::TabFocus) != 0);
    chooser()->setFocus();
    QTimer::singleShot(0, m_table.get(), [] {
        auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu != nullptr);
        for (QAction* action : menu->actions()) {
            if (action->text() == QLatin1String("c11")) menu->setActiveAction(action);
        }
        QTest::keyClick(menu, Qt::Key_Return);
    });
    QTest::keyClick(chooser(), Qt::Key_Space);
    QCOMPARE(shown().size(), before + 1);
    QCOMPARE(shown().back(), QStringLiteral("c11"));
    QVERIFY(m_table->columnWidth(11) > 60);
    // It is the operator's now: remembered, and no fitting takes it away again.
    QVERIFY(!m_table->columns().isEmpty());
    m_table->resize(300, 300);
    QApplication::processEvents();
    QCOMPARE(shown().back(), QStringLiteral("c11"));
}

// Leaving several out was taken for the operator's own widths: in another language, or with more
// room, the table kept those that it had.
void TestDataTable::aTableThatLeavesColumnsOutGoesOnFitting() {
    makeNarrow();
    QVERIFY(shown().size() < 8);
    QTRY_VERIFY(m_table->columns().isEmpty());
    m_table->resize(2'000, 300);
    QApplication::processEvents();
    QCOMPARE(shown().size(), m_model->columnCount());
}

void TestDataTable::theLastColumnStays() {
    makeNarrow();
    for (int column = 1; column < m_model->columnCount(); ++column)
        m_table->showColumn(column, false);
    QMenu menu;
    ColumnChooser::fill(menu, *m_table);
    QVERIFY(!menu.actions().front()->isEnabled());
    QVERIFY(menu.actions()[1]->isEnabled());
}

// A count's title stands at the right, where the button is: "Certificat".
void TestDataTable::theButtonIsNotOverATitle() {
    makeNarrow();
    const QHeaderView& header = *m_table->horizontalHeader();
    int last = m_model->columnCount() - 1;
    while (m_table->isColumnHidden(last))
        --last;
    chooser()->hide();
    const QRect under = chooser()->geometry().translated(-header.x(), -header.y());
    const auto bare = [&] {
        const QImage image = m_table->horizontalHeader()->viewport()->grab(under).toImage();
        for (int y = 0; y < image.height() - 2; ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) != image.pixelColor(1, 1)) return false;
            }
        }
        return true;
    };
    for (const auto side : {Qt::AlignLeft, Qt::AlignRight}) {
        m_model->setHeaderData(last, Qt::Horizontal, int(side | Qt::AlignVCenter),
                               Qt::TextAlignmentRole);
        QVERIFY(bare());
    }
}

// It ended before the button.
void TestDataTable::theLineUnderTheTitlesIsWhole() {
    makeNarrow();
    QVERIFY(chooser()->isVisible());
    for (const ThemeChoice look : {ThemeChoice::Light, ThemeChoice::Dark}) {
        m_theme.choose(look);
        QApplication::processEvents();
        const QImage image = m_table->grab(m_table->horizontalHeader()->geometry()).toImage();
        for (int x = 0; x < image.width(); ++x) {
            QVERIFY2(image.pixelColor(x, image.height() - 1) == m_theme.color(Token::Border),
                     qPrintable(QStringLiteral("%1 of %2").arg(x).arg(image.width())));
        }
    }
}

void TestDataTable::makeWidest(const QString& widest) {
    m_model->setHorizontalHeaderLabels({QStringLiteral("until"), QStringLiteral("why")});
    m_model->horizontalHeaderItem(0)->setData(QStringList{QStringLiteral("x"), widest}, WidestRole);
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("11:21:07")));
    m_model->setItem(0, 1, new QStandardItem(QStringLiteral("why")));
    m_table->fitColumns();
}

void TestDataTable::aColumnHasRoomForTheWidestThatItCanHold() {
    const QString widest = QStringLiteral("2027年11月28日 20:48 +08:00");
    makeWidest(widest);
    m_model->setItem(1, 0, new QStandardItem(widest));
    QVERIFY(m_table->columnWidth(0) >= m_table->sizeHintForIndex(m_model->index(1, 0)).width());
    // Wider than what gives way where there is too little room, it does not.
    const QString wider = widest + QStringLiteral(" 2027年");
    m_model->horizontalHeaderItem(0)->setData(QStringList(wider), WidestRole);
    m_model->setItem(1, 0, new QStandardItem(wider));
    m_model->setItem(1, 1, new QStandardItem(QString(60, QLatin1Char('w'))));
    m_table->resetColumns();
    QVERIFY(m_table->columnWidth(0) >= m_table->sizeHintForIndex(m_model->index(1, 0)).width());
}

void TestDataTable::whatIsThereGoesBeforeWhatMayCome() {
    m_table->resize(300, 300);
    m_model->setItem(1, 1, new QStandardItem(QStringLiteral("a reason that is rather long")));
    makeWidest(QStringLiteral("2027年11月28日 20:48 +08:00"));
    QVERIFY(m_table->columnWidth(1) >= m_table->sizeHintForIndex(m_model->index(1, 1)).width());
    QVERIFY(m_table->columnWidth(0) >= m_table->sizeHintForIndex(m_model->index(0, 0)).width());
}

// They stood at what the first values needed, and cut those that came in their place.
void TestDataTable::columnsFollowValuesThatGrow() {
    const QString grown = QStringLiteral("2027-11-28 20:48 +08:00");
    QStandardItemModel others(1, 2);
    others.setHorizontalHeaderLabels({QStringLiteral("until"), QStringLiteral("why")});
    others.setItem(0, 0, new QStandardItem(QStringLiteral("11:21")));
    DataTable own(m_theme, nullptr);
    own.setModel(&others);
    own.resize(400, 300);
    own.fitColumns();
    own.show();
    constexpr int kByHand = 77;
    own.setColumnWidth(0, kByHand);
    m_model->setHorizontalHeaderLabels({QStringLiteral("until"), QStringLiteral("why")});
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("11:21")));
    m_table->fitColumns();
    QApplication::processEvents();
    const auto wanted = [this] { return m_table->sizeHintForIndex(m_model->index(0, 0)).width(); };
    QVERIFY(m_table->columnWidth(0) >= wanted());
    // The operator's own first: it has had its turn when the other one has.
    others.item(0, 0)->setText(grown);
    m_model->item(0, 0)->setText(grown);
    QVERIFY(m_table->columnWidth(0) < wanted());
    QTRY_VERIFY(m_table->columnWidth(0) >= wanted());
    QApplication::processEvents();
    QCOMPARE(own.columnWidth(0), kByHand);
}

// "1.5.0 → 1.5…", with half of the table empty.
void TestDataTable::whatMayGiveWayDoesNotWhereThereIsRoom() {
    m_model->setHorizontalHeaderLabels({QStringLiteral("version"), QStringLiteral("why")});
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("1.5.0")));
    m_model->item(0, 0)->setData(true, MonospaceRole);
    m_table->resize(700, 300);
    m_table->fitColumns();
    QApplication::processEvents();
    m_model->item(0, 0)->setText(QStringLiteral("1.5.0 → 1.5.1-of-the-evening"));
    const auto wanted = [this] { return m_table->sizeHintForIndex(m_model->index(0, 0)).width(); };
    QVERIFY(m_table->columnWidth(0) < wanted());
    QTRY_VERIFY(m_table->columnWidth(0) >= wanted());
}

void TestDataTable::whatCameWhileItWasAwayIsFitted() {
    m_model->setHorizontalHeaderLabels({QStringLiteral("state"), QStringLiteral("why")});
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("connected")));
    m_table->fitColumns();
    m_table->hide();
    m_model->item(0, 0)->setText(QStringLiteral("0 of 1 connected, reconnecting"));
    // It looks, and sees that nobody does.
    QTimer* look = nullptr;
    for (auto* timer : m_table->findChildren<QTimer*>())
        look = timer->isActive() && timer->interval() == 300 ? timer : look;
    QTRY_VERIFY(look == nullptr || !look->isActive());
    m_table->show();
    QTRY_VERIFY(m_table->columnWidth(0) >= m_table->sizeHintForIndex(m_model->index(0, 0)).width());
}

// The last of four counts stood far from the others, under half of the table's width.
void TestDataTable::figuresAtTheEndAreNotStretched() {
    m_model->setHorizontalHeaderLabels({QStringLiteral("name"), QStringLiteral("tokens")});
    m_model->horizontalHeaderItem(1)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("chen.yu")));
    m_model->setItem(0, 1, new QStandardItem(QStringLiteral("2")));
    m_table->fitColumns();
    const int room = m_table->viewport()->width();
    QVERIFY(m_table->columnWidth(1) < room / 3);
    QCOMPARE(m_table->columnWidth(0) + m_table->columnWidth(1), room);
    // Of words the last one goes as far as there is room.
    m_model->horizontalHeaderItem(1)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->resetColumns();
    QVERIFY(m_table->columnWidth(1) > room / 2);
}

// A serial was cut to its ends beside columns that had nothing to say.
void TestDataTable::whatIsPreferredWholeIsCutLast() {
    m_model = std::make_unique<QStandardItemModel>(1, 3);
    m_model->setHorizontalHeaderLabels(
        {QStringLiteral("until"), QStringLiteral("serial"), QStringLiteral("reason")});
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("11:21:07")));
    auto* serial = new QStandardItem(QString(32, QLatin1Char('4')));
    serial->setData(true, MonospaceRole);
    m_model->setItem(0, 1, serial);
    m_model->setItem(0, 2, new QStandardItem(QStringLiteral("the key was lost")));
    m_table->setModel(m_model.get());
    m_table->leaveOut({2});
    m_table->preferWhole(1);
    m_table->fitColumns();
    const int whole = m_table->sizeHintForIndex(m_model->index(0, 1)).width();
    QVERIFY(m_table->isColumnHidden(2));
    QVERIFY(m_table->columnWidth(1) >= whole);
    m_table->resize(700, 300);
    QVERIFY(!m_table->isColumnHidden(2));
    QVERIFY(m_table->columnWidth(1) >= whole);
    // There is no room for it at all: it is cut, and nothing has to be scrolled for.
    m_table->resize(200, 300);
    QVERIFY(m_table->isColumnHidden(2));
    QVERIFY(m_table->columnWidth(1) < whole);
    QVERIFY(m_table->columnWidth(0) + m_table->columnWidth(1) <= m_table->viewport()->width());
}

// The time of the chosen entry was cut, and the table had a bar, for want of a few pixels.
void TestDataTable::namesGiveWayBeforeATimeIsBehindTheEdge() {
    m_model = std::make_unique<QStandardItemModel>(1, 3);
    m_model->setHorizontalHeaderLabels(
        {QStringLiteral("agent"), QStringLiteral("level"), QStringLiteral("since")});
    const QString time = QStringLiteral("28 Nov 20:48 +08:00");
    m_model->horizontalHeaderItem(2)->setData(QStringList(time), WidestRole);
    m_model->setItem(0, 0, new QStandardItem(QStringLiteral("prometheus-node-exporter")));
    m_model->setItem(0, 1, new QStandardItem(QStringLiteral("gray")));
    m_model->setItem(0, 2, new QStandardItem(time));
    m_table->setModel(m_model.get());
    const auto wanted = [this](int column) {
        return m_table->sizeHintForIndex(m_model->index(0, column)).width();
    };
    m_table->resize(wanted(0) + wanted(1) + wanted(2) - 20, 300);
    m_table->fitColumns();
    QApplication::processEvents();
    QVERIFY(!m_table->horizontalScrollBar()->isVisible());
    QVERIFY(m_table->columnWidth(0) < wanted(0));
    QVERIFY(m_table->columnWidth(1) >= wanted(1));
    QVERIFY(m_table->columnWidth(2) >= wanted(2));
    // Where that is not enough the table is scrolled, and says all.
    m_table->resize(wanted(2), 300);
    QApplication::processEvents();
    for (int column = 0; column < 3; ++column)
        QVERIFY(m_table->columnWidth(column) >= wanted(column));
}

void TestDataTable::theOrderIsChosenByKey() {
    makeNarrow();
    const auto sortBy = [this](int column) {
        QMenu menu;
        ColumnChooser::fill(menu, *m_table);
        for (QAction* action : menu.actions()) {
            if (action->menu() != nullptr) action->menu()->actions().at(column)->trigger();
        }
    };
    // One that is not shown, too.
    sortBy(11);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), 11);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorOrder(), Qt::AscendingOrder);
    sortBy(11);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorOrder(), Qt::DescendingOrder);
}

void TestDataTable::resetIsAsOnTheFirstDay() {
    makeNarrow();
    const QStringList first = shown();
    m_table->showColumn(9, true);
    m_table->showColumn(0, false);
    m_table->sortByColumn(3, Qt::DescendingOrder);
    QMenu menu;
    ColumnChooser::fill(menu, *m_table);
    menu.actions().back()->trigger();
    QCOMPARE(shown(), first);
    QCOMPARE(m_table->horizontalHeader()->sortIndicatorSection(), 1);
    QVERIFY(m_table->columns().isEmpty());
}

QTEST_MAIN(TestDataTable)
#include "tst_data_table.moc"
