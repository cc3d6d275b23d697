// SPDX-License-Identifier: Apache-2.0
#include "agent/package/rate_watch.h"

#include "agent/reconcile/reasons.h"

namespace ifrit::agent::package {

absl::Status RateWatch::received(std::size_t bytes, std::chrono::nanoseconds held) {
    m_inWindow += bytes;
    m_windowStart += held;
    const auto elapsed = m_clock.steadyNow() - m_windowStart;
    if (elapsed < m_least.window) return absl::OkStatus();
    const double rate =
        static_cast<double>(m_inWindow) / std::chrono::duration<double>(elapsed).count();
    if (rate < static_cast<double>(m_least.bytesPerSecond)) {
        return base::makeError(
            absl::StatusCode::kUnavailable, reconcile::kDownloadTooSlow, "",
            fmt::format("the source sends {:.0f} bytes a second, at least {} are wanted", rate,
                        m_least.bytesPerSecond));
    }
    m_inWindow = 0;
    m_windowStart = m_clock.steadyNow();
    return absl::OkStatus();
}

}  // namespace ifrit::agent::package
