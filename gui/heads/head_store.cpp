// SPDX-License-Identifier: Apache-2.0
#include "gui/heads/head_store.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLockFile>
#include <QSaveFile>
#include <optional>
#include <utility>

#include "shared/base/hex.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"

namespace ifrit::gui::heads {
namespace {

constexpr int kFormat = 1;
constexpr qint64 kMaxFileBytes = 4 * 1024 * 1024;
constexpr QFileDevice::Permissions kOwnFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

QString text(const std::string& value) {
    return QString::fromStdString(value);
}

absl::Status unreadable(const std::string& path, const std::string& why) {
    return base::makeError(
        absl::StatusCode::kDataLoss, "HEADS_UNREADABLE", path,
        fmt::format("the kept heads in {} cannot be used: {}; put the file back from a backup of "
                    "your own, or move it away and begin anew",
                    path, why));
}

absl::Status failed(const std::string& path, const QString& why) {
    return base::makeError(absl::StatusCode::kInternal, "SYSTEM", path,
                           fmt::format("cannot write '{}': {}", path, why.toStdString()));
}

QJsonObject toJson(const audit::SignedHead& head) {
    QJsonObject out;
    out.insert(QLatin1String("row"), static_cast<qint64>(head.head.row));
    out.insert(QLatin1String("hash"), text(base::toHex(head.head.hash)));
    out.insert(QLatin1String("signed_at_ms"), qint64{base::toUnixMillis(head.head.at)});
    out.insert(QLatin1String("certificate_pem"), text(head.seal.certificatePem));
    out.insert(QLatin1String("signature"), text(base::toHex(head.seal.signature)));
    return out;
}

std::optional<audit::SignedHead> fromJson(const QJsonObject& in, const std::string& cluster) {
    const auto hex = [&in](const char* key) {
        return base::fromHex(in.value(QLatin1String(key)).toString().toStdString());
    };
    const auto hash = hex("hash");
    const auto signature = hex("signature");
    const qint64 row = in.value(QLatin1String("row")).toInteger(0);
    if (!hash || hash->size() != 32 || !signature || row <= 0) return std::nullopt;
    audit::SignedHead head;
    head.head = {cluster, static_cast<std::uint64_t>(row), *hash,
                 base::fromUnixMillis(in.value(QLatin1String("signed_at_ms")).toInteger(0))};
    head.seal = {in.value(QLatin1String("certificate_pem")).toString().toStdString(), *signature};
    return head;
}

QByteArray format(const bundle::Bundle& bundle, const audit::KeptHeads& heads) {
    QJsonArray array;
    for (const audit::SignedHead& head : heads.all())
        array.append(toJson(head));
    QJsonObject root;
    root.insert(QLatin1String("format"), kFormat);
    root.insert(QLatin1String("cluster"), text(bundle.cluster));
    root.insert(QLatin1String("heads"), array);
    return QJsonDocument(root).toJson(QJsonDocument::Indented);
}

}  // namespace

std::string HeadStore::pathOf(const bundle::Bundle& bundle) const {
    // Two clusters may have one name; their CAs differ. And what a bundle calls its cluster must
    // not lead out of the directory.
    const std::string name =
        domain::checkClusterName(bundle.cluster).ok() ? bundle.cluster : "cluster";
    return m_directory + "/" + name + "-" + crypto::sha256Hex(bundle.caPem).substr(0, 16) + ".json";
}

absl::StatusOr<audit::KeptHeads> HeadStore::load(const bundle::Bundle& bundle) const {
    const std::string path = pathOf(bundle);
    QFile file(text(path));
    if (!QFileInfo::exists(file.fileName())) return audit::KeptHeads();
    if (!file.open(QIODevice::ReadOnly)) return unreadable(path, file.errorString().toStdString());
    if (file.size() > kMaxFileBytes) return unreadable(path, "it is larger than 4 MiB");
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
    const QJsonObject root = document.object();
    if (error.error != QJsonParseError::NoError) {
        return unreadable(
            path, fmt::format("byte {}: {}", error.offset, error.errorString().toStdString()));
    }
    if (root.value(QLatin1String("format")).toInt() != kFormat ||
        root.value(QLatin1String("cluster")).toString() != text(bundle.cluster))
        return unreadable(path, "it is not of this cluster, or of a newer version of ifrit");
    audit::KeptHeads heads;
    for (const QJsonValue& value : root.value(QLatin1String("heads")).toArray()) {
        std::optional<audit::SignedHead> head = fromJson(value.toObject(), bundle.cluster);
        if (!head) return unreadable(path, "a head in it is not whole");
        if (absl::Status known = verify(*head, bundle); !known.ok()) {
            return unreadable(path,
                              fmt::format("row {}: {}", head->head.row, base::messageOf(known)));
        }
        heads.add(*std::move(head));
    }
    return heads;
}

absl::Status HeadStore::verify(audit::SignedHead& head, const bundle::Bundle& bundle) const {
    const auto known = m_known.find(head.seal.signature);
    if (known != m_known.end() && known->second.caPem == bundle.caPem &&
        known->second.head.head == head.head && known->second.head.seal == head.seal) {
        head.signer = known->second.head.signer;
        return absl::OkStatus();
    }
    IFRIT_RETURN_IF_ERROR(audit::verifyHead(head, bundle.caPem, bundle.cluster));
    m_known[head.seal.signature] = {bundle.caPem, head};
    return absl::OkStatus();
}

absl::Status HeadStore::keep(const bundle::Bundle& bundle, const audit::SignedHead& head) {
    return update(bundle, [&head](audit::KeptHeads& heads) { return heads.add(head); });
}

absl::StatusOr<std::size_t> HeadStore::forgetFrom(const bundle::Bundle& bundle, std::uint64_t row) {
    std::size_t forgotten = 0;
    IFRIT_RETURN_IF_ERROR(update(bundle, [&](audit::KeptHeads& heads) {
        forgotten = heads.forgetFrom(row);
        return forgotten != 0;
    }));
    return forgotten;
}

absl::Status HeadStore::update(const bundle::Bundle& bundle,
                               const std::function<bool(audit::KeptHeads&)>& change) {
    const std::string path = pathOf(bundle);
    if (!QDir().mkpath(text(m_directory)))
        return failed(path, QStringLiteral("the directory cannot be made"));
    QFile::setPermissions(text(m_directory), kOwnFile | QFileDevice::ExeOwner);
    QLockFile lock(text(path + ".lock"));
    if (!lock.tryLock(static_cast<int>(m_patience.count())))
        return base::makeError(
            absl::StatusCode::kInternal, "HEADS_LOCKED", path,
            fmt::format("cannot write '{}': another program holds its lock", path));
    IFRIT_ASSIGN_OR_RETURN(audit::KeptHeads heads, load(bundle));
    if (!change(heads)) return absl::OkStatus();
    QSaveFile file(text(path));
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(kOwnFile) ||
        file.write(format(bundle, heads)) < 0 || !file.commit())
        return failed(path, file.errorString());
    return absl::OkStatus();
}

}  // namespace ifrit::gui::heads
