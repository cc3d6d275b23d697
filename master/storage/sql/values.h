// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/base/clock.h"

namespace ifrit::master::storage::sql {

struct Text {
    std::string value;
};
struct Bytes {
    std::string value;
};
/// What a statement's `?` stands for; monostate is NULL.
using Value = std::variant<std::monostate, std::int64_t, double, Text, Bytes>;
using Values = std::vector<Value>;

inline Value text(std::string value) {
    return Text{std::move(value)};
}
/// Empty is NULL: for foreign keys and columns that are looked up.
inline Value textOrNull(std::string value) {
    return value.empty() ? Value() : Value(Text{std::move(value)});
}
inline Value bytes(std::string value) {
    return Bytes{std::move(value)};
}
/// 64-bit unsigned values keep their bits; the column holds a signed number.
template <typename Integer>
Value integer(Integer value) {
    return static_cast<std::int64_t>(value);
}
inline Value real(double value) {
    return value;
}
inline Value time(base::WallTime value) {
    return base::toUnixMillis(value);
}
inline Value time(const std::optional<base::WallTime>& value) {
    return value ? time(*value) : Value();
}

}  // namespace ifrit::master::storage::sql
