// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <string>

namespace ifrit::agent::link {

/// The status of a call to the master at `address`, in words for people where it is the line that
/// failed: UNREACHABLE, NO_ANSWER (within `timeout`), CUT_OFF, TLS_UNTRUSTED, TLS_FAILED. The code
/// stays. Not for calls that were cancelled here.
absl::Status explainedStatus(const grpc::Status& status, const std::string& address,
                             std::chrono::seconds timeout);

}  // namespace ifrit::agent::link
