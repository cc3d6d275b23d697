// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QPaintEvent>
#include <QStandardItemModel>
#include <QTest>

#include "gui/widgets/data_table.h"
#include "gui/widgets/theme.h"

using namespace ifrit::gui::widgets;

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

private:
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

QTEST_MAIN(TestDataTable)
#include "tst_data_table.moc"
