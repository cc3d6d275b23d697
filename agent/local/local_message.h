// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/status.h"

namespace ifrit::agent::local {

inline constexpr std::size_t kMaxRequestBytes = 4096;
inline constexpr std::size_t kMaxResponseBytes = 4 * 1024 * 1024;

/// "verb argument argument"; one line on the wire. Words have no blanks: they are verbs, names,
/// versions and digests.
struct LocalRequest {
    std::string verb;
    std::vector<std::string> arguments;
    bool operator==(const LocalRequest&) const = default;
};

/// INVALID_ARGUMENT LOCAL_REQUEST for an empty line or words with control characters.
absl::StatusOr<LocalRequest> parseLocalRequest(std::string_view line);
std::string formatLocalRequest(const LocalRequest& request);

/// "ok" and then the text, or code, reason and message of an error; the end is the end of the
/// stream. Reads back as it was made.
std::string formatLocalResponse(const absl::StatusOr<std::string>& response);
/// UNAVAILABLE LOCAL_ANSWER for what is no such answer: it broke off.
absl::StatusOr<std::string> parseLocalResponse(std::string_view bytes);

}  // namespace ifrit::agent::local
