// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/scrolled.h"

#include <QScrollArea>

namespace ifrit::gui::widgets {

QScrollArea* scrolled(QWidget* page, QWidget* parent) {
    auto* scroll = new QScrollArea(parent);
    scroll->setWidget(page);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->viewport()->setAutoFillBackground(false);
    page->setAutoFillBackground(false);
    return scroll;
}

}  // namespace ifrit::gui::widgets
