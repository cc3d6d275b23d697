// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/version_history.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

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
/// One that comes beside so many others begins when it is the shown one.
constexpr std::size_t kMostAgents = 16;
/// More versions at once are one line.
constexpr std::size_t kMostVersions = 8;

}  // namespace

VersionHistory::VersionHistory(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed) {
    connect(&feed, &FleetFeed::clusterChanged, this, &VersionHistory::take);
    connect(&hub, &ConnectionHub::sessionClosing, this, &VersionHistory::forget);
    connect(&hub, &ConnectionHub::linkChanged, this, [this] {
        if (!m_hub.isConnected()) m_wasAway = true;
    });
}

void VersionHistory::forget() {
    m_agent.clear();
    m_moments.clear();
    m_lastMs = 0;
    m_wasAway = false;
    Q_EMIT changed();
}

void VersionHistory::take() {
    if (!m_feed.cluster()) return;
    FleetSums sums;
    sums.addReleases(*m_feed.cluster());
    const std::map<std::string, std::map<std::string, qint64>>& agents = sums.versions;
    const auto runs = [&agents](const std::string& agent) {
        const auto found = agents.find(agent);
        return found != agents.end() &&
               std::any_of(found->second.begin(), found->second.end(),
                           [](const auto& version) { return version.second > 0; });
    };
    std::erase_if(m_moments, [&](const auto& kept) { return !runs(kept.first); });
    if (!m_moments.contains(m_agent)) m_agent = sums.leadingAgent().toStdString();
    if (m_agent.empty()) return;
    const std::int64_t now = base::toUnixMillis(m_hub.times().now());
    if (m_lastMs != 0 && now - m_lastMs < kLeastStepMs) return;
    m_lastMs = now;
    for (const auto& [agent, versions] : agents) {
        Moment moment;
        moment.atMs = now;
        moment.isAfterOutage = m_wasAway;
        for (const auto& [version, machines] : versions) {
            if (!version.empty()) moment.machines[version] = static_cast<std::uint64_t>(machines);
        }
        const bool wanted = agent == m_agent || m_moments.contains(agent);
        if (wanted || m_moments.size() < kMostAgents) add(agent, std::move(moment));
    }
    m_wasAway = false;
    Q_EMIT changed();
}

void VersionHistory::add(const std::string& agent, Moment moment) {
    std::vector<Moment>& moments = m_moments[agent];
    if (moments.empty()) moment.isAfterOutage = false;
    moments.push_back(std::move(moment));
    const auto gaps = std::count_if(moments.begin(), moments.end(),
                                    [](const Moment& one) { return one.isAfterOutage; });
    if (moments.size() + static_cast<std::size_t>(gaps) <= kMostMoments) return;
    std::vector<Moment> half;
    bool isAfterOutage = false;
    for (std::size_t i = 0; i < moments.size(); ++i) {
        isAfterOutage = isAfterOutage || moments[i].isAfterOutage;
        if (i % 2 != 0 && i + 1 != moments.size()) continue;
        moments[i].isAfterOutage = std::exchange(isAfterOutage, false);
        half.push_back(std::move(moments[i]));
    }
    moments = std::move(half);
}

std::set<std::string> VersionHistory::versionsOf(const std::string& agent) const {
    std::set<std::string> out;
    const auto kept = m_moments.find(agent);
    if (kept == m_moments.end()) return out;
    for (const Moment& moment : kept->second) {
        for (const auto& [version, machines] : moment.machines)
            out.insert(version);
    }
    return out;
}

ChartContent VersionHistory::content(const models::VersionColors& colors) const {
    ChartContent out;
    out.title = m_agent.empty() ? tr("Versions")
                                : tr("Machines by their version of %1").arg(toText(m_agent));
    const auto kept = m_moments.find(m_agent);
    if (kept == m_moments.end()) {
        out.whyEmpty = tr("No agent runs in this cluster yet.");
        return out;
    }
    const std::vector<Moment>& moments = kept->second;
    if (moments.size() < 2) {
        out.whyEmpty = tr("Too few samples yet: the line begins when this window connected.");
        return out;
    }
    out.note = tr("since %1").arg(m_hub.times().at(base::fromUnixMillis(moments.front().atMs)));
    std::map<std::string, std::uint64_t> most;
    for (const Moment& moment : moments) {
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
    std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
        return models::standsBefore(a.second, b.second);
    });
    for (const auto& [machines, version] : versions) {
        models::ChartSeries series;
        series.name = toText(version);
        series.color = colors.of(version);
        std::vector<double> values;
        for (const Moment& moment : moments) {
            if (moment.isAfterOutage)
                series.points.append(
                    {series.points.last().x() + 1, std::numeric_limits<double>::quiet_NaN()});
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
