// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "master/ops/call_metrics.h"
#include "master/ops/cluster_metrics.h"
#include "master/ops/ops_server.h"

namespace ifrit::master::ops {

/// /metrics in the text format of Prometheus, /healthz and /readyz. Thread-safe.
class OpsPages {
public:
    /// `calls` must outlive it.
    OpsPages(const CallMetrics& calls, std::function<services::ClusterFigures()> read);
    /// nullopt: there is no such page.
    std::optional<Page> page(std::string_view path) const;

private:
    Page metrics() const;

    const CallMetrics& m_calls;
    const std::function<services::ClusterFigures()> m_read;
    const ClusterMetrics m_cluster;
};

}  // namespace ifrit::master::ops
