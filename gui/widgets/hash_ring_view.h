// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QWidget>

#include <optional>

#include "gui/widgets/ring_painter.h"

namespace ifrit::gui::widgets {

class Theme;

/// The hash ring: outside its virtual nodes with failing machines as dots, inside one arc for each
/// batch in the order in which they open, below a lens that shows a part of the ring closer. Wheel
/// and + - 0 zoom, Left and Right move the lens, Up and Down choose a batch, PageUp and PageDown a
/// failing machine, Enter opens what is chosen, Esc chooses nothing.
class HashRingView : public QWidget {
    Q_OBJECT
public:
    using Content = std::shared_ptr<const models::RingContent>;

    HashRingView(const Theme& theme, QWidget* parent);

    /// Null: nothing is painted.
    void setContent(Content content);
    /// Where a uuid falls; the lens goes there. nullopt: no mark.
    void setMark(const std::optional<domain::RingPlace>& mark);
    const RingWindow& window() const { return m_scene.window; }
    /// What it shows is old: drawn pale.
    void setOld(bool old);
    QSize sizeHint() const override { return {300, 292}; }
    QSize minimumSizeHint() const override { return {250, 250}; }

Q_SIGNALS:
    void batchOpened(std::uint32_t batch);
    void machineOpened(const QString& uuid);

protected:
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    struct Hit {
        std::uint32_t batch = 0;
        std::ptrdiff_t dot = -1;
        bool any() const { return batch != 0 || dot >= 0; }
    };
    Hit hitAt(const QPointF& position) const;
    std::ptrdiff_t dotOf(const std::string& uuid) const;
    std::uint32_t batchOfArc(double turn) const;
    std::ptrdiff_t dotNear(double turn, double tolerance) const;
    /// The turn that a position stands for, on the ring or in the lens.
    double turnAt(const QPointF& position) const;
    void chooseBatch(std::uint32_t batch);
    void chooseDot(std::ptrdiff_t dot);
    void stepBatch(int by);
    void stepDot(int by);
    void open();
    void windowMoved();
    QString describe(const Hit& hit) const;
    QString describeAll() const;
    void describeChosen();
    void redraw();
    const models::RingBatch* batchOf(std::uint32_t number) const;

    const Theme& m_theme;
    RingScene m_scene;
    std::optional<QPointF> m_pressed;
    std::optional<QPointF> m_dragged;
    std::vector<QRgb> m_colors;
};

}  // namespace ifrit::gui::widgets
