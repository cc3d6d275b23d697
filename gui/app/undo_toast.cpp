// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/undo_toast.h"

#include "gui/widgets/toast.h"

namespace ifrit::gui::app {

using presenters::ReleaseUndo;
using widgets::Toast;

UndoToast::UndoToast(ReleaseUndo& undo, Toast& toast, QObject* parent)
    : QObject(parent), m_undo(undo), m_toast(toast) {
    connect(&undo, &ReleaseUndo::done, this, [this] {
        if (m_undo.offered()) {
            m_toast.offer([this] { return m_undo.sentence(); });
        } else {
            m_toast.tell(m_undo.sentence());
        }
    });
    connect(&undo, &ReleaseUndo::withdrawn, &toast, &Toast::withdraw);
    connect(&undo, &ReleaseUndo::told, &toast, &Toast::tell);
    connect(&toast, &Toast::undoWanted, &undo, &ReleaseUndo::undo);
    connect(&toast, &Toast::offerEnded, &undo, &ReleaseUndo::withdraw);
}

void UndoToast::take() {
    if (!m_toast.offers()) return;
    m_undo.undo();
}

}  // namespace ifrit::gui::app
