// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

// Returns the status from the enclosing function when the expression is not OK.
#define IFRIT_RETURN_IF_ERROR(expression)                                                   \
    do {                                                                                    \
        if (absl::Status ifritStatus = (expression); !ifritStatus.ok()) return ifritStatus; \
    } while (false)

#define IFRIT_CONCAT_INNER(a, b) a##b
#define IFRIT_CONCAT(a, b) IFRIT_CONCAT_INNER(a, b)
// IFRIT_ASSIGN_OR_RETURN(auto value, maybeValue());
#define IFRIT_ASSIGN_OR_RETURN(declaration, expression) \
    IFRIT_ASSIGN_OR_RETURN_INNER(IFRIT_CONCAT(ifritOr, __LINE__), declaration, expression)
#define IFRIT_ASSIGN_OR_RETURN_INNER(temporary, declaration, expression) \
    auto temporary = (expression);                                       \
    if (!temporary.ok()) return temporary.status();                      \
    declaration = *std::move(temporary)

namespace ifrit::base {

/// Why something was refused, for programs: a stable upper-case name such as "PACKAGE_SIGNATURE",
/// and the id of the thing that it is about. Both travel as payloads of absl::Status and become
/// `ifrit.v1.ErrorDetail` on the wire (shared/rpc). The message stays the sentence for people.
struct ErrorInfo {
    std::string reason;
    std::string subject;
    bool operator==(const ErrorInfo&) const = default;
};

/// An error whose message says what is wrong and what to do; `reason` and `subject` as ErrorInfo.
absl::Status makeError(absl::StatusCode code, std::string_view reason, std::string_view subject,
                       std::string_view message);
/// The info attached by makeError(), or empty strings.
ErrorInfo errorInfo(const absl::Status& status);
/// Puts "`context`: " before the message and keeps code and payloads. OK stays OK.
absl::Status annotate(const absl::Status& status, std::string_view context);
/// The message as std::string (Debian's Abseil has its own string_view type).
std::string messageOf(const absl::Status& status);

/// makeError() with fmt formatting, by meaning (docs/protocol.md).
template <typename... Args>
absl::Status invalidArgument(std::string_view reason, std::string_view subject,
                             fmt::format_string<Args...> format, Args&&... args) {
    return makeError(absl::StatusCode::kInvalidArgument, reason, subject,
                     fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
absl::Status failedPrecondition(std::string_view reason, std::string_view subject,
                                fmt::format_string<Args...> format, Args&&... args) {
    return makeError(absl::StatusCode::kFailedPrecondition, reason, subject,
                     fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
absl::Status notFound(std::string_view reason, std::string_view subject,
                      fmt::format_string<Args...> format, Args&&... args) {
    return makeError(absl::StatusCode::kNotFound, reason, subject,
                     fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
absl::Status permissionDenied(std::string_view reason, std::string_view subject,
                              fmt::format_string<Args...> format, Args&&... args) {
    return makeError(absl::StatusCode::kPermissionDenied, reason, subject,
                     fmt::format(format, std::forward<Args>(args)...));
}
/// The operating system's errno as a status: ENOENT NOT_FOUND, EACCES PERMISSION_DENIED,
/// ENOSPC RESOURCE_EXHAUSTED, else INTERNAL; the message names `what` and strerror.
absl::Status errnoStatus(int error, std::string_view what);

}  // namespace ifrit::base
