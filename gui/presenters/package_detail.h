// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/presenters/package_difference.h"
#include "gui/presenters/package_releases.h"
#include "gui/presenters/package_spread.h"

namespace ifrit::gui::presenters {

/// What is asked about the chosen package, each only while somebody looks. GUI thread.
struct PackageDetail {
    PackageDetail(ConnectionHub& hub, FleetFeed& feed, PackagesPresenter& packages,
                  models::Worker& worker)
        : spread(feed, packages),
          difference(hub, packages, worker),
          releases(hub, feed, packages) {}
    PackageSpread spread;
    PackageDifference difference;
    PackageReleases releases;
};

}  // namespace ifrit::gui::presenters
