// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <spdlog/formatter.h>

#include <memory>
#include <string>
#include <string_view>

namespace ifrit::log {

/// One JSON object a line: ts (RFC 3339, UTC, milliseconds), level, program, thread, msg;
/// `request` where a RequestScope is open.
class JsonFormatter final : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override;
    std::unique_ptr<spdlog::formatter> clone() const override;
};

/// Text as the inside of a JSON string (RFC 8259): quotes, backslashes and control characters
/// escaped, bytes that are no UTF-8 replaced by U+FFFD.
std::string jsonEscaped(std::string_view text);

}  // namespace ifrit::log
