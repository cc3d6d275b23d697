// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <string>
#include <vector>

#include "gui/models/text_format.h"
#include "gui/services/fleet.h"

namespace ifrit::gui::presenters {

/// What the banner of a frozen cluster says.
class FreezeLine {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::FreezeLine)
public:
    /// Empty: not frozen, or not known yet.
    static QString of(const std::optional<services::ClusterSummary>& cluster,
                      const models::TimeText& times);

private:
    static QString unconfirmed(const std::vector<services::UnconfirmedMaster>& masters);
    static QString whyOf(const std::string& why);
};

}  // namespace ifrit::gui::presenters
