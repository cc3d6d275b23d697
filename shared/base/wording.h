// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ifrit::base {

/// "1 package", "2 packages", "1 entry", "1 batch": `what` is the plural.
std::string countOf(std::uint64_t count, std::string_view what);

/// As people read it, in the two largest units: "250 ms", "42 s", "59 min 52 s", "2 h 10 min",
/// "30 d". formatDuration() is what people write.
std::string sayDuration(std::chrono::milliseconds duration);

}  // namespace ifrit::base
