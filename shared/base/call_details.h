// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace ifrit::base {

/// What an error says of the call that it answers, beside ErrorInfo; travels in
/// `ifrit.v1.ErrorDetail`. Zero and empty are "not given".
struct CallDetails {
    std::string requestId;
    std::chrono::milliseconds retryAfter{0};  ///< not sooner than this
    std::uint64_t actualCount = 0;            ///< machines, where another number was expected
    std::uint64_t actualGeneration = 0;       ///< of desired state, where another was expected
    /// What changed the thing since the caller saw it.
    struct Change {
        std::string what;  ///< as its timeline says; empty: not given
        std::string by;    ///< empty: the master itself
        std::int64_t atMillis = 0;
        bool operator==(const Change&) const = default;
    };
    Change change = {};
    bool operator==(const CallDetails&) const = default;
};

/// Adds what is given to the status's payloads and keeps what it has. OK stays OK.
absl::Status withCallDetails(absl::Status status, const CallDetails& details);
CallDetails callDetails(const absl::Status& status);

}  // namespace ifrit::base
