// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/watch_stream.h"

#include "shared/base/status.h"

namespace ifrit::gui::rpc {

bool isPermanent(const absl::Status& status) {
    switch (status.code()) {
        case absl::StatusCode::kUnauthenticated:
        case absl::StatusCode::kPermissionDenied:
        case absl::StatusCode::kNotFound:
        case absl::StatusCode::kInvalidArgument:
        case absl::StatusCode::kFailedPrecondition:
        case absl::StatusCode::kUnimplemented:
            return true;
        default:
            return false;
    }
}

absl::Status streamLost(const std::string& address, bool silent) {
    const char* why = silent ? "was silent for too long" : "ended the stream";
    return base::makeError(absl::StatusCode::kUnavailable, "STREAM_LOST", address,
                           fmt::format("the master at {} {}", address, why));
}

}  // namespace ifrit::gui::rpc
