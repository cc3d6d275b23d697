// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "master/storage/sql/storable_text.h"
#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

std::string compact(const QJsonDocument& document) {
    return document.toJson(QJsonDocument::Compact).toStdString();
}

absl::Status broken() {
    return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", "",
                           "the database holds JSON that ifrit never wrote; restore a backup");
}

}  // namespace

absl::StatusOr<std::string> listToJson(const std::vector<std::string>& list) {
    QJsonArray out;
    for (const std::string& item : list) {
        IFRIT_RETURN_IF_ERROR(checkStorable(item));
        out.append(toQt(item));
    }
    return compact(QJsonDocument(out));
}

absl::StatusOr<std::vector<std::string>> listFromJson(const std::string& json) {
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isArray()) return broken();
    std::vector<std::string> out;
    const QJsonArray items = document.array();
    for (const QJsonValue& item : items)
        out.push_back(item.toString().toStdString());
    return out;
}

absl::StatusOr<std::string> mapToJson(const std::map<std::string, std::string>& map) {
    QJsonObject out;
    for (const auto& [key, value] : map) {
        IFRIT_RETURN_IF_ERROR(checkStorable(key));
        IFRIT_RETURN_IF_ERROR(checkStorable(value));
        out.insert(toQt(key), toQt(value));
    }
    return compact(QJsonDocument(out));
}

absl::StatusOr<std::map<std::string, std::string>> mapFromJson(const std::string& json) {
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json));
    if (!document.isObject()) return broken();
    std::map<std::string, std::string> out;
    const QJsonObject object = document.object();
    for (auto item = object.begin(); item != object.end(); ++item)
        out[item.key().toStdString()] = item.value().toString().toStdString();
    return out;
}

}  // namespace ifrit::master::storage::sql
