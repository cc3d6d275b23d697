// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <map>
#include <memory>

#include "gui/presenters/fleet_roster.h"
#include "gui/presenters/release_notices.h"

namespace ifrit::gui::presenters {

/// What happened to a release of a cluster that the window is not connected to.
struct ClusterNotice {
    QString cluster;
    QString bundlePath;  ///< of the cluster: two may have one name
    ReleaseNotice release;
};

/// Follows the releases of the clusters beside the window's own, over the lines of the roster, and
/// tells what wants a person: a gate that waits or tripped, a release that ended. Each cluster by
/// itself, with one call at a time: one that hangs keeps back what is told of it alone. What was so
/// when a line came is not news. GUI thread.
class FleetNotices : public QObject {
    Q_OBJECT
public:
    explicit FleetNotices(FleetRoster& roster, QObject* parent = nullptr);
    ~FleetNotices() override;

Q_SIGNALS:
    void happened(const ifrit::gui::presenters::ClusterNotice& notice);

private:
    struct Followed;
    void follow(const QString& path);
    void list(const QString& path);
    void listed(const QString& path);
    void readNext(const QString& path);
    void readAll();
    void look(const QString& path, const services::ReleaseInfo& info);
    Followed* find(const QString& path);

    FleetRoster& m_roster;
    std::map<QString, std::unique_ptr<Followed>> m_followed;  ///< by bundle
    QTimer m_soon{this};   ///< many changes of a release, one look at it
    QTimer m_again{this};  ///< what was not answered
};

}  // namespace ifrit::gui::presenters
