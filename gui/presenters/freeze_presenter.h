// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/kept_text.h"
#include "gui/presenters/pending_change.h"

namespace ifrit::gui::presenters {

/// Stops all change in the cluster, and lets it go on again. GUI thread.
class FreezePresenter : public QObject {
    Q_OBJECT
public:
    enum class Turn { Freeze, Unfreeze };

    FreezePresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// What can be done now: the other of what is.
    Turn turn() const;
    Action action(Turn turn) const;
    models::DangerFacts facts(Turn turn) const;
    /// Nothing where action() says why not. Freezing twice would be a second freeze in the audit.
    void act(Turn turn, const QString& reason);
    /// What must not be overlooked: who has frozen the cluster, or why the master would not.
    QString line() const;

Q_SIGNALS:
    void changed();

private:
    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    PendingChange m_change;
    KeptText m_refusal;
};

}  // namespace ifrit::gui::presenters
