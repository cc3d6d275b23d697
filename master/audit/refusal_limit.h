// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "shared/base/clock.h"

namespace ifrit::master::audit {

/// How many refusals of one caller become rows of the audit, which is never pruned and has one
/// writer: whoever has no business here must not fill it. Thread-safe.
class RefusalLimit {
public:
    static constexpr std::uint32_t kMostInAMinute = 600;
    static constexpr std::size_t kMostKeys = 10'000;

    /// `most` rows of one key in a minute.
    explicit RefusalLimit(std::uint32_t most = kMostInAMinute) : m_most(most) {}

    /// nullopt: it is one too many. Else how many of the key were left out since its last row.
    std::optional<std::uint64_t> take(const std::string& key, base::SteadyTime now)
        ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    struct Entry {
        base::SteadyTime begun{};
        std::uint32_t taken = 0;
        std::uint64_t leftOut = 0;
    };
    static constexpr std::chrono::minutes kWindow{1};
    void makeRoom(base::SteadyTime now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::uint32_t m_most;
    absl::Mutex m_mutex;
    std::map<std::string, Entry> m_entries ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::audit
