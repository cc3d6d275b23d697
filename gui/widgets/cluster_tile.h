// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

#include "gui/models/page_parts.h"

namespace ifrit::gui::widgets {

class Theme;

/// One cluster: name, state, machines, healthy share, a bar of its state's colour at the left.
/// Hatched with figures struck through where they are old. May be higher than its words: whoever
/// lays tiles out gives each a height by its machines.
class ClusterTile : public QAbstractButton {
    Q_OBJECT
public:
    ClusterTile(const Theme& theme, QWidget* parent);
    void setCard(const models::ClusterCard& card);
    /// A line more where the words do not fit beside the name.
    QSize sizeHint() const override { return {276, wordFits() ? 76 : 98}; }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void paintFrame(QPainter& painter) const;
    bool wordFits() const;
    const Theme& m_theme;
    models::ClusterCard m_card;
};

}  // namespace ifrit::gui::widgets
