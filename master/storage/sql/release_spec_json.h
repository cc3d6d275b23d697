// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QJsonObject>
#include <map>
#include <string>

#include "master/storage/sql/json.h"
#include "master/storage/sql/json_fields.h"
#include "shared/domain/release.h"

namespace ifrit::master::storage::sql {

QJsonObject mapOf(const std::map<std::string, std::string>& items);
std::map<std::string, std::string> mapFrom(const QJsonValue& value);

/// What an operator asked for, but for agent and version, which have columns.
QJsonObject specToJson(const domain::ReleaseSpec& spec, GrayUuids uuids);
void specFromJson(const QJsonObject& from, JsonNames& names, domain::ReleaseSpec& spec);

}  // namespace ifrit::master::storage::sql
