// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/context_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::gui::ctl {
namespace {

constexpr QFileDevice::Permissions kOwnFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr char kContexts[] = "contexts";
constexpr char kTokens[] = "tokens";

std::string readAll(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

absl::Status checkName(const std::string& name) {
    // It becomes a file name: the rules of cluster names keep it inside the directory.
    if (absl::Status status = domain::checkClusterName(name); !status.ok()) {
        return base::invalidArgument("USAGE", name, "context name: {}", base::messageOf(status));
    }
    return absl::OkStatus();
}

}  // namespace

std::vector<std::string> ContextStore::names() const {
    std::vector<std::string> out;
    const QDir dir(QString::fromStdString(m_directory + "/" + kContexts));
    for (const QString& name : dir.entryList(QDir::Files, QDir::Name)) {
        // Left-overs of an interrupted save carry other names.
        if (domain::checkClusterName(name.toStdString()).ok()) out.push_back(name.toStdString());
    }
    return out;
}

std::string ContextStore::current() const {
    return QString::fromStdString(readAll(m_directory + "/current")).trimmed().toStdString();
}

absl::Status ContextStore::use(const std::string& name) {
    IFRIT_RETURN_IF_ERROR(load(name).status());
    return writeSecret(m_directory + "/current", name + "\n");
}

absl::Status ContextStore::mustBeThere(const std::string& name) const {
    IFRIT_RETURN_IF_ERROR(checkName(name));
    if (QFileInfo::exists(QString::fromStdString(pathOf(kContexts, name)))) return absl::OkStatus();
    const std::vector<std::string> known = names();
    return base::notFound("NO_CONTEXT", known.empty() ? "" : name,
                          "there is no context '{}'; there {}", name,
                          known.empty() ? std::string("is none yet")
                                        : fmt::format("are: {}", fmt::join(known, ", ")));
}

absl::StatusOr<bundle::Bundle> ContextStore::load(const std::string& name) const {
    IFRIT_RETURN_IF_ERROR(mustBeThere(name));
    return bundle::readBundleFile(pathOf(kContexts, name));
}

absl::Status ContextStore::save(const std::string& name, const bundle::Bundle& bundle,
                                bool replace) {
    IFRIT_RETURN_IF_ERROR(checkName(name));
    const std::string path = pathOf(kContexts, name);
    const absl::StatusOr<bundle::Bundle> there = bundle::readBundleFile(path);
    if (there.ok() && *there == bundle) return absl::OkStatus();
    if (!replace && QFileInfo::exists(QString::fromStdString(path))) {
        return base::makeError(absl::StatusCode::kAlreadyExists, "CONTEXT_EXISTS", name,
                               fmt::format("there is a context '{}' with another bundle; choose "
                                           "another --name or pass --replace",
                                           name));
    }
    // Before the bundle: a login that is wrongly gone is asked for again, one that wrongly stayed
    // would be sent in place of the certificate, or to another cluster.
    const bool keepsLogin =
        there.ok() && there->caPem == bundle.caPem && bundle.certificatePem.empty();
    if (!keepsLogin) IFRIT_RETURN_IF_ERROR(saveToken(name, std::string()));
    return writeSecret(path, bundle::formatBundle(bundle));
}

absl::Status ContextStore::remove(const std::string& name) {
    IFRIT_RETURN_IF_ERROR(mustBeThere(name));
    IFRIT_RETURN_IF_ERROR(saveToken(name, std::string()));
    QFile file(QString::fromStdString(pathOf(kContexts, name)));
    if (!file.remove()) {
        return base::makeError(
            absl::StatusCode::kInternal, "SYSTEM", name,
            file.fileName().toStdString() + ": " + file.errorString().toStdString());
    }
    if (current() == name) QFile::remove(QString::fromStdString(m_directory + "/current"));
    return absl::OkStatus();
}

std::string ContextStore::token(const std::string& name) const {
    return QString::fromStdString(readAll(pathOf(kTokens, name))).trimmed().toStdString();
}

absl::Status ContextStore::saveToken(const std::string& name, const std::string& token) {
    const std::string path = pathOf(kTokens, name);
    if (!token.empty()) return writeSecret(path, token + "\n");
    QFile file(QString::fromStdString(path));
    if (file.remove() || !file.exists()) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kInternal, "SYSTEM", name,
                           path + ": " + file.errorString().toStdString());
}

std::string ContextStore::pathOf(const char* kind, const std::string& name) const {
    return m_directory + "/" + kind + "/" + name;
}

absl::Status ContextStore::writeSecret(const std::string& path, const std::string& content) const {
    const QString target = QString::fromStdString(path);
    const auto failed = [&path](const QString& why) {
        return base::makeError(absl::StatusCode::kInternal, "SYSTEM", path,
                               fmt::format("cannot write '{}': {}", path, why.toStdString()));
    };
    const QDir folder = QFileInfo(target).dir();
    if (!folder.mkpath(QStringLiteral("."))) {
        return failed(QStringLiteral("the directory cannot be made"));
    }
    QFile::setPermissions(QString::fromStdString(m_directory), kOwnFile | QFileDevice::ExeOwner);
    QSaveFile file(target);
    // Before the first byte of the secret is in it.
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(kOwnFile) ||
        file.write(QByteArray::fromStdString(content)) < 0 || !file.commit()) {
        return failed(file.errorString());
    }
    return absl::OkStatus();
}

}  // namespace ifrit::gui::ctl
