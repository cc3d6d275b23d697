// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QAction;
class QPushButton;
class QWidget;

namespace ifrit::gui::widgets {
class Panel;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Writes a painted view to a file, whole or not at all: PNG at twice its size, or SVG, by the
/// name's ending. Empty: it was written; else why not.
QString writePicture(QWidget& view, const widgets::Theme& theme, const QString& path);

/// Asks for a file and writes the view to it; tells what failed.
void exportPicture(QWidget& view, const widgets::Theme& theme, const QString& name,
                   QWidget* parent);

/// An entry for it in the menu of the view itself, by mouse and by the Menu key: for one that has
/// no panel of its own. Its words are the caller's.
QAction* addExportEntry(QWidget& view, const widgets::Theme& theme, const QString& name);

/// A button for it at the right of a panel's heading. Its words are the caller's.
QPushButton* addExport(widgets::Panel& panel);

}  // namespace ifrit::gui::pages
