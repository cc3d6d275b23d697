// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <string>
#include <vector>

#include "gui/models/chart_parts.h"
#include "gui/presenters/fleet_feed.h"

namespace ifrit::gui::presenters {

/// What the agents of one machine use, sample by sample, since it was chosen: masters keep the
/// newest sample alone. At most 2,000 of each agent are kept; then every second one is let go. GUI
/// thread.
class MachineUsage : public QObject {
    Q_OBJECT
public:
    MachineUsage(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Empty: none. Another machine begins anew.
    void setMachine(const QString& uuid);
    models::ChartContent memory() const;
    models::ChartContent processor() const;

Q_SIGNALS:
    void changed();

private:
    struct Sample {
        std::int64_t atMs = 0;
        double cpuPercent = 0;
        double rssBytes = 0;
    };
    void follow(const models::FleetChange& change);
    void take();
    models::ChartContent content(double Sample::*value, models::ChartUnit unit) const;

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    std::string m_uuid;
    std::map<std::string, std::vector<Sample>> m_samples;  ///< by agent
};

}  // namespace ifrit::gui::presenters
