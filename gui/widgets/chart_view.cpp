// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/chart_view.h"

#include <QCategoryAxis>
#include <QChart>
#include <QChartView>
#include <QGraphicsLayout>
#include <QGraphicsLineItem>
#include <QKeyEvent>
#include <QLabel>
#include <QLegend>
#include <QLegendMarker>
#include <QLineSeries>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

#include "gui/widgets/chart_ticks.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/swatch_color.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

using models::ChartUnit;

constexpr int kMostTicks = 5;
/// What Qt Charts keeps free between two labels: it makes "…" of one that has less.
constexpr int kBetweenLabels = 10;
constexpr double kStep = 0.02;
constexpr int kLastLabel = 24;
constexpr double kMiB = 1024.0 * 1024.0;
constexpr double kDayMs = 86'400'000;

struct Range {
    double from = std::numeric_limits<double>::max();
    double to = std::numeric_limits<double>::lowest();
    void take(double value) {
        from = std::min(from, value);
        to = std::max(to, value);
    }
    /// Not of no width: Qt Charts divides by it.
    void widen(double least) {
        if (to - from < least) to = from + least;
    }
};

std::vector<double> ticksFor(ChartUnit unit, const Range& range, int most) {
    if (unit == ChartUnit::Share) return {};
    if (unit == ChartUnit::Bytes) return ticksOf(range.from, range.to, most, kMiB);
    if (unit == ChartUnit::Time) return timeTicksOf(range.from, range.to, most);
    return ticksOf(range.from, range.to, most);
}

/// The parts of a line between the places where nothing is known.
QList<QList<QPointF>> unbroken(const QList<QPointF>& points) {
    QList<QList<QPointF>> out = {{}};
    for (const QPointF& point : points) {
        if (!std::isnan(point.y())) {
            out.last().append(point);
        } else if (!out.last().isEmpty()) {
            out.append(QList<QPointF>());
        }
    }
    if (out.last().isEmpty() && out.size() > 1) out.removeLast();
    return out;
}

/// Counts stay as they are until they change: no slope from one to the next.
QList<QPointF> steps(const QList<QPointF>& points) {
    QList<QPointF> out;
    for (const QPointF& point : points) {
        if (!out.isEmpty()) out.append({point.x(), out.last().y()});
        out.append(point);
    }
    return out;
}

/// The value of a line at x, of the point before it.
double valueAt(const QList<QPointF>& points, double x) {
    const auto behind =
        std::upper_bound(points.begin(), points.end(), x,
                         [](double value, const QPointF& point) { return value < point.x(); });
    return behind == points.begin() ? points.first().y() : (behind - 1)->y();
}

}  // namespace

ChartView::ChartView(const Theme& theme, const models::TimeText& times, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_times(times),
      m_view(new QChartView(this)),
      m_whyEmpty(mutedLabel({}, this)),
      m_said(mutedLabel({}, this)) {
    setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_whyEmpty, 1);
    layout->addWidget(m_said);
    m_said->setWordWrap(true);
    m_whyEmpty->setAlignment(Qt::AlignCenter);
    m_whyEmpty->setWordWrap(true);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setRenderHint(QPainter::Antialiasing);
    m_view->setBackgroundBrush(Qt::NoBrush);
    m_view->setFocusPolicy(Qt::NoFocus);
    m_view->setInteractive(false);
    m_view->viewport()->setAutoFillBackground(false);
    m_view->viewport()->setMouseTracking(true);
    m_view->viewport()->installEventFilter(this);
    m_view->setMinimumHeight(110);
    QChart* chart = m_view->chart();
    chart->setBackgroundVisible(false);
    chart->layout()->setContentsMargins(0, 0, 0, 0);
    chart->legend()->setAlignment(Qt::AlignTop);
    m_line = new QGraphicsLineItem(chart);
    m_line->setZValue(10);
    connect(chart, &QChart::plotAreaChanged, this, [this](const QRectF& plot) {
        read(m_reading);
        fitTicks(plot.size());
    });
    connect(&theme, &Theme::changed, this, &ChartView::rebuild);
    connect(&times, &models::TimeText::changed, this, &ChartView::rebuild);
    rebuild();
}

void ChartView::setContent(const models::ChartContent& content) {
    if (content == m_content) return;
    m_content = content;
    rebuild();
}

void ChartView::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    rebuild();
}

void ChartView::alignEdge() {
    m_aligned = true;
    rebuild();
}

void ChartView::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) rebuild();
}

