// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/open_dialogs.h"

#include <QApplication>
#include <QDialog>
#include <QPointer>

namespace ifrit::gui::widgets {
namespace {

constexpr const char* kKept = "staysForOtherClusters";

}  // namespace

void OpenDialogs::keep(QDialog& dialog) {
    dialog.setProperty(kKept, true);
}

int OpenDialogs::rejectAll() {
    QList<QPointer<QDialog>> dialogs;
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        auto* dialog = qobject_cast<QDialog*>(widget);
        if (dialog != nullptr && !dialog->property(kKept).toBool()) dialogs << dialog;
    }
    int seen = 0;
    for (const QPointer<QDialog>& dialog : dialogs) {
        if (dialog == nullptr) continue;  // went with the one before
        if (dialog->isVisible()) ++seen;
        dialog->reject();
    }
    return seen;
}

}  // namespace ifrit::gui::widgets
