// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/figure_strip.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QPainter>
#include <QResizeEvent>

#include <algorithm>

#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

namespace {

constexpr int kGap = 28;
constexpr int kLeastGap = 10;

Token inkOf(const Figure& figure) {
    if (figure.struck) return Token::Muted;
    return figure.kind ? textToken(*figure.kind) : Token::Text;
}

}  // namespace

class FigureStrip::Cell : public QWidget {
public:
    Cell(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

    void setFigure(const Figure& figure) {
        m_figure = figure;
        setAccessibleName(QStringLiteral("%1: %2 %3").arg(figure.label, figure.value, figure.unit));
        // At once: a hint that is asked for later cuts the label until then.
        setFixedSize(wanted());
        update();
    }

    QSize sizeHint() const override { return wanted(); }

protected:
    void paintEvent(QPaintEvent*) override;

private:
    QSize wanted() const {
        const int value = QFontMetrics(m_theme.figureFont()).horizontalAdvance(m_figure.value);
        const int unit = m_figure.unit.isEmpty()
                             ? 0
                             : 6 + QFontMetrics(unitFont()).horizontalAdvance(m_figure.unit);
        const int label = QFontMetrics(m_theme.textFont()).horizontalAdvance(m_figure.label);
        return {std::max({value + unit, label, 60}) + 2, 46};
    }

    QFont unitFont() const {
        QFont font = m_theme.textFont();
        font.setWeight(QFont::DemiBold);
        return font;
    }

    const Theme& m_theme;
    Figure m_figure;
};

void FigureStrip::Cell::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(QRect(0, 0, width(), 18), Qt::AlignLeft | Qt::AlignVCenter, m_figure.label);
    QFont font = m_theme.figureFont();
    font.setStrikeOut(m_figure.struck);
    painter.setFont(font);
    painter.setPen(m_theme.color(inkOf(m_figure)));
    painter.drawText(QRect(0, 20, width(), 26), Qt::AlignLeft | Qt::AlignVCenter, m_figure.value);
    if (m_figure.unit.isEmpty()) return;
    const int x = QFontMetrics(font).horizontalAdvance(m_figure.value) + 6;
    painter.setFont(unitFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(QRect(x, 22, width() - x, 26), Qt::AlignLeft | Qt::AlignVCenter,
                     m_figure.unit);
}

FigureStrip::FigureStrip(const Theme& theme, QWidget* parent)
    : Panel(theme, parent), m_theme(theme), m_row(new QHBoxLayout) {
    m_row->setSpacing(kGap);
    m_row->addStretch(1);
    body()->addLayout(m_row);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void FigureStrip::setFigures(const QList<Figure>& figures) {
    if (figures == m_figures) return;
    m_figures = figures;
    while (m_cells.size() < figures.size()) {
        auto* cell = new Cell(m_theme, this);
        m_row->insertWidget(static_cast<int>(m_cells.size()), cell);
        m_cells.append(cell);
    }
    for (qsizetype i = 0; i < m_cells.size(); ++i) {
        m_cells[i]->setVisible(i < figures.size());
        if (i < figures.size()) m_cells[i]->setFigure(figures[i]);
    }
}

void FigureStrip::addAtRight(QWidget* widget) {
    m_row->addWidget(widget);
}

int FigureStrip::gaps() const {
    int shown = 0;
    for (int i = 0; i < m_row->count(); ++i)
        shown += m_row->itemAt(i)->isEmpty() ? 0 : 1;
    return std::max(0, shown - 1);
}

QSize FigureStrip::minimumSizeHint() const {
    QSize out = Panel::minimumSizeHint();
    out.rwidth() -= gaps() * (m_row->spacing() - kLeastGap);
    return out;
}

void FigureStrip::fitGap() {
    const int between = gaps();
    if (between == 0) return;
    const int least = minimumSizeHint().width();
    const int gap = std::clamp(kLeastGap + (width() - least) / between, kLeastGap, kGap);
    if (gap != m_row->spacing()) m_row->setSpacing(gap);
}

bool FigureStrip::event(QEvent* event) {
    // Something in it needs more, or less, than before.
    if (event->type() == QEvent::LayoutRequest) fitGap();
    return Panel::event(event);
}

void FigureStrip::resizeEvent(QResizeEvent* event) {
    Panel::resizeEvent(event);
    fitGap();
}

}  // namespace ifrit::gui::widgets
