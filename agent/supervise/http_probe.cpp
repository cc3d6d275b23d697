// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/http_probe.h"

#include <charconv>

#include "agent/platform/tcp_connection.h"
#include "agent/supervise/probe_check.h"
#include "shared/base/host_port.h"
#include "shared/domain/probe_address.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kMaxHeadBytes = 64 * 1024;
constexpr std::size_t kMaxAnswerBytes = 1024 * 1024;
constexpr std::size_t kReadBytes = 16 * 1024;

/// Reads until what came holds `mark` at or after `from`, and returns where.
absl::StatusOr<std::size_t> readUntil(platform::TcpConnection& connection, std::string_view mark,
                                      std::size_t from, std::string& answer) {
    while (true) {
        if (const auto at = answer.find(mark, from); at != std::string::npos) return at;
        if (answer.size() > kMaxHeadBytes) {
            return base::invalidArgument("HTTP_INVALID", "", "its header is over {} KiB",
                                         kMaxHeadBytes / 1024);
        }
        IFRIT_ASSIGN_OR_RETURN(const std::string more, connection.receive(kReadBytes));
        if (more.empty()) {
            return base::invalidArgument(
                "HTTP_INVALID", "", "{}",
                answer.empty() ? "closed without an answer" : "closed within its header");
        }
        answer += more;
    }
}

/// The final status; informational ones (1xx) may come before it.
absl::StatusOr<int> readHead(platform::TcpConnection& connection, std::string& answer) {
    std::size_t from = 0;
    while (true) {
        IFRIT_ASSIGN_OR_RETURN(const std::size_t end, readUntil(connection, "\r\n", from, answer));
        const auto line = std::string_view(answer).substr(from, end - from);
        IFRIT_ASSIGN_OR_RETURN(const int status, parseStatusLine(line));
        IFRIT_ASSIGN_OR_RETURN(const std::size_t head,
                               readUntil(connection, "\r\n\r\n", end, answer));
        if (status >= 200) return status;
        from = head + 4;
    }
}

/// To the end that "Connection: close" promises: an agent that hangs while it answers is not well.
absl::Status readBody(platform::TcpConnection& connection, std::size_t bytes) {
    while (bytes <= kMaxAnswerBytes) {
        IFRIT_ASSIGN_OR_RETURN(const std::string more, connection.receive(kReadBytes));
        if (more.empty()) break;
        bytes += more.size();
    }
    return absl::OkStatus();
}

absl::StatusOr<int> get(const domain::HttpUrl& url, std::chrono::milliseconds timeout,
                        std::stop_token stop) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    IFRIT_ASSIGN_OR_RETURN(const auto address, base::parseHostPort(url.address));
    IFRIT_ASSIGN_OR_RETURN(const auto connection,
                           platform::connectTcp(address, deadline, std::move(stop)));
    IFRIT_RETURN_IF_ERROR(connection->send(
        fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: ifrit-probe\r\nAccept: */*\r\n"
                    "Connection: close\r\n\r\n",
                    url.target, url.address)));
    std::string answer;
    IFRIT_ASSIGN_OR_RETURN(const int status, readHead(*connection, answer));
    IFRIT_RETURN_IF_ERROR(readBody(*connection, answer.size()));
    return status;
}

}  // namespace

absl::StatusOr<int> parseStatusLine(std::string_view line) {
    const auto bad = [] {
        return base::invalidArgument("HTTP_INVALID", "", "what answers does not speak HTTP");
    };
    // HTTP-version SP 3DIGIT SP reason; the reason, and by many servers its space, may be missing.
    if (line.size() < 12 || line.substr(0, 7) != "HTTP/1." || line[8] != ' ') return bad();
    if (line[7] != '0' && line[7] != '1') return bad();
    if (line.size() > 12 && line[12] != ' ') return bad();
    int status = 0;
    const auto [rest, error] = std::from_chars(line.data() + 9, line.data() + 12, status);
    if (error != std::errc() || rest != line.data() + 12 || status < 100) return bad();
    return status;
}

ProbeResult checkHttp(const std::string& url, std::chrono::milliseconds timeout,
                      std::stop_token stop) {
    const auto parsed = domain::parseHttpUrl(url);
    if (!parsed.ok()) return {false, base::messageOf(parsed.status())};
    const auto status = get(*parsed, timeout, std::move(stop));
    if (absl::IsDeadlineExceeded(status.status())) {
        return {false, fmt::format("{}: timed out after {} ms", url, timeout.count())};
    }
    if (!status.ok()) return notOk(status.status(), url + ": ");
    return {*status >= 200 && *status < 300, fmt::format("HTTP {} from {}", *status, url)};
}

}  // namespace ifrit::agent::supervise
