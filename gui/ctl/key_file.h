// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <string>

#include "shared/crypto/signing_key.h"

namespace ifrit::gui::ctl {

enum class Secrecy { Public, Secret };

/// Never overwrites: a lost signing key cannot be made again. Secret files are 0600 from the first
/// byte on. ALREADY_EXISTS (FILE_EXISTS), else the system's error with the path.
absl::Status writeNewFile(const std::string& path, const std::string& content, Secrecy secrecy);

/// Errors name the path.
absl::StatusOr<std::string> readSmallFile(const std::string& path);
/// Of a public key file, or of a private one that is not encrypted.
absl::StatusOr<crypto::PublicKey> readPublicKey(const std::string& path);

}  // namespace ifrit::gui::ctl
