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

constexpr char kPoll[] = "ifrit.v1.MachineLink/Sync";
constexpr std::size_t kResourceExhausted = 8;
constexpr std::size_t kUnavailable = 14;

using std::chrono::nanoseconds;

/// Fine enough for quantiles: a poll that changes nothing takes some 20 us.
constexpr std::array<nanoseconds, 20> kBounds{
    {std::chrono::microseconds(10),   std::chrono::microseconds(25),
     std::chrono::microseconds(50),   std::chrono::microseconds(100),
     std::chrono::microseconds(250),  std::chrono::microseconds(500),
     std::chrono::milliseconds(1),    std::chrono::microseconds(2500),
     std::chrono::milliseconds(5),    std::chrono::milliseconds(10),
     std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
     std::chrono::milliseconds(100),  std::chrono::milliseconds(250),
     std::chrono::milliseconds(500),  std::chrono::seconds(1),
     std::chrono::milliseconds(2500), std::chrono::seconds(5),
     std::chrono::seconds(10),        std::chrono::seconds(30)}};

double seconds(nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

}  // namespace

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
    static_assert(kBounds.size() == kBuckets);
    std::size_t bucket = 0;
    while (bucket < kBuckets && kBounds[bucket] < *took)
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
            {sum, i < kBuckets ? seconds(kBounds[i]) : std::numeric_limits<double>::infinity()});
    }
    metric.histogram.sample_count = sum;
    metric.histogram.sample_sum = static_cast<double>(method.nanoseconds.load(kRelaxed)) / 1e9;
    return metric;
}

services::CallTotals CallMetrics::totals() const {
    services::CallTotals out;
    out.bounds = kBounds;
    out.pollsByDuration.resize(kBuckets + 1);
    for (const auto& method : m_methods) {
        const bool isPoll = method->name == kPoll;
        for (std::size_t code = 0; code < kCodes; ++code) {
            const std::uint64_t count = method->byCode[code].load(kRelaxed);
            (isPoll ? out.polls : out.otherCalls) += count;
            if (isPoll && (code == kResourceExhausted || code == kUnavailable)) out.shed += count;
        }
        if (!isPoll) continue;
        for (std::size_t bucket = 0; bucket <= kBuckets; ++bucket)
            out.pollsByDuration[bucket] = method->byDuration[bucket].load(kRelaxed);
    }
    return out;
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
