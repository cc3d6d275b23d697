// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <string>
#include <vector>

#include "gui/models/chart_parts.h"
#include "gui/presenters/fleet_feed.h"

namespace ifrit::gui::presenters {

/// How many machines ran which version of an agent since the connection was opened: masters keep no
/// history, so what is shown begins there. At most 2,000 moments are kept; then every second one is
/// let go. GUI thread.
class VersionHistory : public QObject {
    Q_OBJECT
public:
    VersionHistory(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Of the agent that most machines run.
    models::ChartContent content() const;

Q_SIGNALS:
    void changed();

private:
    struct Moment {
        std::int64_t atMs = 0;
        std::map<std::string, std::uint64_t> machines;  ///< by version
    };
    void take();
    void forget();
    std::string leadingAgent() const;

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    std::string m_agent;
    std::vector<Moment> m_moments;
};

}  // namespace ifrit::gui::presenters
