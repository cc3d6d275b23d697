// SPDX-License-Identifier: Apache-2.0
#include "shared/log/json_formatter.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <iterator>

#include "shared/base/utf8.h"
#include "shared/log/request_scope.h"

namespace ifrit::log {
namespace {

std::string_view view(spdlog::string_view_t text) {
    return {text.data(), text.size()};
}

/// The logger has no thread of its own: who formats is who logs.
std::string requestField() {
    const std::string& id = RequestScope::current();
    return id.empty() ? std::string() : R"("request":")" + jsonEscaped(id) + "\",";
}

}  // namespace

std::string jsonEscaped(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 8);
    for (const char c : base::validUtf8(text)) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (byte < 0x20 || byte == 0x7f) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
        } else {
            out.push_back(c);
        }
    }
    return out;
}

void JsonFormatter::format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) {
    const auto millis =
        std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch())
            .count() %
        1000;
    const auto level = spdlog::level::to_string_view(message.level);
    fmt::format_to(std::back_inserter(out),
                   R"({{"ts":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z","level":"{}","program":"{}",)"
                   R"("thread":{},{}"msg":"{}"}})"
                   "\n",
                   fmt::gmtime(std::chrono::system_clock::to_time_t(message.time)), millis,
                   view(level), jsonEscaped(view(message.logger_name)), message.thread_id,
                   requestField(), jsonEscaped(view(message.payload)));
}

std::unique_ptr<spdlog::formatter> JsonFormatter::clone() const {
    return std::make_unique<JsonFormatter>();
}

}  // namespace ifrit::log
