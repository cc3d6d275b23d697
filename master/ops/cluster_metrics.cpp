// SPDX-License-Identifier: Apache-2.0
#include "master/ops/cluster_metrics.h"

#include <utility>

namespace ifrit::master::ops {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;

ClientMetric gauge(double value, std::vector<ClientMetric::Label> labels = {}) {
    ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    return metric;
}

MetricFamily gauges(std::string name, std::string help, std::vector<ClientMetric> metrics) {
    return {std::move(name), std::move(help), prometheus::MetricType::Gauge, std::move(metrics)};
}

MetricFamily counter(std::string name, std::string help, std::uint64_t value) {
    ClientMetric metric;
    metric.counter.value = static_cast<double>(value);
    return {std::move(name), std::move(help), prometheus::MetricType::Counter, {metric}};
}

MetricFamily byState(std::string name, std::string help,
                     const std::map<std::string, std::uint64_t>& counts) {
    std::vector<ClientMetric> metrics;
    for (const auto& [state, count] : counts)
        metrics.push_back(gauge(static_cast<double>(count), {{"state", state}}));
    return gauges(std::move(name), std::move(help), std::move(metrics));
}

double seconds(std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
}

/// No series where nobody is known to lead: that is what an alert looks for.
MetricFamily leaderOf(const services::ClusterFigures& now) {
    std::vector<ClientMetric> metrics;
    if (now.leads) metrics.push_back(gauge(1, {{"address", "this"}}));
    if (!now.leads && !now.leaderAddress.empty())
        metrics.push_back(gauge(1, {{"address", now.leaderAddress}}));
    return gauges("ifrit_leader", "1 for the master that runs the releases, as this one sees it",
                  std::move(metrics));
}

}  // namespace

std::vector<MetricFamily> ClusterMetrics::Collect() const {
    const services::ClusterFigures now = m_read();
    const auto number = [](std::uint64_t value) { return static_cast<double>(value); };
    return {
        gauges("ifrit_master_info", "Always 1; what this master is",
               {gauge(1, {{"cluster", now.cluster}, {"version", now.version}})}),
        gauges("ifrit_leads", "1 where this master runs the releases, else 0",
               {gauge(now.leads ? 1 : 0)}),
        leaderOf(now),
        byState("ifrit_machines", "Machines of the cluster by their worst agent's state",
                now.machinesByState),
        gauges("ifrit_machines_offline", "Machines that missed their polls",
               {gauge(number(now.offline))}),
        gauges("ifrit_generation", "Generation of desired state that is served",
               {gauge(number(now.generation))}),
        gauges("ifrit_stale_seconds",
               "How long what is served could not be composed anew; 0: it is fresh",
               {gauge(seconds(now.staleFor.value_or(std::chrono::milliseconds(0))))}),
        gauges("ifrit_cache_away_seconds", "How long the cache has not answered; machines go on",
               {gauge(seconds(now.cacheAwayFor.value_or(std::chrono::milliseconds(0))))}),
        byState("ifrit_releases", "Releases that have not ended, by state", now.openReleases),
        counter("ifrit_release_machine_rows_removed_total",
                "Rows about machines of releases that ended long ago, removed by this master",
                now.removedRows),
        gauges("ifrit_poll_interval_seconds",
               "How often machines are told to poll, now; above poll_interval_ms: the processors "
               "are busy",
               {gauge(seconds(now.pollInterval))}),
        gauges("ifrit_reports_waiting", "Reports that are not durable yet",
               {gauge(number(now.waitingReports))}),
        gauges("ifrit_calls_waiting", "Calls that wait for a worker",
               {gauge(number(now.waitingCalls))}),
        gauges("ifrit_machine_streams", "Machines that hold a watch stream",
               {gauge(number(now.machineStreams))}),
        gauges("ifrit_tick_age_seconds", "Since the master's clockwork last turned",
               {gauge(seconds(now.sinceTick))}),
        gauges("ifrit_server_certificate_left_seconds",
               "Until server.pem, which the port shows, ends",
               {gauge(seconds(now.certificateFor))}),
        gauges("ifrit_round_age_seconds",
               "Since releases and last contacts were last seen to; a slow database delays it",
               {gauge(seconds(now.sinceRound))}),
    };
}

}  // namespace ifrit::master::ops
