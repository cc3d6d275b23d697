// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "shared/base/clock.h"

namespace google::protobuf {
template <typename Key, typename Value>
class Map;
}

namespace ifrit::codec {

// Limits of repeated and text fields of the wire contract (shared/proto/ifrit/v1).
inline constexpr std::size_t kMaxAgentsPerReport = 64;
inline constexpr std::size_t kMaxEventsPerReport = 256;
inline constexpr std::size_t kMaxKnownBad = 64;
inline constexpr std::size_t kMaxEntriesPerMachine = 1024;
inline constexpr std::size_t kMaxGrayUuids = 10'000;
inline constexpr std::size_t kMaxStepBytes = 256;
inline constexpr std::size_t kMaxMessageBytes = 4096;
inline constexpr std::size_t kMaxShortTextBytes = 256;

/// 32 bytes on the wire, 64 hexadecimal digits inside. Empty stays empty.
absl::StatusOr<std::string> digestFromWire(const std::string& bytes);
/// A digest that came from shared/domain's checks; anything else becomes empty.
std::string digestToWire(const std::string& hex);

/// INVALID_ARGUMENT when the text is longer than `limit` bytes, has control characters but tab and
/// newline, begins with a byte order mark, or holds U+FFFE or U+FFFF (docs/storage.md, "Text").
/// That it is UTF-8, protobuf has seen to.
absl::Status checkText(std::string_view field, std::string_view text, std::size_t limit);
absl::Status checkCount(std::string_view field, std::size_t count, std::size_t limit);
absl::Status checkLabels(const google::protobuf::Map<std::string, std::string>& labels);

/// 0 is "none" on the wire.
std::optional<base::WallTime> timeFromWire(std::int64_t millis);
std::int64_t timeToWire(const std::optional<base::WallTime>& time);

}  // namespace ifrit::codec
