// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QFontMetrics>
#include <QImage>
#include <QPainter>
#include <QTest>

#include "gui/widgets/cell_text.h"
#include "gui/widgets/theme.h"

using ifrit::gui::widgets::CellText;
using ifrit::gui::widgets::Theme;

namespace {

constexpr QRect kCell{40, 10, 120, 27};
const Qt::Alignment kLeft = Qt::AlignLeft | Qt::AlignVCenter;

/// Black on white, twice over the same cache as a table would.
QImage painted(CellText& cells, const QString& text, CellText::Face face, Qt::Alignment alignment) {
    QImage image(200, 50, QImage::Format_RGB32);
    for (int round = 0; round < 2; ++round) {
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setPen(Qt::black);
        cells.draw(painter, kCell, alignment, text, face);
    }
    return image;
}

/// The smallest rectangle with all that is not white.
QRect inkOf(const QImage& image) {
    QRect ink;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixelColor(x, y).lightness() < 250) ink |= QRect(x, y, 1, 1);
        }
    }
    return ink;
}

}  // namespace

class TestCellText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isAsWideAsTheFontSays();
    void staysInItsCellAndTellsThatItWasCut();
    void keepsTheEndOfADigest();
    void standsWhereItIsAligned();
    void takesThePenOfTheMoment();

private:
    Theme m_theme{*qApp};
    CellText m_cells{m_theme};
};

void TestCellText::isAsWideAsTheFontSays() {
    const QString text = QStringLiteral("i-0a1b2c 10.0.0.1 灰度");
    const int text13 = QFontMetrics(m_theme.textFont()).horizontalAdvance(text);
    QVERIFY(std::abs(m_cells.width(text, CellText::Face::Text) - text13) <= 1);
    const int mono = QFontMetrics(m_theme.monospaceFont()).horizontalAdvance(text);
    QVERIFY(std::abs(m_cells.width(text, CellText::Face::Monospace) - mono) <= 1);
    QCOMPARE(m_cells.width({}, CellText::Face::Text), 0);
}

void TestCellText::staysInItsCellAndTellsThatItWasCut() {
    const QString whole = QStringLiteral("rack=7,zone=b,room=12,row=4,building=north");
    for (const auto face :
         {CellText::Face::Text, CellText::Face::Strong, CellText::Face::Monospace}) {
        const QRect ink = inkOf(painted(m_cells, whole, face, kLeft));
        QVERIFY(!ink.isEmpty());
        QCOMPARE(ink & kCell.adjusted(-1, 0, 1, 0), ink);
        // With the dots it is another picture than its beginning alone.
        QVERIFY(painted(m_cells, whole, face, kLeft) !=
                painted(m_cells, whole.left(12), face, kLeft));
    }
    QVERIFY(inkOf(painted(m_cells, {}, CellText::Face::Text, kLeft)).isEmpty());
}

// Two digests that begin alike are two pictures; of a sentence the beginning says most.
void TestCellText::keepsTheEndOfADigest() {
    const QString digest(60, QLatin1Char('a'));
    const auto differs = [&](const QString& one, const QString& other, CellText::Face face) {
        return painted(m_cells, one, face, kLeft) != painted(m_cells, other, face, kLeft);
    };
    QVERIFY(
        differs(digest + QLatin1Char('1'), digest + QLatin1Char('2'), CellText::Face::Monospace));
    const QString sentence = QStringLiteral("connection to 10.0.0.1 was refused by machine ");
    for (const auto face : {CellText::Face::Text, CellText::Face::Monospace})
        QVERIFY(!differs(sentence + QLatin1Char('1'), sentence + QLatin1Char('2'), face));
}

void TestCellText::standsWhereItIsAligned() {
    const QString text = QStringLiteral("42");
    const QRect left = inkOf(painted(m_cells, text, CellText::Face::Text, kLeft));
    const QRect right =
        inkOf(painted(m_cells, text, CellText::Face::Text, Qt::AlignRight | Qt::AlignVCenter));
    QVERIFY(left.left() - kCell.left() <= 2);
    QVERIFY(kCell.right() - right.right() <= 3);
    QCOMPARE(left.top(), right.top());
    // In the middle of the row, give or take what hangs below a line.
    QVERIFY(std::abs(left.center().y() - kCell.center().y()) <= 2);
}

// A row that is selected, or a theme that changes, paints the same text in another colour.
void TestCellText::takesThePenOfTheMoment() {
    const QString text = QStringLiteral("healthy");
    QVERIFY(!inkOf(painted(m_cells, text, CellText::Face::Text, kLeft)).isEmpty());
    QImage image(200, 50, QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    painter.setPen(Qt::white);
    m_cells.draw(painter, kCell, kLeft, text, CellText::Face::Text);
    QVERIFY(inkOf(image).isEmpty());
}

QTEST_MAIN(TestCellText)
#include "tst_cell_text.moc"
