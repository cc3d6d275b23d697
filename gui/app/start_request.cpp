// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/start_request.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace ifrit::gui::app {
namespace {

const QString kBundles = QStringLiteral("bundles");
const QString kLink = QStringLiteral("link");
const QString kPage = QStringLiteral("page");

}  // namespace

QByteArray StartRequest::toLine() const {
    if (bundles.isEmpty() && page.isEmpty()) return link.toUtf8();
    const QJsonObject all{
        {kBundles, QJsonArray::fromStringList(bundles)}, {kLink, link}, {kPage, page}};
    return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

StartRequest StartRequest::fromLine(const QByteArray& line) {
    StartRequest out;
    // No link begins so.
    if (!line.startsWith('{')) {
        out.link = QString::fromUtf8(line);
        return out;
    }
    const QJsonObject all = QJsonDocument::fromJson(line).object();
    for (const QJsonValue& bundle : all.value(kBundles).toArray()) {
        if (bundle.isString()) out.bundles << bundle.toString();
    }
    out.link = all.value(kLink).toString();
    out.page = all.value(kPage).toString();
    return out;
}

}  // namespace ifrit::gui::app
