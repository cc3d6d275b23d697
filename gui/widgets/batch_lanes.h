// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QWidget>

#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

class Theme;

/// A row per stage: name, size, a bar whose segments are machine outcomes, two notes.
struct Lane {
    struct Segment {
        StatusKind kind = StatusKind::None;
        qint64 machines = 0;
        bool hatched = false;  ///< "already"
        QString word;
        bool operator==(const Segment&) const = default;
    };
    QString name;
    QString size;
    qint64 targeted = 0;
    QList<Segment> segments;
    double threshold =
        -1;  ///< share of failures at which the gate trips; drawn as a tick from the right
    QString note;
    QString soak;
    bool operator==(const Lane&) const = default;
};

/// Painted; the same figures are in its accessible description, and rows() for the table form.
class BatchLanes : public QWidget {
    Q_OBJECT
public:
    BatchLanes(const Theme& theme, QWidget* parent);
    void setLanes(const QList<Lane>& lanes);
    const QList<Lane>& lanes() const { return m_lanes; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintLane(QPainter& painter, const Lane& lane, int y) const;
    void paintBar(QPainter& painter, const Lane& lane, const QRectF& bar) const;
    const Theme& m_theme;
    QList<Lane> m_lanes;
};

}  // namespace ifrit::gui::widgets
