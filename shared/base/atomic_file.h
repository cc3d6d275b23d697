// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::base {

/// Replaces `path` by a file with exactly these bytes and this mode (permission bits, whatever the
/// umask), flushed to disk together with its directory: after a kill or a power cut at any instant
/// the old or the new content is there, whole. Writes "<path>.tmp" first, which a kill can leave
/// and the next call replaces. One writer per path at a time; blocks for the disk.
/// Errors are errnoStatus() with the path; then the old content stands.
absl::Status writeFileAtomically(const std::string& path, std::string_view bytes, int mode);

/// The same on a full disk, in the blocks that the text file `room` has, which becomes `path`: what
/// `bytes` does not fill of it are newlines. RESOURCE_EXHAUSTED when it has too few.
absl::Status writeTextInRoom(const std::string& path, std::string_view bytes,
                             const std::string& room);

/// The whole content of a regular file. NOT_FOUND when there is none; RESOURCE_EXHAUSTED
/// FILE_TOO_BIG when it has more than `maxBytes` bytes.
absl::StatusOr<std::string> readFile(const std::string& path, std::size_t maxBytes);

}  // namespace ifrit::base
