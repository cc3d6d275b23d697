// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/version_history.h"

#include <algorithm>
#include <cmath>

#include "gui/models/chart_math.h"
#include "gui/models/text_format.h"
#include "gui/presenters/fleet_totals.h"

namespace ifrit::gui::presenters {
namespace {

using models::ChartContent;
using models::grouped;
using models::toText;

/// The summary comes at most so often.
constexpr std::int64_t kLeastStepMs = 1'000;
constexpr std::size_t kMostMoments = models::kMostChartPoints;
/// More versions at once are one line.
constexpr std::size_t kMostVersions = 8;

}  // namespace

VersionHistory::VersionHistory(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed) {
    connect(&feed, &FleetFeed::clusterChanged, this, &VersionHistory::take);
    connect(&hub, &ConnectionHub::sessionClosing, this, &VersionHistory::forget);
}

void VersionHistory::forget() {
    m_agent.clear();
    m_moments.clear();
    Q_EMIT changed();
}

std::string VersionHistory::leadingAgent() const {
    FleetSums sums;
    sums.addReleases(*m_feed.cluster());
    return sums.leadingAgent().toStdString();
}

void VersionHistory::take() {
    if (!m_feed.cluster()) return;
    const std::string agent = leadingAgent();
    if (agent != m_agent) m_moments.clear();
    m_agent = agent;
    Moment moment;
    moment.atMs = base::toUnixMillis(m_hub.times().now());
    for (const services::VersionCount& count : m_feed.cluster()->versions) {
        if (count.agent == agent && !count.version.empty())
            moment.machines[count.version] = count.machines;
    }
    if (agent.empty()) return;
    if (!m_moments.empty() && moment.atMs - m_moments.back().atMs < kLeastStepMs) return;
    m_moments.push_back(std::move(moment));
    if (m_moments.size() > kMostMoments) {
        std::vector<Moment> half;
        for (std::size_t i = 0; i < m_moments.size(); i += 2)
            half.push_back(std::move(m_moments[i]));
        m_moments = std::move(half);
    }
    Q_EMIT changed();
}

ChartContent VersionHistory::content() const {
    ChartContent out;
    out.title = m_agent.empty() ? tr("Versions")
                                : tr("Machines by their version of %1").arg(toText(m_agent));
    if (m_moments.empty()) {
        out.whyEmpty = tr("No agent runs in this cluster yet.");
        return out;
    }
    if (m_moments.size() < 2) {
        out.whyEmpty = tr("Too few samples yet: the line begins when this window connected.");
        return out;
    }
    out.note = tr("since %1").arg(m_hub.times().at(base::fromUnixMillis(m_moments.front().atMs)));
    std::map<std::string, std::uint64_t> most;
    for (const Moment& moment : m_moments) {
        for (const auto& [version, machines] : moment.machines)
            most[version] = std::max(most[version], machines);
    }
    std::vector<std::pair<std::uint64_t, std::string>> versions;
    for (const auto& [version, machines] : most)
        versions.emplace_back(machines, version);
    std::sort(versions.rbegin(), versions.rend());
    if (versions.size() > kMostVersions) {
        out.note +=
            QStringLiteral(" · ") + tr("%1 of %2 versions").arg(kMostVersions).arg(versions.size());
        versions.resize(kMostVersions);
    }
    for (const auto& [machines, version] : versions) {
        models::ChartSeries series;
        series.name = toText(version);
        series.color = static_cast<int>(out.series.size());
        std::vector<double> values;
        for (const Moment& moment : m_moments) {
            const auto found = moment.machines.find(version);
            values.push_back(found == moment.machines.end() ? 0.0
                                                            : static_cast<double>(found->second));
            series.points.append({static_cast<double>(moment.atMs), values.back()});
        }
        out.rows.push_back(models::rowOf(
            series.name, values, [](double value) { return grouped(std::llround(value)); }));
        out.series.append(std::move(series));
    }
    return out;
}

}  // namespace ifrit::gui::presenters
