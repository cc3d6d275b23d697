// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {

/// A small round button with a figure in it: a facet of a list.
class Chip : public QPushButton {
    Q_OBJECT
public:
    explicit Chip(QWidget* parent) : QPushButton(parent) {
        setProperty("look", QLatin1String("chip"));
    }
    /// The figure is old: muted and struck through.
    void setOld(bool old) { setOldLook(this, old); }
};

}  // namespace ifrit::gui::widgets
