// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/pending_change.h"

#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

PendingChange::PendingChange(ConnectionHub& hub) : m_hub(hub) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] { m_call.reset(); });
}

QString PendingChange::whyNot(const std::string& permission) const {
    if (isUnderWay()) return tr("The last change has not been answered yet.");
    return m_hub.whyNot(permission);
}

void PendingChange::end(const QString& sentence) {
    Q_EMIT changed();
    Q_EMIT acted(sentence);
}

}  // namespace ifrit::gui::presenters
