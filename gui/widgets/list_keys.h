// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractItemView;
class QHeaderView;
class QKeyEvent;

namespace ifrit::gui::widgets {

// What keys mean in every list, table or tree.

bool isEnter(const QKeyEvent& event);
/// Letters are the window's keys (/ ? R): a list's own search by typing would swallow them.
bool isForTheWindow(const QKeyEvent& event);
/// The cells that are shown of the selected rows, tab-separated, to the clipboard.
void copySelectedRows(const QAbstractItemView& view, const QHeaderView& header);

}  // namespace ifrit::gui::widgets
