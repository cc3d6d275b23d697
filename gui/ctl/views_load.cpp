// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "gui/ctl/text.h"
#include "gui/ctl/views.h"

namespace ifrit::gui::ctl {
namespace {

using services::LoadSample;
using services::LoadSummary;
using services::MasterLoad;

Json microsJson(const std::optional<std::chrono::microseconds>& time) {
    return time ? Json(std::int64_t{time->count()}) : Json::null();
}

Json sampleJson(const LoadSample& sample) {
    Json out = Json::object();
    out.setTime("at", sample.at)
        .set("span_ms", std::int64_t{sample.span.count()})
        .set("polls", sample.polls)
        .set("shed", sample.shed)
        .set("poll_p50_us", std::int64_t{sample.pollP50.count()})
        .set("poll_p99_us", std::int64_t{sample.pollP99.count()})
        .set("other_calls", sample.otherCalls);
    return out;
}

Json loadJson(const MasterLoad& load) {
    const LoadSummary sum = services::summaryOf(load.samples);
    Json samples = Json::array();
    for (const LoadSample& sample : load.samples)
        samples.push(sampleJson(sample));
    return Json::object()
        .set("address", load.address)
        .set("server_version", load.serverVersion)
        .set("leads", load.leads)
        .set("unreachable", load.unreachable)
        .set("span_ms", std::int64_t{sum.span.count()})
        .set("polls", sum.polls)
        .set("polls_per_second", sum.pollsPerSecond)
        .set("shed", sum.shed)
        .set("poll_p50_us", microsJson(sum.pollP50))
        .set("poll_p99_us", microsJson(sum.pollP99))
        .set("other_calls", sum.otherCalls)
        .set("samples", std::move(samples));
}

/// A figure of all samples; "-" of a master that told none: nothing is not none.
std::function<std::string(const MasterLoad&)> figure(std::string (*say)(const LoadSummary&)) {
    return [say](const MasterLoad& load) {
        return load.samples.empty() ? std::string("-") : say(services::summaryOf(load.samples));
    };
}

std::string timeText(const std::optional<std::chrono::microseconds>& time) {
    return time ? humanMicros(*time) : std::string("-");
}

std::string plainMicros(const std::optional<std::chrono::microseconds>& time) {
    return time ? std::to_string(time->count()) : std::string();
}

std::string leadsText(const MasterLoad& load) {
    return load.leads ? "yes" : "no";
}

}  // namespace

const View<MasterLoad>& loadView() {
    static const View<MasterLoad> kView = {
        {{"MASTER", Shown::Always, [](const auto& m) { return m.address; }},
         {"LEADS", Shown::Always, leadsText},
         {"POLLS/S", Shown::Always,
          figure([](const LoadSummary& s) { return fmt::format("{:.1f}", s.pollsPerSecond); })},
         {"P50", Shown::Always, figure([](const LoadSummary& s) { return timeText(s.pollP50); }),
          figure([](const LoadSummary& s) { return plainMicros(s.pollP50); })},
         {"P99", Shown::Always, figure([](const LoadSummary& s) { return timeText(s.pollP99); }),
          figure([](const LoadSummary& s) { return plainMicros(s.pollP99); })},
         {"SHED", Shown::Always,
          figure([](const LoadSummary& s) { return std::to_string(s.shed); })},
         {"OTHER CALLS", Shown::Always,
          figure([](const LoadSummary& s) { return std::to_string(s.otherCalls); })},
         {"POLLS", Shown::WhenWide,
          figure([](const LoadSummary& s) { return std::to_string(s.polls); })},
         {"OVER", Shown::WhenWide,
          figure([](const LoadSummary& s) { return humanDuration(s.span); }),
          figure([](const LoadSummary& s) { return plainMillis(s.span); })},
         {"VERSION", Shown::WhenWide, [](const auto& m) { return orDash(m.serverVersion); }}},
        [](const auto& m) { return m.address; },
        loadJson};
    return kView;
}

}  // namespace ifrit::gui::ctl
