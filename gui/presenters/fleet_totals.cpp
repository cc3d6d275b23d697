// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/fleet_totals.h"

#include <algorithm>

#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {

void FleetSums::add(const services::ClusterSummary& cluster) {
    machines.add(BucketCounts(cluster));
    addReleases(cluster);
}

void FleetSums::addReleases(const services::ClusterSummary& cluster) {
    openReleases += cluster.runningReleases;
    for (const services::VersionCount& count : cluster.versions)
        versions[count.agent][count.version] += static_cast<qint64>(count.machines);
}

void FleetSums::add(const FleetSums& other) {
    machines.add(other.machines);
    openReleases += other.openReleases;
    for (const auto& [agent, byVersion] : other.versions) {
        for (const auto& [version, count] : byVersion)
            versions[agent][version] += count;
    }
}

QString FleetSums::leadingAgent() const {
    std::string leading;
    qint64 most = 0;
    for (const auto& [agent, byVersion] : versions) {
        qint64 all = 0;
        for (const auto& [version, count] : byVersion)
            all += count;
        if (all <= most) continue;
        most = all;
        leading = agent;
    }
    return models::toText(leading);
}

std::vector<std::pair<QString, qint64>> FleetSums::versionsOf(const QString& agent) const {
    std::vector<std::pair<QString, qint64>> out;
    const auto found = versions.find(agent.toStdString());
    if (found == versions.end()) return out;
    for (const auto& [version, count] : found->second) {
        if (!version.empty()) out.emplace_back(models::toText(version), count);
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return out;
}

}  // namespace ifrit::gui::presenters
