// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "gui/models/package_models.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/paged_list.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {

/// A release brings this package to machines.
bool usesPackage(const domain::ReleaseSpec& spec, const services::PackageInfo& package);

/// Releases that used the chosen package: those of its agent, read by pages, that name its version
/// for one of its machine types. Reads only while somebody looks. GUI thread.
class PackageReleases : public QObject {
    Q_OBJECT
public:
    PackageReleases(ConnectionHub& hub, FleetFeed& feed, PackagesPresenter& packages,
                    QObject* parent = nullptr);

    void setShown(bool shown);
    void refresh();
    /// Newest first.
    models::PackageReleaseModel& model() { return m_model; }
    bool hasMore() const { return m_list.hasMore(); }
    void more() { m_list.more(); }
    /// All of them, which the table shows by pages.
    std::unique_ptr<RowSource> rows();
    /// How many, of how many that were read; or what failed.
    QString line() const;
    bool failed() const { return !m_list.error().ok(); }
    /// What stands in the table's room: that it is loaded, that there is none, or what failed.
    QString emptyText() const;

Q_SIGNALS:
    void changed();

private:
    void follow();
    void filter();
    void read();

    ConnectionHub& m_hub;
    PackagesPresenter& m_packages;
    models::PackageReleaseModel m_model;
    PagedList<services::ReleaseInfo> m_list;
    QTimer m_reload;
    std::string m_agent;  ///< whose releases m_list is of; empty: of none
    bool m_shown = false;
};

}  // namespace ifrit::gui::presenters
