// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "gui/models/chart_parts.h"
#include "gui/models/version_colors.h"
#include "gui/presenters/fleet_feed.h"

namespace ifrit::gui::presenters {

/// How many machines ran which version of an agent since the connection was opened: masters keep no
/// history, so what is shown begins there. While the master was away nothing is known: the lines
/// have a gap there. Of each agent at most 2,000 moments are kept; then every
/// second one is let go. GUI thread.
class VersionHistory : public QObject {
    Q_OBJECT
public:
    VersionHistory(ConnectionHub& hub, FleetFeed& feed, QObject* parent = nullptr);

    /// Of the agent that most machines ran when the connection was opened, as long as any do: of
    /// two that take turns the line would begin anew each time.
    /// `colors`: of that agent's versions.
    models::ChartContent content(const models::VersionColors& colors) const;
    /// Whose versions content() shows; empty: none runs yet.
    const std::string& agent() const { return m_agent; }
    /// What has been kept of an agent.
    std::set<std::string> versionsOf(const std::string& agent) const;

Q_SIGNALS:
    void changed();

private:
    struct Moment {
        std::int64_t atMs = 0;
        std::map<std::string, std::uint64_t> machines;  ///< by version
        bool isAfterOutage = false;                     ///< what was before it was not heard
    };
    void take();
    void forget();
    void add(const std::string& agent, Moment moment);

    ConnectionHub& m_hub;
    FleetFeed& m_feed;
    std::string m_agent;
    std::map<std::string, std::vector<Moment>> m_moments;  ///< by agent
    std::int64_t m_lastMs = 0;                             ///< of the newest moment; 0: none yet
    bool m_wasAway = false;                                ///< the master, since the newest moment
};

}  // namespace ifrit::gui::presenters
