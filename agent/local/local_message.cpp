// SPDX-License-Identifier: Apache-2.0
#include "agent/local/local_message.h"

#include <algorithm>
#include <charconv>

namespace ifrit::agent::local {
namespace {

constexpr std::string_view kOk = "ok\n";
constexpr std::string_view kError = "error ";

absl::Status brokenAnswer() {
    return base::makeError(absl::StatusCode::kUnavailable, "LOCAL_ANSWER", "",
                           "ifrit-agent's answer broke off; was it ended just now?");
}

}  // namespace

absl::StatusOr<LocalRequest> parseLocalRequest(std::string_view line) {
    const bool isPrintable =
        std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c != '\x7f'; });
    LocalRequest request;
    std::size_t at = 0;
    while (isPrintable && at < line.size()) {
        const std::size_t end = std::min(line.find(' ', at), line.size());
        const std::string word(line.substr(at, end - at));
        at = end + 1;
        if (word.empty()) continue;
        if (request.verb.empty()) {
            request.verb = word;
        } else {
            request.arguments.push_back(word);
        }
    }
    if (request.verb.empty())
        return base::invalidArgument("LOCAL_REQUEST", "", "a request is one line of words");
    return request;
}

std::string formatLocalRequest(const LocalRequest& request) {
    std::string line = request.verb;
    for (const std::string& argument : request.arguments)
        line += ' ' + argument;
    return line + '\n';
}

std::string formatLocalResponse(const absl::StatusOr<std::string>& response) {
    if (response.ok()) return std::string(kOk) + *response;
    const base::ErrorInfo info = base::errorInfo(response.status());
    return fmt::format("{}{} {}\n{}", kError, static_cast<int>(response.status().code()),
                       info.reason.empty() ? "UNKNOWN" : info.reason,
                       base::messageOf(response.status()));
}

absl::StatusOr<std::string> parseLocalResponse(std::string_view bytes) {
    if (bytes.substr(0, kOk.size()) == kOk) return std::string(bytes.substr(kOk.size()));
    const std::size_t end = bytes.find('\n');
    if (bytes.substr(0, kError.size()) != kError || end == std::string_view::npos)
        return brokenAnswer();
    const std::string_view head = bytes.substr(kError.size(), end - kError.size());
    int code = 0;
    const auto parsed = std::from_chars(head.data(), head.data() + head.size(), code);
    const auto digits = static_cast<std::size_t>(parsed.ptr - head.data());
    if (parsed.ec != std::errc() || code <= 0 || code > 16 || digits >= head.size())
        return brokenAnswer();
    return base::makeError(static_cast<absl::StatusCode>(code), head.substr(digits + 1), "",
                           std::string(bytes.substr(end + 1)));
}

}  // namespace ifrit::agent::local
