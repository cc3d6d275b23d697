// SPDX-License-Identifier: Apache-2.0
#include "master/ops/call_metrics.h"

#include <limits>

namespace ifrit::master::ops {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

/// The names of grpc::StatusCode, by number.
constexpr std::array<const char*, 17> kCodeNames{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

}  // namespace

const std::array<double, CallMetrics::kBuckets>& CallMetrics::bounds() {
    static constexpr std::array<double, kBuckets> kSeconds{0.0001, 0.00025, 0.001, 0.005, 0.025,
                                                           0.1,    0.5,     1,     5,     30};
    return kSeconds;
}

CallMetrics::CallMetrics(const std::vector<std::string>& methods) {
    const auto add = [this](const std::string& name) {
        m_methods.push_back(std::make_unique<Method>());
        m_methods.back()->name = name;
        m_byName[m_methods.back()->name] = m_methods.back().get();
    };
    for (const std::string& name : methods)
        add(name);
    add("other");
}

CallMetrics::Method& CallMetrics::methodNamed(std::string_view name) noexcept {
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? *m_methods.back() : *found->second;
}

void CallMetrics::callEnded(std::string_view method, int code,
                            std::optional<std::chrono::nanoseconds> took) noexcept {
    constexpr int kUnknown = 2;
    Method& counted = methodNamed(method);
    const bool isCode = code >= 0 && code < static_cast<int>(kCodes);
    counted.byCode[static_cast<std::size_t>(isCode ? code : kUnknown)].fetch_add(1, kRelaxed);
    if (!took) return;
    const double seconds = std::chrono::duration<double>(*took).count();
    std::size_t bucket = 0;
    while (bucket < kBuckets && seconds > bounds()[bucket])
        ++bucket;
    counted.byDuration[bucket].fetch_add(1, kRelaxed);
    counted.nanoseconds.fetch_add(static_cast<std::uint64_t>(took->count()), kRelaxed);
}

prometheus::ClientMetric CallMetrics::durationsOf(const Method& method) {
    prometheus::ClientMetric metric;
    metric.label = {{"method", method.name}};
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i <= kBuckets; ++i) {
        sum += method.byDuration[i].load(kRelaxed);
        metric.histogram.bucket.push_back(
            {sum, i < kBuckets ? bounds()[i] : std::numeric_limits<double>::infinity()});
    }
    metric.histogram.sample_count = sum;
    metric.histogram.sample_sum = static_cast<double>(method.nanoseconds.load(kRelaxed)) / 1e9;
    return metric;
}

std::vector<prometheus::MetricFamily> CallMetrics::Collect() const {
    prometheus::MetricFamily calls{"ifrit_rpc_calls_total",
                                   "Calls that ended, by method and code",
                                   prometheus::MetricType::Counter,
                                   {}};
    prometheus::MetricFamily durations{"ifrit_rpc_duration_seconds",
                                       "How long unary calls took, by method",
                                       prometheus::MetricType::Histogram,
                                       {}};
    for (const auto& method : m_methods) {
        for (std::size_t code = 0; code < kCodes; ++code) {
            const std::uint64_t count = method->byCode[code].load(kRelaxed);
            // OK of every method from the start, so that a rate is known from the first scrape.
            if (count == 0 && code != 0) continue;
            prometheus::ClientMetric metric;
            metric.label = {{"method", method->name}, {"code", kCodeNames[code]}};
            metric.counter.value = static_cast<double>(count);
            calls.metric.push_back(std::move(metric));
        }
        const prometheus::ClientMetric metric = durationsOf(*method);
        if (metric.histogram.sample_count > 0) durations.metric.push_back(metric);
    }
    return {std::move(calls), std::move(durations)};
}

}  // namespace ifrit::master::ops
