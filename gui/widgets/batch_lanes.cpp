// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/batch_lanes.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <utility>

#include "gui/widgets/figure_strip.h"
#include "gui/widgets/theme.h"

namespace ifrit::gui::widgets {
namespace {

constexpr int kRow = 30;
constexpr int kLegend = 22;
constexpr int kBar = 16;
constexpr int kNameWidth = 76;
constexpr int kSizeWidth = 128;
constexpr int kNoteWidth = 170;
constexpr int kSoakWidth = 130;
constexpr int kStep = 20;
constexpr int kLeastBar = 120;
constexpr int kBehindBar = 12;  // behind the bar

/// What a lane says of its machines and of the time that is left.
QString saidOf(const Lane& lane) {
    if (lane.bad.isEmpty() || lane.soak.isEmpty()) return lane.bad + lane.soak;
    return lane.bad + QStringLiteral(" · ") + lane.soak;
}

/// Behind the bar, in a widget that wide, where the lanes say as much as `wanted`: the words give
/// way before the bar does.
struct Notes {
    Notes(int width, int wanted) {
        const int room = width - kNameWidth - kSizeWidth - kLeastBar - kBehindBar;
        // In steps: with each second that is counted down the bars would grow.
        const int said = std::max(kSoakWidth, (wanted + kStep - 1) / kStep * kStep);
        const int both = std::clamp(room, 0, kNoteWidth + said);
        note = both * kNoteWidth / (kNoteWidth + said);
        soak = both - note;
    }
    int note = 0;
    int soak = 0;
};

}  // namespace

BatchLanes::BatchLanes(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Stages"));
    connect(&theme, &Theme::changed, this, [this] {
        m_saidWidth = saidWidth();
        update();
    });
}

void BatchLanes::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange) return;
    setAccessibleName(tr("Stages"));
    choose(m_chosen);
}

void BatchLanes::setLanes(const QList<Lane>& lanes) {
    if (lanes == m_lanes) return;
    const QList<Lane> before = std::exchange(m_lanes, lanes);
    m_saidWidth = saidWidth();
    if (isCountdown(before, lanes)) {
        update();
        return;
    }
    choose(m_chosen < lanes.size() ? m_chosen : -1);
    if (before.size() != lanes.size()) updateGeometry();
}

void BatchLanes::setOld(bool old) {
    if (old == m_old) return;
    m_old = old;
    update();
}

/// Nothing but the time that is left differs: a screen reader would read all of it out each second.
bool BatchLanes::isCountdown(const QList<Lane>& before, const QList<Lane>& after) {
    return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                      [](Lane one, const Lane& other) {
                          one.soak = other.soak;
                          return one == other;
                      });
}

QString BatchLanes::describe(const Lane& lane) {
    QStringList parts;
    for (const Lane::Segment& segment : lane.segments)
        parts << grouped(segment.machines) + QLatin1Char(' ') + segment.word;
    for (const QString& note : {lane.note, lane.bad, lane.soak}) {
        if (!note.isEmpty()) parts << note;
    }
    return tr("%1, %2: %3").arg(lane.name, lane.size, parts.join(QStringLiteral(", ")));
}

void BatchLanes::choose(int lane) {
    m_chosen = lane;
    QStringList rows;
    for (qsizetype i = 0; i < m_lanes.size(); ++i) {
        if (lane < 0 || lane == i) rows << describe(m_lanes[i]);
    }
    setAccessibleDescription(rows.join(QLatin1Char('\n')));
    update();
}

int BatchLanes::laneAt(int y) const {
    const int lane = y < kLegend ? -1 : (y - kLegend) / kRow;
    return lane < m_lanes.size() ? lane : -1;
}

bool BatchLanes::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const int lane = laneAt(help->pos().y());
        if (lane >= 0) {
            QToolTip::showText(help->globalPos(), describe(m_lanes[lane]), this);
        } else {
            QToolTip::hideText();
        }
        return true;
    }
    return QWidget::event(event);
}

// With what is left by now.
void BatchLanes::focusInEvent(QFocusEvent* event) {
    choose(m_chosen);
    QWidget::focusInEvent(event);
}

void BatchLanes::mousePressEvent(QMouseEvent* event) {
    choose(laneAt(event->position().toPoint().y()));
}

