// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/exit_code.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string_view>

#include "gui/ctl/text.h"
#include "gui/services/call.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

std::string hintOf(const absl::Status& status, const std::string& reason) {
    static const std::map<std::string, std::string> kHints = {
        {"UNREACHABLE",
         "is the master running, and the address in the bundle right? Try "
         "'ifritctl doctor'"},
        {"TLS_UNTRUSTED", "import the bundle of this cluster again, or see 'ifritctl doctor'"},
        {"CUT_OFF", "look whether it was done before you ask again"},
        {"NO_ANSWER",
         "a change may have been made all the same: look before you ask again. 'ifritctl doctor' "
         "says how far the line holds, a longer --timeout waits longer"},
        {"OPERATOR_DISABLED", "ask a super admin for 'ifritctl user enable'"},
        {"RELEASE_MOVED", "look where it stands: ifritctl release show"},
        {"MACHINES_PRUNED",
         "its counts are in 'ifritctl release show', what happened in 'timeline'"},
        {"MACHINE_ALIVE", "a machine that only lost its key is revoked: ifritctl machine revoke"},
        {"PASSWORD_NEEDED",
         "on a terminal ifritctl asks for it, else --password-stdin reads it; or use a bundle with "
         "your certificate"},
        {"FREEZE_UNCONFIRMED",
         "the master asks them again; look whether they have confirmed: ifritctl cluster show"},
        {"FREEZE_NOT_KEPT",
         "free space on the master's disk, and freeze again; do not restart it before"},
        {"PLAN_CHANGED", "make a new plan: ifritctl release plan"}};
    if (reason == "NO_CONTEXT") {
        // Where some are known that it may be, the message names them.
        return base::errorInfo(status).subject.empty()
                   ? "import a bundle: ifritctl context import admin.bundle"
                   : "choose one: ifritctl context use NAME";
    }
    const auto found = kHints.find(reason);
    if (found != kHints.end()) return found->second;
    if (reason == kInterrupted || reason == kWaitTimedOut) {
        const std::string noun = base::errorInfo(status).subject;
        if (noun.empty()) return noun;
        return fmt::format("the {0} goes on; look with 'ifritctl {0} show'", noun);
    }
    const bool wasLogin = reason.rfind("LOGIN_", 0) == 0;
    if (status.code() == absl::StatusCode::kUnauthenticated && !wasLogin) {
        return "sign in with 'ifritctl login', or import a new bundle";
    }
    if (status.code() == absl::StatusCode::kPermissionDenied && reason != "SYSTEM") {
        return "'ifritctl cluster show' names your role and what is granted to you";
    }
    return std::string();
}

/// What a file of this machine holds is not what was typed.
bool isOfFile(std::string_view reason) {
    constexpr std::string_view kSubjects[] = {
        "BUNDLE_",      "CAMPAIGN_FILE", "CERTIFICATE_", "CSR_",         "DOCUMENT_", "EXPORT_",
        "FILE_",        "KEY_",          "NOT_A_FILE",   "PACKAGE_",     "PATH_",     "RECEIPT_",
        "RELEASE_FILE", "STATEMENT_",    "VARIABLE_",    "WRONG_CLUSTER"};
    return std::any_of(std::begin(kSubjects), std::end(kSubjects),
                       [reason](std::string_view one) { return reason.rfind(one, 0) == 0; });
}

}  // namespace

bool isUnchosen(const absl::Status& status) {
    return base::errorInfo(status).reason == "NO_CONTEXT" && absl::IsInvalidArgument(status);
}

ExitCode exitCodeOf(const absl::Status& status) {
    if (status.ok()) return ExitCode::Ok;
    const std::string reason = base::errorInfo(status).reason;
    if (reason == kUsage) return ExitCode::Usage;
    if (reason == kNotConfirmed) return ExitCode::Usage;
    // A value that there cannot be was given, whoever found it: also that no cluster was.
    if (absl::IsInvalidArgument(status) && !isOfFile(reason)) return ExitCode::Usage;
    if (reason == kReleaseFailed) return ExitCode::ReleaseFailed;
    if (reason == kWaitTimedOut) return ExitCode::TimedOut;
    if (reason == kInterrupted) return ExitCode::Interrupted;
    // A file of this machine is not a thing of the cluster.
    if (reason == "SYSTEM" || reason == "NO_FILE") return ExitCode::Failure;
    switch (status.code()) {
        case absl::StatusCode::kNotFound:
            return ExitCode::NotFound;
        case absl::StatusCode::kPermissionDenied:
        case absl::StatusCode::kUnauthenticated:
            return ExitCode::Denied;
        case absl::StatusCode::kAborted:
        case absl::StatusCode::kAlreadyExists:
        case absl::StatusCode::kFailedPrecondition:
            return ExitCode::Conflict;
        case absl::StatusCode::kUnavailable:
        case absl::StatusCode::kDeadlineExceeded:
            return ExitCode::Unreachable;
        default:
            return ExitCode::Failure;
    }
}

absl::Status stillRuns(const absl::Status& ended, std::string_view noun) {
    const std::string reason = base::errorInfo(ended).reason;
    if (reason != kInterrupted && reason != kWaitTimedOut) return ended;
    return base::makeError(ended.code(), reason, noun, base::messageOf(ended));
}

std::string describeError(const absl::Status& status) {
    const std::string reason = base::errorInfo(status).reason;
    std::string detail = absl::StatusCodeToString(status.code());
    if (!reason.empty()) detail += " " + reason;
    if (const std::string id = services::requestIdOf(status); !id.empty()) {
        detail += ", request " + id;
    }
    std::string out =
        fmt::format("ifritctl: {} ({})\n", printable(base::messageOf(status)), detail);
    if (const std::string hint = hintOf(status, reason); !hint.empty()) {
        out += fmt::format("hint: {}\n", hint);
    }
    return out;
}

}  // namespace ifrit::gui::ctl
