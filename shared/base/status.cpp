// SPDX-License-Identifier: Apache-2.0
#include "shared/base/status.h"

#include <absl/strings/cord.h>

#include <cerrno>
#include <system_error>

#include "shared/base/exhaustion.h"

namespace ifrit::base {
namespace {

constexpr char kReasonUrl[] = "ifrit/reason";
constexpr char kSubjectUrl[] = "ifrit/subject";

absl::string_view toAbsl(std::string_view text) {
    return {text.data(), text.size()};
}

std::string payload(const absl::Status& status, const char* url) {
    auto found = status.GetPayload(url);
    return found.has_value() ? std::string(*found) : std::string();
}

absl::StatusCode codeOf(int error) {
    switch (error) {
        case ENOENT:
            return absl::StatusCode::kNotFound;
        case EEXIST:
            return absl::StatusCode::kAlreadyExists;
        case EACCES:
        case EPERM:
            return absl::StatusCode::kPermissionDenied;
        case ENOSPC:
#ifdef EDQUOT  // not on Windows
        case EDQUOT:
#endif
        case EMFILE:
        case ENFILE:
        case ENOMEM:
            return absl::StatusCode::kResourceExhausted;
        default:
            return absl::StatusCode::kInternal;
    }
}

}  // namespace

absl::Status makeError(absl::StatusCode code, std::string_view reason, std::string_view subject,
                       std::string_view message) {
    absl::Status status(code, toAbsl(message));
    if (!reason.empty()) status.SetPayload(kReasonUrl, absl::Cord(toAbsl(reason)));
    if (!subject.empty()) status.SetPayload(kSubjectUrl, absl::Cord(toAbsl(subject)));
    return status;
}

ErrorInfo errorInfo(const absl::Status& status) {
    return {payload(status, kReasonUrl), payload(status, kSubjectUrl)};
}

absl::Status annotate(const absl::Status& status, std::string_view context) {
    if (status.ok()) return status;
    const ErrorInfo info = errorInfo(status);
    absl::Status made = makeError(status.code(), info.reason, info.subject,
                                  fmt::format("{}: {}", context, messageOf(status)));
    return isExhaustion(status) ? noteErrno(std::move(made), EMFILE) : made;
}

std::string messageOf(const absl::Status& status) {
    return std::string(status.message());
}

absl::Status errnoStatus(int error, std::string_view what) {
    return noteErrno(makeError(codeOf(error), "SYSTEM", "",
                               fmt::format("{}: {}", what, std::system_category().message(error))),
                     error);
}

}  // namespace ifrit::base
