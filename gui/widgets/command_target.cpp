// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/widgets/command_target.h"

#include <QVariant>
#include <QWidget>

namespace ifrit::gui::widgets {
namespace {

constexpr const char* kBundle = "commandBundle";

}  // namespace

void CommandTarget::set(QWidget& window, const QString& bundle) {
    window.setProperty(kBundle, bundle);
}

QString CommandTarget::textOf(const QWidget& widget, const QList<models::CtlCommand>& commands,
                              const QString& reason) {
    QString bundle;
    for (const QWidget* at = &widget; at != nullptr && bundle.isEmpty(); at = at->parentWidget())
        bundle = at->property(kBundle).toString();
    return models::commandText(commands, reason, bundle);
}

}  // namespace ifrit::gui::widgets
