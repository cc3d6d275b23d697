// SPDX-License-Identifier: Apache-2.0
#include "agent/local/local_client.h"

#include "agent/local/local_socket.h"

namespace ifrit::agent::local {

absl::StatusOr<std::string> askLocally(const std::string& path, const LocalRequest& request,
                                       std::chrono::milliseconds timeout) {
    IFRIT_ASSIGN_OR_RETURN(const UniqueFd socket, connectLocally(path));
    IFRIT_RETURN_IF_ERROR(sendAll(socket.get(), formatLocalRequest(request), timeout));
    const absl::StatusOr<std::string> bytes =
        receiveAll(socket.get(), Until::EndOfStream, kMaxResponseBytes, timeout);
    if (absl::IsDeadlineExceeded(bytes.status())) {
        return base::makeError(
            absl::StatusCode::kDeadlineExceeded, "LOCAL_TIMEOUT", path,
            fmt::format("ifrit-agent runs, and has not answered at {} for {} s", path,
                        std::chrono::ceil<std::chrono::seconds>(timeout).count()));
    }
    IFRIT_RETURN_IF_ERROR(bytes.status());
    return parseLocalResponse(*bytes);
}

}  // namespace ifrit::agent::local
