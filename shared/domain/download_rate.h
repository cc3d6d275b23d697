// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace ifrit::domain {

// Bytes a second that one machine fetches an archive with; 0: no limit.

/// Below it a large archive ends with no deadline, and a source is soon held to be too slow.
inline constexpr std::uint64_t kLeastDownloadRate = 64ULL * 1024;
inline constexpr std::uint64_t kMostDownloadRate = 1ULL << 40U;

/// INVALID_ARGUMENT (RATE_INVALID) for what is neither 0 nor within the limits.
absl::Status checkDownloadRate(std::uint64_t bytesPerSecond);

/// A size of base/byte_size.h a second: "2MB/s" (2,000,000), "512KiB/s", "65536B/s"; or "none" (0).
/// The "/s" may be left out. INVALID_ARGUMENT (RATE_INVALID) with a sentence that shows the form,
/// also for what checkDownloadRate() refuses.
absl::StatusOr<std::uint64_t> parseDownloadRate(std::string_view text);
/// The shortest form that parseDownloadRate() reads back equal; "none" for 0.
std::string formatDownloadRate(std::uint64_t bytesPerSecond);

}  // namespace ifrit::domain
