// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gui/widgets/status_look.h"

namespace ifrit::gui::widgets {

class Theme;

/// A state as an outlined pill: shape, word, colour.
class StatusBadge : public QWidget {
    Q_OBJECT
public:
    StatusBadge(const Theme& theme, QWidget* parent);
    void setLook(const StatusLook& look);
    /// What it says is old: without colour and shape, and its word is struck through.
    void setOld(bool old);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    StatusLook m_look;
    bool m_old = false;
};

}  // namespace ifrit::gui::widgets
