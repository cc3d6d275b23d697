// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "gui/models/package_models.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/packages_presenter.h"

namespace ifrit::gui::presenters {

/// Where the versions of the chosen package's agent run. Counted from the fleet once for each time
/// that its figures are told, and only while somebody looks. GUI thread.
class PackageSpread : public QObject {
    Q_OBJECT
public:
    PackageSpread(FleetFeed& feed, PackagesPresenter& packages, QObject* parent = nullptr);

    void setShown(bool shown);
    /// Newest version first, until it is sorted otherwise.
    models::VersionSpreadModel& model() { return m_model; }
    const std::vector<models::VersionSpread>& versions() const { return m_versions; }
    /// Of versions(): the chosen package's; -1: it runs nowhere and is wanted nowhere.
    int chosenVersion() const;
    QString title() const;
    QString line() const;
    /// Why there is no bar; empty: there is one.
    QString whyEmpty() const;
    /// For the machines view: those that run this version.
    QString filterOf(const std::string& version) const;

Q_SIGNALS:
    void changed();

private:
    void follow();
    void count();

    FleetFeed& m_feed;
    PackagesPresenter& m_packages;
    models::VersionSpreadModel m_model;
    std::vector<models::VersionSpread> m_versions;
    std::string m_agent;
    bool m_shown = false;
    bool m_stale = true;  ///< the fleet is another one than was counted
};

}  // namespace ifrit::gui::presenters
