// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/freeze_line.h"

namespace ifrit::gui::presenters {

using models::toText;

QString FreezeLine::of(const std::optional<services::ClusterSummary>& cluster,
                       const models::TimeText& times) {
    if (!cluster || !cluster->freeze) return {};
    const services::ClusterFreeze& freeze = *cluster->freeze;
    QString out = tr("All change is frozen by %1 since %2: %3")
                      .arg(toText(freeze.by), times.at(freeze.at), toText(freeze.reason));
    if (!freeze.recorded)
        out += QLatin1Char(' ') + tr("(the master holds it until its database is back)");
    return out;
}

}  // namespace ifrit::gui::presenters
