// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace ifrit::master::cache {

/// How often something failed lately, by key, as all masters of a cluster count it. Beside the
/// composed state: no database has it, and to lose it is to forgive.
///
/// Thread-safe. Every call may block on I/O and may return UNAVAILABLE (CACHE_AWAY).
class FailureCounts {
public:
    /// How long to refuse a key that failed so often; 0: not at all.
    using WaitAfter = std::function<std::chrono::milliseconds(std::uint32_t failures)>;

    virtual ~FailureCounts() = default;

    /// Counts one more, which is forgotten when none follows within `keep`.
    virtual absl::Status failed(const std::string& key, std::chrono::milliseconds keep,
                                const WaitAfter& waitAfter) = 0;
    /// How long it is refused from now on; 0: it may be tried.
    virtual absl::StatusOr<std::chrono::milliseconds> waitOf(const std::string& key) = 0;
    virtual absl::Status forget(const std::string& key) = 0;
};

}  // namespace ifrit::master::cache
