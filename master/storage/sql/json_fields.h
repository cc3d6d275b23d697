// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fmt/format.h>

#include <QJsonObject>
#include <QJsonValue>
#include <cstdint>
#include <optional>
#include <string>

#include "shared/base/clock.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

// Fields of the JSON documents that the stores keep whole.
namespace ifrit::master::storage::sql {

inline std::string textOf(const QJsonObject& from, const char* key) {
    return from.value(QLatin1String(key)).toString().toStdString();
}
inline std::int64_t numberOf(const QJsonObject& from, const char* key) {
    return from.value(QLatin1String(key)).toInteger();
}
template <typename Number>
inline QJsonValue number(Number value) {
    return QJsonValue(static_cast<qint64>(value));
}
inline QJsonValue stamp(base::WallTime at) {
    return number(base::toUnixMillis(at));
}
inline QJsonValue stamp(const std::optional<base::WallTime>& at) {
    return at ? stamp(*at) : QJsonValue();
}
inline base::WallTime timeOf(const QJsonObject& from, const char* key) {
    return base::fromUnixMillis(numberOf(from, key));
}
inline std::optional<base::WallTime> optionalTimeOf(const QJsonObject& from, const char* key) {
    if (!from.value(QLatin1String(key)).isDouble()) return std::nullopt;
    return timeOf(from, key);
}

/// Reads enum names, and remembers one that is not known.
class JsonNames {
public:
    template <typename Enum>
    Enum read(const std::string& name) {
        const auto value = domain::fromName<Enum>(name);
        if (!value) m_unknown = name;
        return value.value_or(Enum{});
    }
    absl::Status status() const {
        if (m_unknown.empty()) return absl::OkStatus();
        return base::makeError(
            absl::StatusCode::kDataLoss, "DATABASE_BROKEN", m_unknown,
            fmt::format("a stored release has the word '{}', which this ifrit-master does not "
                        "know; it was written by a newer one or damaged",
                        m_unknown));
    }

private:
    std::string m_unknown;
};

}  // namespace ifrit::master::storage::sql
