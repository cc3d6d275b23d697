// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/password_again.h"

#include <string>

#include "shared/base/status.h"

namespace ifrit::master::rpc {
namespace {

/// Of calls about a user; empty: the caller.
std::string userNamedBy(const google::protobuf::Message& request) {
    const auto* field = request.GetDescriptor()->FindFieldByName("name");
    return field == nullptr ? std::string() : request.GetReflection()->GetString(request, field);
}

}  // namespace

bool isPasswordAsked(const MethodRule& rule, const google::protobuf::Message& request,
                     const Principal& caller) {
    const bool isAsked = rule.again == Again::Password || rule.again == Again::PasswordForOthers;
    if (!isAsked || caller.method != "token") return false;
    if (caller.role != services::OperatorRole::SuperAdmin) return false;
    if (rule.again == Again::Password) return true;
    const std::string user = userNamedBy(request);
    return !user.empty() && user != caller.name;
}

absl::Status passwordNeeded(const MethodRule& rule, const Principal& caller) {
    return base::permissionDenied(
        "PASSWORD_NEEDED", rule.method,
        "{} came with a token, and {} opens the cluster to somebody: say your password with it, or "
        "come with your certificate",
        caller.name, rule.verb);
}

absl::Status askPassword(const MethodRule& rule, const google::protobuf::Message& request,
                         const v1::Mutation& mutation, auth::PasswordLogin& logins,
                         Principal& caller) {
    if (!isPasswordAsked(rule, request, caller)) return absl::OkStatus();
    if (mutation.password().empty()) return passwordNeeded(rule, caller);
    IFRIT_ASSIGN_OR_RETURN(caller.confirmed,
                           logins.confirm(caller.name, mutation.password(), caller.address));
    return absl::OkStatus();
}

}  // namespace ifrit::master::rpc
