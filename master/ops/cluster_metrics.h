// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <functional>

#include "master/services/cluster_figures.h"

namespace ifrit::master::ops {

/// The figures as metrics, read anew for each scrape. Thread-safe where `read` is.
class ClusterMetrics final : public prometheus::Collectable {
public:
    explicit ClusterMetrics(std::function<services::ClusterFigures()> read)
        : m_read(std::move(read)) {}
    std::vector<prometheus::MetricFamily> Collect() const override;

private:
    const std::function<services::ClusterFigures()> m_read;
};

}  // namespace ifrit::master::ops
