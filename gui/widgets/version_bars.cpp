// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/version_bars.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPaintEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

#include "gui/models/text_format.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {

using models::grouped;
using models::toText;
using models::VersionSpread;

namespace {

constexpr int kLegend = 24;
constexpr int kRow = 27;
constexpr int kBar = 14;
constexpr int kMostName = 150;
constexpr int kLeastBar = 60;
constexpr int kPad = 6;
/// Of what is not marked: the marked one stands out.
constexpr double kOtherOpacity = 0.75;

enum class Part { Staying, Leaving, Coming };

void paintPart(QPainter& painter, Part part, const QRectF& box, const QColor& color,
               const QColor& ground) {
    if (part == Part::Coming) {
        painter.setPen(QPen(color, 1, Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
        return;
    }
    painter.fillRect(box, color);
    if (part == Part::Leaving) painter.fillRect(box, QBrush(ground, Qt::BDiagPattern));
}

}  // namespace

VersionBars::VersionBars(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    connect(&theme, &Theme::changed, this, [this] {
        measure();
        update();
    });
}

void VersionBars::setVersions(const QString& title, const std::vector<VersionSpread>& versions,
                              int marked) {
    if (title == m_title && versions == m_versions && marked == m_marked) return;
    m_title = title;
    m_versions = versions;
    m_marked = marked;
    m_most = 0;
    for (const VersionSpread& version : versions)
        m_most = std::max(m_most, std::uint64_t{version.running} + version.coming);
    if (m_current >= static_cast<int>(versions.size())) m_current = -1;
    measure();
    describeAll();
    updateGeometry();
    update();
}

void VersionBars::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    update();
}

QString VersionBars::figuresOf(const VersionSpread& version) {
    const QString running = grouped(version.running);
    return version.coming == 0 ? running : running + QStringLiteral(" +") + grouped(version.coming);
}

void VersionBars::measure() {
    QFont strong = m_theme.textFont();
    strong.setWeight(QFont::DemiBold);
    const QFontMetrics names(strong);
    const QFontMetrics figures(m_theme.smallFont());
    m_nameWidth = m_figureWidth = 0;
    for (const VersionSpread& version : m_versions) {
        m_nameWidth = std::max(m_nameWidth, names.horizontalAdvance(toText(version.version)) + 2);
        m_figureWidth = std::max(m_figureWidth, figures.horizontalAdvance(figuresOf(version)) + 2);
    }
    m_nameWidth = std::min(m_nameWidth, kMostName);
}

QString VersionBars::describe(const VersionSpread& version) {
    QString text =
        tr("%1: %2 machine(s) run it, %3 of them stay", "", models::pluralOf(version.running))
            .arg(toText(version.version), grouped(version.running), grouped(version.staying));
    if (version.coming > 0)
        text += tr(", %1 are to come", "", models::pluralOf(version.coming))
                    .arg(grouped(version.coming));
    return text;
}

void VersionBars::describeAll() {
    setAccessibleName(m_title);
    QStringList lines;
    for (const VersionSpread& version : m_versions)
        lines << describe(version);
    setAccessibleDescription(m_current >= 0 ? lines.value(m_current)
                                            : lines.join(QLatin1Char('\n')));
}

void VersionBars::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    describeAll();
    update();
}

QSize VersionBars::sizeHint() const {
    return {320, kLegend + kRow * static_cast<int>(m_versions.size())};
}

QSize VersionBars::minimumSizeHint() const {
    return {m_nameWidth + m_figureWidth + kLeastBar + 4 * kPad, sizeHint().height()};
}

int VersionBars::barAt(int y) const {
    const int bar = y < kLegend ? -1 : (y - kLegend) / kRow;
    return bar < static_cast<int>(m_versions.size()) ? bar : -1;
}

QRect VersionBars::placeOf(int bar) const {
    return {0, kLegend + bar * kRow, width(), kRow};
}

bool VersionBars::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    auto* help = static_cast<QHelpEvent*>(event);
    const int bar = barAt(help->pos().y());
    if (bar >= 0) {
        QToolTip::showText(help->globalPos(), describe(m_versions[static_cast<std::size_t>(bar)]),
                           this);
    } else {
        QToolTip::hideText();
    }
    return true;
}

