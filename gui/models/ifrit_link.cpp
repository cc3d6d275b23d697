// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/ifrit_link.h"

#include <QUrl>
#include <QUrlQuery>

#include "gui/models/text_format.h"
#include "shared/base/status.h"
#include "shared/domain/names.h"

namespace ifrit::gui::models {
namespace {

constexpr char kBegin[] = "-----BEGIN CERTIFICATE-----\n";
constexpr char kEnd[] = "-----END CERTIFICATE-----\n";
constexpr qsizetype kPemLine = 64;

absl::Status invalid(const QString& sentence) {
    return base::makeError(absl::StatusCode::kInvalidArgument, "LINK_INVALID", "",
                           sentence.toStdString());
}

std::string pemOf(const QByteArray& der) {
    const QByteArray text = der.toBase64();
    std::string out = kBegin;
    for (qsizetype at = 0; at < text.size(); at += kPemLine)
        out += text.mid(at, kPemLine).toStdString() + '\n';
    return out + kEnd;
}

QByteArray derOf(const std::string& pem) {
    QByteArray text = QByteArray::fromStdString(pem);
    text.replace(kBegin, "").replace(kEnd, "").replace("\n", "");
    return QByteArray::fromBase64(text);
}

absl::StatusOr<IfritLink> parseOpen(const QStringList& parts) {
    IfritLink link;
    link.cluster = parts.value(0);
    IFRIT_RETURN_IF_ERROR(domain::checkClusterName(link.cluster.toStdString()));
    if (parts.size() == 1) return link;
    if (parts.size() != 3) return invalid(IfritLinks::tr("The link names no place."));
    if (parts[1] == QLatin1String("machine")) {
        link.kind = IfritLink::Kind::Machine;
        link.uuid = parts[2];
        IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(link.uuid.toStdString()));
        return link;
    }
    if (parts[1] == QLatin1String("release")) {
        link.kind = IfritLink::Kind::Release;
        bool good = false;
        link.number = parts[2].toULongLong(&good);
        // "+1", " 1" and "01" are no way to write a number of ours.
        if (!good || link.number == 0 || QString::number(link.number) != parts[2])
            return invalid(IfritLinks::tr("'%1' is no number of a release.").arg(parts[2]));
        return link;
    }
    return invalid(IfritLinks::tr("The link names no place."));
}

absl::StatusOr<IfritLink> parseAdd(const QUrlQuery& query) {
    IfritLink link;
    link.kind = IfritLink::Kind::Add;
    QByteArray ca;
    const std::pair<QString, std::function<void(const QString&)>> parts[] = {
        {QStringLiteral("cluster"), [&](const QString& text) { link.cluster = text; }},
        {QStringLiteral("kind"), [&](const QString& text) { link.clusterKind = text; }},
        {QStringLiteral("address"), [&](const QString& text) { link.address = text; }},
        {QStringLiteral("ca"), [&](const QString& text) { ca = text.toLatin1(); }}};
    for (const auto& [name, take] : parts) {
        const QStringList values = query.allQueryItemValues(name, QUrl::FullyDecoded);
        if (values.size() != 1 || values.first().isEmpty())
            return invalid(IfritLinks::tr("The link has to name %1 once.").arg(name));
        take(values.first());
    }
    if (query.queryItems().size() != std::ssize(parts))
        return invalid(IfritLinks::tr("The link has parts that are not known."));
    IFRIT_RETURN_IF_ERROR(domain::checkClusterName(link.cluster.toStdString()));
    const auto der = QByteArray::fromBase64Encoding(
        ca, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!der) return invalid(IfritLinks::tr("The link's certificate cannot be read."));
    link.caPem = pemOf(*der);
    return link;
}

}  // namespace

absl::StatusOr<IfritLink> IfritLinks::parse(const QString& text) {
    if (text.toUtf8().size() > kMaxLinkBytes) return invalid(tr("The link is too long."));
    const QUrl url(text, QUrl::StrictMode);
    if (!url.isValid() || url.scheme() != QLatin1String("ifrit"))
        return invalid(tr("This is no ifrit:// link."));
    if (!url.userInfo().isEmpty() || url.port() != -1 || url.hasFragment())
        return invalid(tr("The link has parts that are not known."));
    const QString path = url.path(QUrl::FullyDecoded);
    if (url.host() == QLatin1String("add")) {
        if (!path.isEmpty() && path != QLatin1String("/"))
            return invalid(tr("The link has parts that are not known."));
        return parseAdd(QUrlQuery(url));
    }
    if (url.host() != QLatin1String("open") || url.hasQuery() || !path.startsWith(QLatin1Char('/')))
        return invalid(tr("The link names no place."));
    return parseOpen(path.mid(1).split(QLatin1Char('/')));
}

QString IfritLinks::textOf(const IfritLink& link) {
    switch (link.kind) {
        case IfritLink::Kind::Cluster:
            return QStringLiteral("ifrit://open/%1").arg(link.cluster);
        case IfritLink::Kind::Machine:
            return QStringLiteral("ifrit://open/%1/machine/%2").arg(link.cluster, link.uuid);
        case IfritLink::Kind::Release:
            return QStringLiteral("ifrit://open/%1/release/%2").arg(link.cluster).arg(link.number);
        case IfritLink::Kind::Add:
            break;
    }
    QUrl url(QStringLiteral("ifrit://add"));
    QUrlQuery query;
    query.addQueryItem(QStringLiteral("cluster"), link.cluster);
    query.addQueryItem(QStringLiteral("kind"), link.clusterKind);
    query.addQueryItem(QStringLiteral("address"), link.address);
    query.addQueryItem(QStringLiteral("ca"),
                       QString::fromLatin1(derOf(link.caPem)
                                               .toBase64(QByteArray::Base64UrlEncoding |
                                                         QByteArray::OmitTrailingEquals)));
    url.setQuery(query);
    return url.toString(QUrl::FullyEncoded);
}

}  // namespace ifrit::gui::models
