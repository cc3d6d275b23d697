// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "master/cache/failure_counts.h"
#include "shared/base/clock.h"
#include "shared/base/status.h"

namespace ifrit::master::cache {

/// Counts on a clock of the test's; `away` makes every call fail. One thread.
class MemoryFailureCounts final : public FailureCounts {
public:
    explicit MemoryFailureCounts(const base::Clock& clock) : m_clock(clock) {}

    absl::Status failed(const std::string& key, std::chrono::milliseconds keep,
                        const WaitAfter& waitAfter) override {
        if (away) return gone();
        Entry& entry = m_entries[key];
        if (entry.forgotten <= m_clock.steadyNow()) entry = {};
        entry.forgotten = m_clock.steadyNow() + keep;
        const auto wait = waitAfter(++entry.failures);
        if (wait.count() > 0) entry.refused = m_clock.steadyNow() + wait;
        return absl::OkStatus();
    }
    absl::StatusOr<std::chrono::milliseconds> waitOf(const std::string& key) override {
        if (away) return gone();
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(m_entries[key].refused -
                                                                       m_clock.steadyNow());
        return std::max(left, std::chrono::milliseconds(0));
    }
    absl::Status forget(const std::string& key) override {
        if (away) return gone();
        m_entries.erase(key);
        return absl::OkStatus();
    }

    bool away = false;

private:
    struct Entry {
        std::uint32_t failures = 0;
        base::SteadyTime forgotten{};
        base::SteadyTime refused{};
    };
    static absl::Status gone() {
        return base::makeError(absl::StatusCode::kUnavailable, "CACHE_AWAY", "", "it is away");
    }

    const base::Clock& m_clock;
    std::map<std::string, Entry> m_entries;
};

}  // namespace ifrit::master::cache
