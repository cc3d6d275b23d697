// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QRectF>
#include <QWidget>

#include "gui/models/page_parts.h"

namespace ifrit::gui::widgets {

class Theme;

/// Machines by state as a ring, with the same figures in words beside it: shape, word and count,
/// under the title where there is room for both. A click on either chooses a state, a double click
/// opens it; Left and Right go from state to state, Space chooses, Enter opens. Paints what it was
/// given: nothing is counted here.
class StateDonut : public QWidget {
    Q_OBJECT
public:
    StateDonut(const Theme& theme, QWidget* parent);
    /// `title`: whose machines these are.
    void setShares(const QString& title, const QList<models::StateShare>& shares);
    const QList<models::StateShare>& shares() const { return m_shares; }
    /// What it shows is old: drawn pale, no state keeps its colour.
    void setOld(bool old);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// The state at a place; -1: none.
    int stateAt(const QPointF& position) const;

Q_SIGNALS:
    /// StateShare::state.
    void chosen(int state);
    void opened(int state);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    struct Entry {
        QRectF box;
        QString text;
    };
    /// The words beside the ring: under the title, or in its place, where one column holds more.
    QList<Entry> entries(bool titled) const;
    double widthOf(bool titled) const;
    bool hasRoomForTitle() const;
    /// Turns of the ring, 0 to 1, one for each share; the least is still seen.
    QList<double> parts() const;
    int indexAt(const QPointF& position) const;
    QString describe(const models::StateShare& share) const;
    void describeAll();
    void paintRing(QPainter& painter) const;
    void paintEntries(QPainter& painter) const;

    const Theme& m_theme;
    QString m_title;
    QList<models::StateShare> m_shares;
    int m_current = -1;  ///< of the keyboard
    bool m_old = false;
};

}  // namespace ifrit::gui::widgets