void VersionBars::mouseMoveEvent(QMouseEvent* event) {
    const bool over = barAt(event->position().toPoint().y()) >= 0;
    setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void VersionBars::mouseReleaseEvent(QMouseEvent* event) {
    const int bar = barAt(event->position().toPoint().y());
    if (bar >= 0 && event->button() == Qt::LeftButton) Q_EMIT opened(bar);
}

void VersionBars::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_versions.size()) - 1;
    const int step = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (step != 0 && last >= 0) {
        m_current = m_current < 0 ? (step > 0 ? 0 : last) : std::clamp(m_current + step, 0, last);
        Q_EMIT reached(m_current);
    } else if (enter && m_current >= 0) {
        Q_EMIT opened(m_current);
        return;
    } else if (event->key() == Qt::Key_Escape && m_current >= 0) {
        m_current = -1;
    } else {
        QWidget::keyPressEvent(event);
        return;
    }
    describeAll();
    update();
}

void VersionBars::paintLegend(QPainter& painter) const {
    const std::pair<Part, QString> entries[] = {{Part::Staying, tr("stay")},
                                                {Part::Leaving, tr("are to change")},
                                                {Part::Coming, tr("are to come")}};
    painter.setFont(m_theme.smallFont());
    const QColor muted = m_theme.color(Token::Muted);
    int x = kPad;
    for (const auto& [part, word] : entries) {
        paintPart(painter, part, QRectF(x, (kLegend - 10) / 2.0, 14, 10), muted,
                  m_theme.color(Token::Surface));
        painter.setPen(muted);
        const int wide = painter.fontMetrics().horizontalAdvance(word);
        painter.drawText(QRect(x + 19, 0, wide + 2, kLegend), Qt::AlignVCenter, word);
        x += wide + 34;
    }
}

void VersionBars::paintBar(QPainter& painter, int bar, const QRectF& room) const {
    const VersionSpread& version = m_versions[static_cast<std::size_t>(bar)];
    const QColor color = m_theme.color(bar == m_marked ? Token::Accent : Token::Muted);
    painter.save();
    painter.setOpacity(m_old ? kOldOpacity : bar == m_marked ? 1.0 : kOtherOpacity);
    double x = room.left();
    const std::pair<Part, std::uint32_t> parts[] = {
        {Part::Staying, version.staying},
        {Part::Leaving, version.running - version.staying},
        {Part::Coming, version.coming}};
    for (const auto& [part, machines] : parts) {
        if (machines == 0) continue;
        // A single machine among many stays visible.
        const double wide = std::max(
            3.0, room.width() * machines / static_cast<double>(std::max<std::uint64_t>(m_most, 1)));
        const QRectF box(x, room.top(), std::min(wide, room.right() - x), room.height());
        paintPart(painter, part, box, color, m_theme.color(Token::Surface));
        x += box.width();
    }
    painter.restore();
}

void VersionBars::paintVersion(QPainter& painter, int bar) const {
    const VersionSpread& version = m_versions[static_cast<std::size_t>(bar)];
    const QRect place = placeOf(bar);
    if (bar == m_marked || (bar == m_current && hasFocus())) {
        painter.setPen(bar == m_current && hasFocus() ? QPen(m_theme.color(Token::Accent), 1)
                                                      : QPen(Qt::NoPen));
        painter.setBrush(bar == m_marked ? m_theme.color(Token::AccentBg)
                                         : QColor(Qt::transparent));
        painter.drawRoundedRect(QRectF(place).adjusted(0.5, 1.5, -0.5, -1.5), 4, 4);
    }
    QFont font = m_theme.textFont();
    if (bar == m_marked) font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(
        place.adjusted(kPad, 0, 0, 0), Qt::AlignVCenter,
        painter.fontMetrics().elidedText(toText(version.version), Qt::ElideMiddle, m_nameWidth));
    const int left = kPad + m_nameWidth + kPad;
    const int right = width() - kPad - m_figureWidth;
    paintBar(
        painter, bar,
        QRectF(left, place.top() + (kRow - kBar) / 2.0, std::max(right - kPad - left, 1), kBar));
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(m_old ? Token::Muted : Token::Text));
    painter.drawText(QRect(right, place.top(), m_figureWidth, kRow),
                     Qt::AlignVCenter | Qt::AlignRight, figuresOf(version));
}

void VersionBars::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLegend(painter);
    for (int bar = 0; bar < static_cast<int>(m_versions.size()); ++bar) {
        if (event->rect().intersects(placeOf(bar))) paintVersion(painter, bar);
    }
    if (hasFocus() && m_current < 0) {
        painter.setPen(QPen(m_theme.color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

}  // namespace ifrit::gui::widgets
