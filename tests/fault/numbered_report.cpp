// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/numbered_report.h"

#include "shared/base/clock.h"

namespace ifrit::tests {

std::string eventOf(std::uint64_t seq) {
    return "event " + std::to_string(seq);
}

v1::ReportDelta reportAfter(std::uint64_t acked) {
    v1::ReportDelta report;
    report.set_stream_id("stream");
    report.set_seq(acked + 1);
    report.set_full(acked == 0);
    v1::MachineEvent& event = *report.add_events();
    event.set_kind("test");
    event.set_message(eventOf(report.seq()));
    // Of today: old ones are removed by the master's housekeeping, which has its first round soon.
    event.set_at_ms(base::toUnixMillis(base::SystemClock().now()));
    return report;
}

}  // namespace ifrit::tests
