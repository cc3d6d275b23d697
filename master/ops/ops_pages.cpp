// SPDX-License-Identifier: Apache-2.0
#include "master/ops/ops_pages.h"

#include <prometheus/text_serializer.h>

#include <iterator>
#include <utility>

#include "master/ops/readiness.h"

namespace ifrit::master::ops {
namespace {

constexpr int kOk = 200;
constexpr int kUnavailable = 503;

Page pageOf(Verdict verdict) {
    return {verdict.good ? kOk : kUnavailable, Page().type, std::move(verdict.text)};
}

}  // namespace

OpsPages::OpsPages(const CallMetrics& calls, std::function<services::ClusterFigures()> read)
    : m_calls(calls), m_read(read), m_cluster(std::move(read)) {}

std::optional<Page> OpsPages::page(std::string_view path) const {
    if (path == "/metrics") return metrics();
    if (path == "/healthz") return pageOf(healthOf(m_read()));
    if (path == "/readyz") return pageOf(readinessOf(m_read()));
    return std::nullopt;
}

Page OpsPages::metrics() const {
    std::vector<prometheus::MetricFamily> families = m_cluster.Collect();
    std::vector<prometheus::MetricFamily> calls = m_calls.Collect();
    families.insert(families.end(), std::make_move_iterator(calls.begin()),
                    std::make_move_iterator(calls.end()));
    Page page;
    page.type = "text/plain; version=0.0.4; charset=utf-8";
    page.body = prometheus::TextSerializer().Serialize(families);
    return page;
}

}  // namespace ifrit::master::ops
