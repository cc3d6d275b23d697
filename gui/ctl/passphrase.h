// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <CLI/CLI.hpp>
#include <string>

#include "gui/ctl/shell.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::gui::ctl {

/// Where the passphrase of a private key comes from: --passphrase-file, then the environment
/// (IFRIT_KEY_PASSPHRASE), then the person at the terminal, without echo.
struct PassphraseOptions {
    std::string file;
};
void addPassphraseOption(CLI::App& verb, PassphraseOptions& options);

/// For a new key; a person types it twice. INVALID_ARGUMENT (PASSPHRASE_INVALID) under 8 bytes.
absl::StatusOr<std::string> newPassphrase(const Shell& shell, const PassphraseOptions& options);

/// The key of a file; its passphrase is asked for only where it is encrypted. Errors name the path.
absl::StatusOr<crypto::SigningKey> openSigningKey(const Shell& shell, const std::string& path,
                                                  const PassphraseOptions& options);

}  // namespace ifrit::gui::ctl
