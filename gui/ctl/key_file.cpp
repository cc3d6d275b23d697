// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/key_file.h"

#include <QFile>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "shared/base/status.h"
#include "shared/crypto/encrypted_key.h"

namespace ifrit::gui::ctl {

absl::Status writeNewFile(const std::string& path, const std::string& content, Secrecy secrecy) {
    QFile file(QString::fromStdString(path));
    if (file.exists()) {
        return base::makeError(absl::StatusCode::kAlreadyExists, "FILE_EXISTS", path,
                               fmt::format("'{}' exists; choose another name", path));
    }
    QFileDevice::Permissions permissions = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    if (secrecy == Secrecy::Public) {
        permissions |= QFileDevice::ReadGroup | QFileDevice::ReadOther;
    }
    const bool opened = file.open(QIODevice::WriteOnly | QIODevice::NewOnly, permissions);
    if (!opened || file.write(QByteArray::fromStdString(content)) < 0 || !file.flush()) {
        return base::makeError(
            absl::StatusCode::kInternal, "SYSTEM", path,
            fmt::format("cannot write '{}': {}", path, file.errorString().toStdString()));
    }
    return absl::OkStatus();
}

absl::StatusOr<std::string> readSmallFile(const std::string& path, std::size_t most) {
    errno = 0;
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                               &std::fclose);
    if (!file) return base::errnoStatus(errno, fmt::format("'{}'", path));
    std::string content(most + 1, '\0');
    content.resize(std::fread(content.data(), 1, content.size(), file.get()));
    if (std::ferror(file.get()) != 0) return base::errnoStatus(errno, fmt::format("'{}'", path));
    if (content.size() > most) {
        return base::invalidArgument("FILE_TOO_LARGE", path, "'{}' is over {} KiB", path,
                                     most >> 10);
    }
    return content;
}

absl::StatusOr<crypto::PublicKey> readPublicKey(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const std::string pem, readSmallFile(path));
    if (crypto::isEncryptedKeyPem(pem)) {
        return base::invalidArgument("KEY_ENCRYPTED", path,
                                     "'{}' is an encrypted private key; name the public one beside "
                                     "it, '{}.pub.pem'",
                                     path, path);
    }
    if (pem.find("PRIVATE KEY") != std::string::npos) {
        absl::StatusOr<crypto::SigningKey> key = crypto::SigningKey::fromPem(pem);
        if (!key.ok()) return base::annotate(key.status(), path);
        return key->publicKey();
    }
    absl::StatusOr<crypto::PublicKey> key = crypto::publicKeyFromPem(pem);
    if (!key.ok()) return base::annotate(key.status(), path);
    return key;
}

}  // namespace ifrit::gui::ctl