void ChartView::rebuild() {
    const QScopedValueRollback<bool> building(m_building, true);
    QChart* chart = m_view->chart();
    const bool any = m_content.whyEmpty.isEmpty() && !m_content.series.isEmpty();
    m_view->setVisible(any);
    m_whyEmpty->setVisible(!any);
    m_whyEmpty->setText(m_content.whyEmpty);
    chart->removeAllSeries();
    const auto axes = chart->axes();
    for (QAbstractAxis* axis : axes) {
        chart->removeAxis(axis);
        delete axis;
    }
    if (any) {
        chart->legend()->setFont(m_theme.smallFont());
        chart->legend()->setLabelColor(m_theme.color(Token::Muted));
        chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
        // What a single line is, the title says.
        const bool named = m_content.series.size() > 1;
        chart->legend()->setVisible(named);
        addSeries(*chart);
        addAxes(*chart);
        // Room for half of the last label of each axis; above, the legend has it.
        const int above = named ? 0 : QFontMetrics(m_theme.smallFont()).height() / 2 + 1;
        chart->setMargins(QMargins(roomBesideLabels(), above, kLastLabel, 0));
    }
    describe();
    read(any ? m_reading : -1);
}

// The plot's height is that of the view less legend and labels, whatever the axis beside it says:
// so this comes to an end.
void ChartView::fitTicks(const QSizeF& plot) {
    if (m_building || plot.isEmpty()) return;
    const QFontMetrics metrics(m_theme.smallFont());
    const int wide = std::max(metrics.horizontalAdvance(textOf(m_content.x, m_from)),
                              metrics.horizontalAdvance(textOf(m_content.x, m_to)));
    const auto fitting = [](double room, int label) {
        return std::clamp(static_cast<int>(room / (label + kBetweenLabels)), 2, kMostTicks);
    };
    const int across = fitting(plot.width(), wide);
    const int up = fitting(plot.height(), metrics.height());
    if (across == m_ticksAcross && up == m_ticksUp) return;
    m_ticksAcross = across;
    m_ticksUp = up;
    // Not while Qt Charts lays out the axes that it would take away.
    QMetaObject::invokeMethod(this, &ChartView::rebuild, Qt::QueuedConnection);
}

