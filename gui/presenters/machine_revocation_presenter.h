// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/pending_change.h"

namespace ifrit::gui::presenters {

/// Takes its certificates from a machine that was stolen or lost its key. One at a time: each is
/// a decision of its own. GUI thread.
class MachineRevocationPresenter : public QObject {
    Q_OBJECT
public:
    MachineRevocationPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    Action action(const QStringList& uuids) const;
    models::DangerFacts facts(const QString& uuid) const;
    /// The one that facts() were about.
    void revoke(const QString& uuid, const QString& reason);

Q_SIGNALS:
    void changed();
    /// Machines came or went: action() may answer something else.
    void machinesChanged();
    /// What was done.
    void revoked(const QString& sentence);
    /// It was answered; empty text: well.
    void acted(const QString& sentence);

private:
    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    PendingChange m_change;
};

}  // namespace ifrit::gui::presenters
