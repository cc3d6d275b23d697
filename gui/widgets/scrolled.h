// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QScrollArea;
class QWidget;

namespace ifrit::gui::widgets {

/// `page` in an area that scrolls it where there is less room, in the look of what is around it.
/// The area is `parent`'s.
QScrollArea* scrolled(QWidget* page, QWidget* parent);

}  // namespace ifrit::gui::widgets