void BatchLanes::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_lanes.size()) - 1;
    if (event->key() == Qt::Key_Down && last >= 0) {
        choose(std::min(m_chosen + 1, last));
    } else if (event->key() == Qt::Key_Up && last >= 0) {
        choose(m_chosen < 0 ? last : std::max(m_chosen - 1, 0));
    } else if (event->key() == Qt::Key_Escape && m_chosen >= 0) {
        choose(-1);
    } else {
        QWidget::keyPressEvent(event);
    }
}

QSize BatchLanes::minimumSizeHint() const {
    return {kNameWidth + kSizeWidth + kLeastBar + kBehindBar, sizeHint().height()};
}

QSize BatchLanes::sizeHint() const {
    return {640, kLegend + static_cast<int>(std::max<qsizetype>(m_lanes.size(), 1)) * kRow};
}

void BatchLanes::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    paintLegend(painter);
    // A ring of a thousand batches is scrolled: those that are seen.
    const QRect seen = event->rect();
    const auto rowAt = [this](int y) {
        return std::clamp<qsizetype>((y - kLegend) / kRow, 0, m_lanes.size());
    };
    const qsizetype end = rowAt(seen.bottom() + kRow);
    for (qsizetype i = rowAt(seen.top()); i < end; ++i) {
        const int y = kLegend + static_cast<int>(i) * kRow;
        if (i == m_chosen) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(m_theme.color(Token::AccentBg));
            painter.drawRoundedRect(QRectF(-4, y + 1, width() + 8, kRow - 2), 4, 4);
        }
        paintLane(painter, m_lanes[i], y);
    }
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.color(Token::Accent), 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
    }
}

void BatchLanes::paintLegend(QPainter& painter) const {
    struct Entry {
        StatusKind kind;
        QString word;
        bool hatched;
    };
    const Entry entries[] = {{StatusKind::Ok, tr("ok"), false},
                             {StatusKind::Ok, tr("already"), true},
                             {StatusKind::Run, tr("in flight"), false},
                             {StatusKind::Fail, tr("failed or reverted"), false},
                             {StatusKind::Silent, tr("silent"), false},
                             {StatusKind::None, tr("not yet"), false}};
    painter.setFont(m_theme.smallFont());
    // Above the bars; in a narrow window as far to the left as it takes.
    int wanted = 34 + painter.fontMetrics().horizontalAdvance(gateWord());
    for (const Entry& entry : entries)
        wanted += painter.fontMetrics().horizontalAdvance(entry.word) + 34;
    int x = std::clamp(width() - wanted, 0, kNameWidth + kSizeWidth);
    for (const Entry& entry : entries) {
        const QColor color = m_theme.color(m_old ? Token::Muted : textToken(entry.kind));
        const QRectF box(x, (kLegend - 10) / 2.0, 10, 10);
        if (entry.hatched) {
            painter.fillRect(box, m_old ? color : m_theme.color(fillToken(entry.kind)));
            painter.fillRect(box, QBrush(m_theme.color(Token::Surface), Qt::BDiagPattern));
        } else {
            paintShape(painter, entry.kind, box, color);
        }
        painter.setPen(color);
        const int wide = painter.fontMetrics().horizontalAdvance(entry.word);
        painter.drawText(QRect(x + 15, 0, wide + 2, kLegend), Qt::AlignVCenter, entry.word);
        x += wide + 34;
    }
    paintGateEntry(painter, x);
}

QString BatchLanes::gateWord() {
    return tr("gate, counted from the right");
}

void BatchLanes::paintGateEntry(QPainter& painter, int x) const {
    if (std::none_of(m_lanes.begin(), m_lanes.end(),
                     [](const Lane& lane) { return lane.threshold >= 0; }))
        return;
    paintTick(painter, {x + 5.0, 2.0});
    paintTick(painter, {x + 5.0, kLegend - 7.0});
    painter.setPen(m_theme.color(Token::Muted));
    const int room = width() - x - 15;
    painter.drawText(QRect(x + 15, 0, room, kLegend), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(gateWord(), Qt::ElideRight, room));
}