void ChartView::addSeries(QChart& chart) {
    for (const models::ChartSeries& series : m_content.series) {
        const QColor color =
            m_old ? paleSeriesColor(m_theme, series.color) : seriesColor(m_theme, series.color);
        QPen pen(color, 2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
        if (series.dashed) pen.setStyle(Qt::DashLine);
        const bool counts = m_content.y == ChartUnit::Plain;
        bool isNamed = series.unnamed;
        for (const QList<QPointF>& part : unbroken(series.points)) {
            auto* line = new QLineSeries(&chart);
            line->setName(series.name);
            line->replace(counts ? steps(part) : part);
            line->setPen(pen);
            chart.addSeries(line);
            if (isNamed) {
                for (QLegendMarker* marker : chart.legend()->markers(line))
                    marker->setVisible(false);
            }
            isNamed = true;
        }
    }
}

void ChartView::addAxes(QChart& chart) {
    Range across;
    Range up;
    // Counts and costs begin at nothing: a rise must not look larger than it is.
    up.take(0);
    for (const models::ChartSeries& series : m_content.series) {
        for (const QPointF& point : series.points) {
            if (std::isnan(point.y())) continue;
            across.take(point.x());
            up.take(point.y());
        }
    }
    across.widen(m_content.x == ChartUnit::Time ? 1'000 : 1e-6);
    up.widen(m_content.y == ChartUnit::Share ? 1e-12 : 1);
    up.to += (up.to - up.from) * 0.08;
    m_from = across.from;
    m_to = across.to;
    const auto add = [&](const Range& range, ChartUnit unit, int most, Qt::Alignment side) {
        auto* axis = new QCategoryAxis(&chart);
        axis->setRange(range.from, range.to);
        axis->setStartValue(range.from);
        axis->setLabelsPosition(QCategoryAxis::AxisLabelsPositionOnValue);
        const std::vector<double> ticks = ticksFor(unit, range, most);
        for (const double tick : ticks)
            axis->append(tickText(unit, tick, ticks), tick);
        axis->setLabelsFont(m_theme.smallFont());
        axis->setLabelsColor(m_theme.color(Token::Muted));
        axis->setLabelsVisible(unit != ChartUnit::Share);
        axis->setGridLinePen(QPen(m_theme.color(Token::Border), 1));
        axis->setLinePen(QPen(m_theme.color(Token::Border), 1));
        chart.addAxis(axis, side);
        for (QAbstractSeries* series : chart.series())
            series->attachAxis(axis);
    };
    add(across, m_content.x, m_ticksAcross, Qt::AlignBottom);
    add(up, m_content.y, m_ticksUp, Qt::AlignLeft);
}

int ChartView::roomBesideLabels() const {
    if (!m_aligned) return 0;
    const QFontMetrics metrics(m_theme.smallFont());
    int widest = 0;
    const auto axes = m_view->chart()->axes(Qt::Vertical);
    for (QAbstractAxis* axis : axes) {
        const QStringList labels = qobject_cast<QCategoryAxis*>(axis)->categoriesLabels();
        for (const QString& label : labels)
            widest = std::max(widest, metrics.horizontalAdvance(label));
    }
    return std::max(0, metrics.horizontalAdvance(QStringLiteral("999.9 MiB")) - widest);
}

QString ChartView::textOf(ChartUnit unit, double value) const {
    switch (unit) {
        case ChartUnit::Bytes:
            return models::bytes(static_cast<std::uint64_t>(std::max(0.0, value)));
        case ChartUnit::Percent: {
            // Two places of an axis must not be called alike: 0.05 and 0.1.
            const auto isRound = [value](double times) {
                return std::abs(value * times - std::round(value * times)) < 1e-6;
            };
            return QString::number(value, 'f',
                                   isRound(1)    ? 0
                                   : isRound(10) ? 1
                                                 : 2) +
                   QStringLiteral(" %");
        }
        case ChartUnit::Time: {
            const QString full =
                m_times.full(base::fromUnixMillis(static_cast<std::int64_t>(value)));
            // Of "2026-11-23 11:21:07 +08:00" what differs; the offset is in the status line.
            return m_to - m_from > kDayMs ? full.mid(5, 11) : full.mid(11, 8);
        }
        case ChartUnit::Rate:
            return models::rate(value);
        case ChartUnit::Took:
            return models::shortTime(value);
        case ChartUnit::Share:
            return {};
        case ChartUnit::Plain:
            break;
    }
    return models::grouped(std::llround(value));
}

QString ChartView::tickText(ChartUnit unit, double tick, const std::vector<double>& all) const {
    constexpr double kMinuteMs = 60'000;
    const QString text = textOf(unit, tick);
    if (unit != ChartUnit::Time || m_to - m_from > kDayMs) return text;
    // Seconds that are always nought say nothing.
    const bool minutes = std::all_of(all.begin(), all.end(),
                                     [](double one) { return std::fmod(one, kMinuteMs) == 0; });
    return minutes ? text.left(5) : text;
}

void ChartView::describe() {
    setAccessibleName(m_content.title);
    QStringList lines;
    if (!m_content.note.isEmpty()) lines << m_content.note;
    if (!m_content.whyEmpty.isEmpty()) lines << m_content.whyEmpty;
    for (const models::ChartRow& row : m_content.rows) {
        lines << tr("%1: %2 samples, least %3, median %4, most %5")
                     .arg(row.name, models::grouped(row.count), row.least, row.median, row.most);
    }
    setAccessibleDescription(lines.join(QLatin1Char('\n')));
}

QString ChartView::reading() const {
    if (m_reading < 0 || m_content.series.isEmpty()) return {};
    const double x = m_from + m_reading * (m_to - m_from);
    QStringList parts;
    for (const models::ChartSeries& series : m_content.series) {
        if (series.points.isEmpty()) continue;
        const double y = valueAt(series.points, x);
        if (std::isnan(y)) continue;
        parts << (m_content.y == ChartUnit::Share
                      ? series.name
                      : series.name + QLatin1Char(' ') + textOf(m_content.y, y));
    }
    // Of a distribution the place alone is a figure.
    if (m_content.y == ChartUnit::Share) return textOf(m_content.x, x);
    return textOf(m_content.x, x) + QStringLiteral(": ") + parts.join(QStringLiteral(", "));
}

void ChartView::read(double part) {
    m_reading = part < 0 ? -1 : std::clamp(part, 0.0, 1.0);
    const bool shown = m_reading >= 0 && m_view->isVisible();
    m_line->setVisible(shown);
    m_said->setText(shown ? reading() : QString());
    if (!shown) return;
    const QRectF plot = m_view->chart()->plotArea();
    const double x = plot.left() + m_reading * plot.width();
    m_line->setPen(QPen(m_theme.color(Token::Muted), 1));
    m_line->setLine(x, plot.top(), x, plot.bottom());
}

void ChartView::keyPressEvent(QKeyEvent* event) {
    if (m_content.series.isEmpty()) return QWidget::keyPressEvent(event);
    switch (event->key()) {
        case Qt::Key_Left:
            return read(m_reading < 0 ? 1.0 : std::max(0.0, m_reading - kStep));
        case Qt::Key_Right:
            return read(m_reading < 0 ? 0.0 : m_reading + kStep);
        case Qt::Key_Escape:
            if (m_reading >= 0) return read(-1);
            break;
        default:
            break;
    }
    QWidget::keyPressEvent(event);
}

bool ChartView::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::MouseMove) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        const QRectF plot = m_view->chart()->plotArea();
        read((mouse->position().x() - plot.left()) / std::max(1.0, plot.width()));
    } else if (event->type() == QEvent::Leave) {
        read(-1);
    }
    return QWidget::eventFilter(watched, event);
}

}  // namespace ifrit::gui::widgets
