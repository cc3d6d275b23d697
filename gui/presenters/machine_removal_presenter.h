// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include "gui/models/page_parts.h"
#include "gui/presenters/action.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/pending_change.h"

namespace ifrit::gui::presenters {

/// Takes machines that are gone out of the cluster. Those that are alive are not offered: ifritctl
/// takes them by force. GUI thread.
class MachineRemovalPresenter : public QObject {
    Q_OBJECT
public:
    MachineRemovalPresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Whether these can be removed now. O(uuids).
    Action action(const QStringList& uuids) const;
    /// More than the master takes at once.
    static Action tooMany();
    models::DangerFacts facts(const QStringList& uuids) const;
    /// Those that facts() were about.
    void remove(const QStringList& shown, const QString& reason);

Q_SIGNALS:
    void changed();
    /// Machines came, went or said something: action() may answer something else.
    void machinesChanged();
    void removed(const QStringList& uuids);
    /// It was answered; empty text: they are gone.
    void acted(const QString& sentence);

private:
    qint64 gone(const QStringList& uuids) const;
    qint64 alive(const QStringList& uuids) const;
    base::WallTime lastSeen(const QStringList& uuids) const;

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    PendingChange m_change;
};

}  // namespace ifrit::gui::presenters