void BatchLanes::paintLane(QPainter& painter, const Lane& lane, int y) const {
    QFont name = m_theme.textFont();
    name.setWeight(QFont::DemiBold);
    painter.setFont(name);
    painter.setPen(m_theme.color(Token::Text));
    painter.drawText(QRect(0, y, kNameWidth, kRow), Qt::AlignVCenter, lane.name);
    painter.setFont(m_theme.textFont());
    painter.setPen(m_theme.color(Token::Muted));
    painter.drawText(QRect(kNameWidth, y, kSizeWidth - 10, kRow), Qt::AlignVCenter | Qt::AlignRight,
                     lane.size);
    const int left = kNameWidth + kSizeWidth;
    const Notes notes(width(), m_saidWidth);
    const int right = width() - notes.note - notes.soak;
    const QRectF bar(left, y + (kRow - kBar) / 2.0, right - left - kBehindBar, kBar);
    paintBar(painter, lane, bar);
    painter.setFont(m_theme.smallFont());
    painter.setPen(m_theme.color(Token::Muted));
    const QFontMetrics metrics = painter.fontMetrics();
    painter.drawText(QRect(right, y, notes.note - 8, kRow), Qt::AlignVCenter,
                     metrics.elidedText(lane.note, Qt::ElideRight, notes.note - 8));
    painter.drawText(QRect(right + notes.note, y, notes.soak, kRow), Qt::AlignVCenter,
                     metrics.elidedText(saidOf(lane), Qt::ElideRight, notes.soak));
}

void BatchLanes::paintBar(QPainter& painter, const Lane& lane, const QRectF& bar) const {
    QPainterPath shape;
    shape.addRoundedRect(bar, 3, 3);
    painter.save();
    painter.setClipPath(shape);
    const double opacity = m_old ? kOldOpacity : 1.0;
    painter.setOpacity(opacity);
    painter.fillRect(bar, m_theme.color(Token::NoneFill));
    double x = bar.left();
    const double total = static_cast<double>(std::max<qint64>(lane.targeted, 1));
    for (const Lane::Segment& segment : lane.segments) {
        if (segment.machines == 0 || segment.kind == StatusKind::None) continue;
        // A single machine among thousands stays visible.
        const double wide =
            std::max(3.0, bar.width() * static_cast<double>(segment.machines) / total);
        const QRectF box(x, bar.top(), std::min(wide, bar.right() - x), bar.height());
        painter.fillRect(box, m_theme.color(fillToken(segment.kind)));
        if (segment.hatched) {
            painter.fillRect(box, QBrush(m_theme.color(Token::Surface), Qt::BDiagPattern));
        }
        const QString text = grouped(segment.machines);
        painter.setFont(m_theme.smallFont());
        // Words over hatching cannot be read.
        if (!segment.hatched && box.width() > painter.fontMetrics().horizontalAdvance(text) + 26) {
            painter.setOpacity(1.0);
            const QColor ink =
                m_old ? m_theme.color(Token::Text) : inkOn(m_theme.color(fillToken(segment.kind)));
            painter.setPen(ink);
            const int textWidth = painter.fontMetrics().horizontalAdvance(text);
            const double start = box.center().x() - (textWidth + 13) / 2.0;
            paintShape(painter, segment.kind, QRectF(start, box.center().y() - 4, 8, 8), ink);
            painter.drawText(QRectF(start + 13, box.top(), textWidth + 4, box.height()),
                             Qt::AlignVCenter, text);
            painter.setOpacity(opacity);
        }
        x += wide;
    }
    painter.restore();
    if (lane.threshold < 0) return;
    // At the bar's edges alone: in between stand figures.
    const double tick = bar.right() - bar.width() * lane.threshold;
    paintTick(painter, {tick, bar.top() - 3});
    paintTick(painter, {tick, bar.bottom() - 2});
}

/// Told from whatever it stands on, red on red too: its edge is that of the panel.
void BatchLanes::paintTick(QPainter& painter, const QPointF& top) const {
    const QLineF line(top, top + QPointF(0, 5));
    painter.setPen(QPen(m_theme.color(Token::Surface), 4.4, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(line);
    painter.setPen(QPen(m_theme.color(Token::Text), 2, Qt::SolidLine, Qt::FlatCap));
    painter.drawLine(line);
}

int BatchLanes::saidWidth() const {
    const QFontMetrics metrics(m_theme.smallFont());
    int width = 0;
    for (const Lane& lane : m_lanes)
        width = std::max(width, metrics.horizontalAdvance(saidOf(lane)));
    return width;
}

}  // namespace ifrit::gui::widgets
