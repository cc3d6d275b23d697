// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/machine_buckets.h"

namespace ifrit::gui::presenters {

/// What several clusters have together.
struct FleetSums {
    BucketCounts machines;
    qint64 openReleases = 0;
    /// Machines by agent and version; without a version: those that have the agent in none.
    std::map<std::string, std::map<std::string, qint64>> versions;

    /// All that a master says of its cluster.
    void add(const services::ClusterSummary& cluster);
    /// The same but the machines, which are counted one by one where they are known.
    void addReleases(const services::ClusterSummary& cluster);
    void add(const FleetSums& other);
    /// The agent that most machines run; empty: none.
    QString leadingAgent() const;
    /// Of an agent, largest first.
    std::vector<std::pair<QString, qint64>> versionsOf(const QString& agent) const;
};

/// What all clusters together have, over those that answer.
struct FleetTotals : FleetSums {
    qint64 clusters = 0;
    qint64 answering = 0;
    FleetSums last;       ///< also of those that do not answer, as they answered last
    QStringList missing;  ///< names of those that do not answer
    /// What can be shown: figures of now, or where no cluster answers the last ones.
    const FleetSums& shown() const { return answering > 0 ? *this : last; }
};

}  // namespace ifrit::gui::presenters
