// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/json.h"

#include <fmt/format.h>

#include <cmath>

#include "gui/ctl/text.h"
#include "shared/base/utf8.h"

namespace ifrit::gui::ctl {
namespace {

constexpr unsigned char kFirstOfC1 = 0xc2;  // U+0080 to U+009F are c2 80 to c2 9f
constexpr unsigned char kLastOfC1 = 0x9f;

/// Valid UTF-8, whatever a machine had sent. Control characters are escaped, also those that JSON
/// would let through and a terminal would obey.
std::string jsonText(std::string_view raw) {
    const std::string text = base::validUtf8(raw);
    std::string out = "\"";
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const auto byte = static_cast<unsigned char>(c);
        const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
        if (byte == kFirstOfC1 && next <= kLastOfC1) {
            out += fmt::format("\\u{:04x}", next);
            ++i;
            continue;
        }
        switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\t':
                out += "\\t";
                break;
            case '\r':
                out += "\\r";
                break;
            default:
                if (byte < 0x20 || byte == 0x7f) {
                    out += fmt::format("\\u{:04x}", byte);
                } else {
                    out += c;
                }
        }
    }
    return out + '"';
}

void newLine(std::string& out, int depth) {
    out += '\n';
    out.append(static_cast<std::size_t>(depth) * 2, ' ');
}

}  // namespace

Json::Json(std::string_view text) : m_raw(jsonText(text)) {}

Json::Json(double value) : m_raw(std::isfinite(value) ? fmt::format("{}", value) : "null") {}

Json& Json::set(std::string_view key, Json value) {
    m_members.emplace_back(std::string(key), std::move(value));
    return *this;
}

Json& Json::setTime(const std::string& key, base::WallTime time) {
    const std::int64_t millis = base::toUnixMillis(time);
    set(key + "_ms", millis == 0 ? null() : Json(millis));
    return set(key, millis == 0 ? null() : Json(utcTime(time)));
}

Json& Json::push(Json value) {
    m_members.emplace_back(std::string(), std::move(value));
    return *this;
}

std::string Json::dump(bool indent) const {
    std::string out;
    write(out, 0, indent);
    return out;
}

void Json::write(std::string& out, int depth, bool indent) const {
    if (m_kind == Kind::Raw) {
        out += m_raw;
        return;
    }
    const bool isObject = m_kind == Kind::Object;
    out += isObject ? '{' : '[';
    bool first = true;
    for (const auto& [key, value] : m_members) {
        if (!first) out += ',';
        first = false;
        if (indent) newLine(out, depth + 1);
        if (isObject) out += jsonText(key) + (indent ? ": " : ":");
        value.write(out, depth + 1, indent);
    }
    if (indent && !first) newLine(out, depth);
    out += isObject ? '}' : ']';
}

}  // namespace ifrit::gui::ctl
