// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::gui::ctl {

/// A JSON value for output only. Keys keep the order in which they were set: people read it too.
class Json {
public:
    static Json null() { return Json("null", Raw{}); }
    static Json object() { return Json(Kind::Object); }
    static Json array() { return Json(Kind::Array); }

    Json(std::string_view text);
    Json(const char* text) : Json(std::string_view(text)) {}
    Json(const std::string& text) : Json(std::string_view(text)) {}
    Json(bool value) : Json(value ? "true" : "false", Raw{}) {}
    Json(std::int64_t value) : Json(std::to_string(value), Raw{}) {}
    Json(std::uint64_t value) : Json(std::to_string(value), Raw{}) {}
    Json(std::int32_t value) : Json(std::to_string(value), Raw{}) {}
    Json(std::uint32_t value) : Json(std::to_string(value), Raw{}) {}
    Json(double value);

    /// Objects.
    Json& set(std::string_view key, Json value);
    /// `key` with RFC 3339 text and `key`_ms with milliseconds; both null for the epoch (none).
    Json& setTime(const std::string& key, base::WallTime time);
    /// Arrays.
    Json& push(Json value);

    /// One line; or, with `indent`, one member a line.
    std::string dump(bool indent = false) const;

private:
    enum class Kind { Raw, Object, Array };
    struct Raw {};
    explicit Json(Kind kind) : m_kind(kind) {}
    Json(std::string raw, Raw) : m_raw(std::move(raw)) {}
    void write(std::string& out, int depth, bool indent) const;

    Kind m_kind = Kind::Raw;
    std::string m_raw;
    std::vector<std::pair<std::string, Json>> m_members;
};

/// Array of anything that Json takes.
template <typename Items>
Json toJsonArray(const Items& items) {
    Json out = Json::array();
    for (const auto& item : items)
        out.push(Json(item));
    return out;
}
/// Object of a map from text.
template <typename Map>
Json toJsonObject(const Map& map) {
    Json out = Json::object();
    for (const auto& [key, value] : map)
        out.set(key, Json(value));
    return out;
}

}  // namespace ifrit::gui::ctl
