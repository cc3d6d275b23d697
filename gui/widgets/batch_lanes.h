// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "gui/models/page_parts.h"
#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

class Theme;

using models::Lane;

/// Painted; the same figures are in its accessible description. Up and Down choose a lane, which is
/// told alone then; Esc chooses none.
class BatchLanes : public QWidget {
    Q_OBJECT
public:
    BatchLanes(const Theme& theme, QWidget* parent);
    void setLanes(const QList<Lane>& lanes);
    const QList<Lane>& lanes() const { return m_lanes; }
    /// What they show is old: the bars are drawn pale.
    void setOld(bool old);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// -1: none is chosen.
    int chosen() const { return m_chosen; }

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLegend(QPainter& painter) const;
    static QString gateWord();
    /// What the ticks at the bars are, where there is one.
    void paintGateEntry(QPainter& painter, int x) const;
    void paintLane(QPainter& painter, const Lane& lane, int y) const;
    void paintTick(QPainter& painter, const QPointF& top) const;
    /// Of the lane that says most.
    int saidWidth() const;
    static bool isCountdown(const QList<Lane>& before, const QList<Lane>& after);
    void paintBar(QPainter& painter, const Lane& lane, const QRectF& bar) const;
    static QString describe(const Lane& lane);
    void choose(int lane);
    int laneAt(int y) const;
    const Theme& m_theme;
    int m_chosen = -1;
    bool m_old = false;
    QList<Lane> m_lanes;
    int m_saidWidth = 0;
};

}  // namespace ifrit::gui::widgets
