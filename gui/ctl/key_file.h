// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <string>

#include "shared/crypto/signing_key.h"

namespace ifrit::gui::ctl {

enum class Secrecy { Public, Secret };

/// Never overwrites: a lost signing key cannot be made again. Secret files are 0600 from the first
/// byte on. ALREADY_EXISTS (FILE_EXISTS), else the system's error with the path.
absl::Status writeNewFile(const std::string& path, const std::string& content, Secrecy secrecy);

/// Of keys, receipts and words; and of a release, whose gray list may have 10,000 of the longest
/// uuids.
inline constexpr std::size_t kSmallFileBytes = std::size_t{64} << 10;
inline constexpr std::size_t kReleaseFileBytes = std::size_t{2} << 20;
/// Errors name the path.
absl::StatusOr<std::string> readSmallFile(const std::string& path,
                                          std::size_t most = kSmallFileBytes);
/// Of a public key file, or of a private one that is not encrypted.
absl::StatusOr<crypto::PublicKey> readPublicKey(const std::string& path);

}  // namespace ifrit::gui::ctl
