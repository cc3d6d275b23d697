// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "master/services/call_counts.h"
#include "master/services/call_observer.h"

namespace ifrit::master::ops {

/// Counts calls by method and status code, and how long unary ones took. Counting is lock-free: a
/// few relaxed additions. Thread-safe.
class CallMetrics final : public prometheus::Collectable,
                          public services::CallObserver,
                          public services::CallCounts {
public:
    /// `methods` as in "ifrit.v1.MachineLink/Sync"; all others are counted together as "other".
    explicit CallMetrics(const std::vector<std::string>& methods);

    void callEnded(std::string_view method, int code,
                   std::optional<std::chrono::nanoseconds> took) noexcept override;

    std::vector<prometheus::MetricFamily> Collect() const override;
    services::CallTotals totals() const override;

private:
    static constexpr std::size_t kCodes = 17;
    static constexpr std::size_t kBuckets = 20;
    struct alignas(64) Method {
        std::string name;
        std::array<std::atomic<std::uint64_t>, kCodes> byCode{};
        std::array<std::atomic<std::uint64_t>, kBuckets + 1> byDuration{};
        std::atomic<std::uint64_t> nanoseconds{0};
    };

    static prometheus::ClientMetric durationsOf(const Method& method);
    Method& methodNamed(std::string_view name) noexcept;

    std::vector<std::unique_ptr<Method>> m_methods;  ///< the last is "other"
    std::unordered_map<std::string_view, Method*> m_byName;
};

}  // namespace ifrit::master::ops
