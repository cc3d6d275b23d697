// SPDX-License-Identifier: Apache-2.0
#include <QFile>
#include <QFileInfo>
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/passphrase.h"
#include "gui/ctl/shell.h"
#include "shared/base/status.h"
#include "shared/crypto/encrypted_key.h"

namespace ifrit::gui::ctl {
namespace {

struct KeyOptions {
    std::string file;
    bool encrypt = false;
    PassphraseOptions passphrase;
};

const View<crypto::PublicKey>& keyView() {
    static const View<crypto::PublicKey> kView = {
        {{"KEY ID", Shown::Always, [](const auto& key) { return key.keyId(); }},
         {"PUBLIC KEY", Shown::Always,
          [](const auto& key) { return crypto::publicKeyToPem(key).value_or(std::string()); }}},
        [](const auto& key) { return key.keyId(); },
        [](const auto& key) {
            return Json::object()
                .set("key_id", key.keyId())
                .set("public_key_pem", crypto::publicKeyToPem(key).value_or(std::string()));
        }};
    return kView;
}

absl::Status generate(Shell& shell, const KeyOptions& options) {
    const std::string publicFile = options.file + ".pub.pem";
    IFRIT_ASSIGN_OR_RETURN(const crypto::SigningKey key, crypto::SigningKey::generate());
    IFRIT_ASSIGN_OR_RETURN(std::string privatePem, key.toPem());
    if (options.encrypt || !options.passphrase.file.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const std::string passphrase,
                               newPassphrase(shell, options.passphrase));
        IFRIT_ASSIGN_OR_RETURN(privatePem, crypto::encryptKeyPem(privatePem, passphrase));
    }
    IFRIT_ASSIGN_OR_RETURN(const std::string publicPem, crypto::publicKeyToPem(key.publicKey()));
    IFRIT_RETURN_IF_ERROR(writeNewFile(options.file, privatePem, Secrecy::Secret));
    IFRIT_RETURN_IF_ERROR(writeNewFile(publicFile, publicPem, Secrecy::Public));
    if (shell.print().isForPeople()) {
        shell.print().line(key.publicKey().keyId());
    } else {
        shell.print().one(keyView(), key.publicKey());
    }
    shell.note(
        fmt::format("the private key is in {} (keep it offline), the public key in {}: put "
                    "the latter among the trusted keys of masters and machines",
                    options.file, publicFile));
    return absl::OkStatus();
}

absl::Status show(Shell& shell, const KeyOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text, readSmallFile(options.file));
    crypto::PublicKey key;
    if (crypto::isEncryptedKeyPem(text)) {
        IFRIT_ASSIGN_OR_RETURN(const crypto::SigningKey secret,
                               openSigningKey(shell, options.file, options.passphrase));
        key = secret.publicKey();
    } else {
        IFRIT_ASSIGN_OR_RETURN(key, readPublicKey(options.file));
    }
    if (shell.print().isForPeople()) {
        shell.print().line(key.keyId());
        IFRIT_ASSIGN_OR_RETURN(const std::string pem, crypto::publicKeyToPem(key));
        shell.environment().terminal.out << pem;
    } else {
        shell.print().one(keyView(), key);
    }
    return absl::OkStatus();
}

}  // namespace

void addKeyCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("key", "Publishers' keys, which sign packages");
    const auto options = std::make_shared<KeyOptions>();
    CLI::App& generateVerb = shell.addVerb(
        noun,
        {"generate", "Make an Ed25519 key pair: FILE, readable by you alone, and FILE.pub.pem",
         "ifritctl key generate --encrypt publisher.pem"},
        [&shell, options] { return generate(shell, *options); });
    generateVerb.add_option("FILE", options->file, "Of the private key; must not exist")
        ->required();
    generateVerb.add_flag("--encrypt", options->encrypt,
                          "Protect the private key with a passphrase (PKCS#8, scrypt, AES-256)");
    addPassphraseOption(generateVerb, options->passphrase);
    CLI::App& showVerb =
        shell.addVerb(noun,
                      {"show", "Key id and public key of a private or public key file",
                       "ifritctl key show publisher.pem"},
                      [&shell, options] { return show(shell, *options); });
    showVerb.add_option("FILE", options->file, "Key, PEM")->required();
    addPassphraseOption(showVerb, options->passphrase);
}

}  // namespace ifrit::gui::ctl
