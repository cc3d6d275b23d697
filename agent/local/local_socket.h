// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "agent/platform/posix/unique_fd.h"
#include "shared/base/status.h"

namespace ifrit::agent::local {

using platform::UniqueFd;

/// A unix stream socket that listens at `path` with mode 0600; what was there is replaced, so the
/// caller must hold the machine's lock. Paths may be longer than sun_path.
absl::StatusOr<UniqueFd> listenLocally(const std::string& path);
/// UNAVAILABLE LOCAL_AWAY when nobody listens there, PERMISSION_DENIED when we may not ask.
absl::StatusOr<UniqueFd> connectLocally(const std::string& path);
/// The user at the other end is root, or whom this process runs as.
bool isPeerTrusted(int socket);

/// Up to the end of the stream, or up to and without the first line break where `line`.
/// DEADLINE_EXCEEDED after `timeout`, RESOURCE_EXHAUSTED over `most` bytes.
enum class Until { EndOfLine, EndOfStream };
absl::StatusOr<std::string> receiveAll(int socket, Until until, std::size_t most,
                                       std::chrono::milliseconds timeout);
absl::Status sendAll(int socket, std::string_view bytes, std::chrono::milliseconds timeout);

}  // namespace ifrit::agent::local
