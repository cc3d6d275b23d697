// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/machine_usage.h"

#include <algorithm>

#include "gui/models/chart_math.h"
#include "gui/models/text_format.h"

namespace ifrit::gui::presenters {
namespace {

using models::ChartContent;
using models::ChartUnit;
using models::toText;

constexpr std::size_t kMostSamples = models::kMostChartPoints;

QString say(ChartUnit unit, double value) {
    return unit == ChartUnit::Bytes ? models::bytes(static_cast<std::uint64_t>(value))
                                    : models::coreShare(value);
}

}  // namespace

MachineUsage::MachineUsage(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed) {
    connect(&feed, &FleetFeed::storeChanged, this, &MachineUsage::follow);
}

void MachineUsage::setMachine(const QString& uuid) {
    const std::string wanted = uuid.toStdString();
    if (wanted == m_uuid) return;
    m_uuid = wanted;
    m_samples.clear();
    take();
    Q_EMIT changed();
}

void MachineUsage::follow(const models::FleetChange& change) {
    if (m_uuid.empty()) return;
    const auto row = m_feed.store().rowOf(m_uuid);
    if (!row) return;
    const bool told = change.reset || std::find(change.changed.begin(), change.changed.end(),
                                                *row) != change.changed.end();
    if (!told) return;
    take();
    Q_EMIT changed();
}

void MachineUsage::take() {
    const auto row = m_feed.store().rowOf(m_uuid);
    if (!row) return;
    const models::FleetColumns& columns = m_feed.store().columns();
    if (columns.offline[*row] != 0) return;
    const std::int64_t at = columns.lastSeenMs[*row];
    for (const models::AgentCell& cell : columns.agentsOf(*row)) {
        if (cell.rssBytes == 0) continue;
        std::vector<Sample>& samples = m_samples[std::string(columns.text(cell.agent))];
        // The same report told again, or one that comes late.
        if (!samples.empty() && at <= samples.back().atMs) continue;
        samples.push_back({at, cell.cpuCentipercent / 100.0, static_cast<double>(cell.rssBytes)});
        if (samples.size() <= kMostSamples) continue;
        std::vector<Sample> half;
        for (std::size_t i = 0; i < samples.size(); i += 2)
            half.push_back(samples[i]);
        samples = std::move(half);
    }
}

ChartContent MachineUsage::content(double Sample::*value, ChartUnit unit) const {
    ChartContent out;
    out.y = unit;
    std::size_t longest = 0;
    for (const auto& [agent, samples] : m_samples)
        longest = std::max(longest, samples.size());
    if (longest < 2) {
        out.whyEmpty = longest == 0 ? tr("No agent of this machine has reported what it uses.")
                                    : tr("One sample so far: each report of the machine adds one "
                                         "while it is shown.");
    }
    for (const auto& [agent, samples] : m_samples) {
        models::ChartSeries series;
        series.name = toText(agent);
        series.color = static_cast<int>(out.series.size());
        std::vector<double> values;
        for (const Sample& sample : samples) {
            values.push_back(sample.*value);
            series.points.append({static_cast<double>(sample.atMs), values.back()});
        }
        out.rows.push_back(
            models::rowOf(series.name, values, [unit](double one) { return say(unit, one); }));
        out.series.append(std::move(series));
    }
    return out;
}

ChartContent MachineUsage::memory() const {
    ChartContent out = content(&Sample::rssBytes, ChartUnit::Bytes);
    out.title =
        out.series.size() == 1 ? tr("Memory of %1").arg(out.series.first().name) : tr("Memory");
    return out;
}

ChartContent MachineUsage::processor() const {
    ChartContent out = content(&Sample::cpuPercent, ChartUnit::Percent);
    out.title =
        out.series.size() == 1 ? tr("CPU use of %1").arg(out.series.first().name) : tr("CPU use");
    return out;
}

}  // namespace ifrit::gui::presenters
