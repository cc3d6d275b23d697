// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/passphrase.h"

#include "gui/ctl/exit_code.h"
#include "gui/ctl/key_file.h"
#include "shared/base/status.h"
#include "shared/crypto/encrypted_key.h"

namespace ifrit::gui::ctl {
namespace {

constexpr std::size_t kMinBytes = 8;
constexpr std::size_t kMaxBytes = 1'000;
constexpr char kVariable[] = "IFRIT_KEY_PASSPHRASE";

/// What was given without asking; nullopt: nothing was.
absl::StatusOr<std::optional<std::string>> given(const Shell& shell,
                                                 const PassphraseOptions& options) {
    std::optional<std::string> out;
    if (!options.file.empty()) {
        IFRIT_ASSIGN_OR_RETURN(std::string text, readSmallFile(options.file));
        out = text.substr(0, text.find_first_of("\r\n"));
    } else if (std::string text = shell.environment().variable(kVariable); !text.empty()) {
        out = std::move(text);
    }
    return out;
}

absl::StatusOr<std::string> ask(const Shell& shell, const std::string& prompt) {
    const Terminal& terminal = shell.environment().terminal;
    if (terminal.isInteractive) return terminal.ask(prompt, Echo::Off);
    return base::makeError(absl::StatusCode::kCancelled, kNotConfirmed, "",
                           fmt::format("the key has a passphrase and nobody can be asked; give "
                                       "--passphrase-file or {}",
                                       kVariable));
}

}  // namespace

void addPassphraseOption(CLI::App& verb, PassphraseOptions& options) {
    verb.add_option("--passphrase-file", options.file,
                    "Its first line is the key's passphrase; else IFRIT_KEY_PASSPHRASE, else it is "
                    "asked for")
        ->type_name("FILE");
}

absl::StatusOr<std::string> newPassphrase(const Shell& shell, const PassphraseOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(std::optional<std::string> passphrase, given(shell, options));
    if (!passphrase) {
        IFRIT_ASSIGN_OR_RETURN(passphrase, ask(shell, "Passphrase of the new key: "));
        IFRIT_ASSIGN_OR_RETURN(const std::string again, ask(shell, "The same again: "));
        if (again != *passphrase) {
            return base::invalidArgument("PASSPHRASE_INVALID", "",
                                         "the two passphrases differ; no key was made");
        }
    }
    if (passphrase->size() < kMinBytes || passphrase->size() > kMaxBytes) {
        return base::invalidArgument("PASSPHRASE_INVALID", "",
                                     "a passphrase has {} to {} bytes; no key was made", kMinBytes,
                                     kMaxBytes);
    }
    return *std::move(passphrase);
}

absl::StatusOr<crypto::SigningKey> openSigningKey(const Shell& shell, const std::string& path,
                                                  const PassphraseOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(std::string pem, readSmallFile(path));
    if (crypto::isEncryptedKeyPem(pem)) {
        IFRIT_ASSIGN_OR_RETURN(std::optional<std::string> passphrase, given(shell, options));
        if (!passphrase) {
            IFRIT_ASSIGN_OR_RETURN(passphrase, ask(shell, fmt::format("Passphrase of {}: ", path)));
        }
        absl::StatusOr<std::string> plain = crypto::decryptKeyPem(pem, *passphrase);
        if (!plain.ok()) return base::annotate(plain.status(), path);
        pem = *std::move(plain);
    }
    absl::StatusOr<crypto::SigningKey> key = crypto::SigningKey::fromPem(pem);
    if (!key.ok()) return base::annotate(key.status(), path);
    return key;
}

}  // namespace ifrit::gui::ctl
