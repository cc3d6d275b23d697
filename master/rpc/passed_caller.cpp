// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/passed_caller.h"

#include "ifrit/v1/masters.pb.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {

std::string passedCaller(const Principal& caller) {
    v1::PassedCaller out;
    out.set_kind(caller.kind == Principal::Kind::Machine ? v1::PassedCaller::KIND_MACHINE
                                                         : v1::PassedCaller::KIND_OPERATOR);
    out.set_name(caller.name);
    out.set_address(caller.address);
    out.set_super_admin(caller.role == services::OperatorRole::SuperAdmin);
    out.set_method(caller.method);
    out.set_expires_ms(base::toUnixMillis(caller.expires));
    return out.SerializeAsString();
}

absl::Status takePassedCaller(std::string_view bytes, Principal& caller) {
    v1::PassedCaller in;
    const bool isRead = in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    const bool isMachine = in.kind() == v1::PassedCaller::KIND_MACHINE;
    if (!isRead || in.name().empty() ||
        (!isMachine && in.kind() != v1::PassedCaller::KIND_OPERATOR)) {
        return base::invalidArgument("PASSED_CALLER", caller.name,
                                     "a passed call does not say who made it");
    }
    caller.kind = isMachine ? Principal::Kind::Machine : Principal::Kind::Operator;
    caller.name = in.name();
    caller.address = in.address();
    caller.role = in.super_admin() && !isMachine ? services::OperatorRole::SuperAdmin
                                                 : services::OperatorRole::Reader;
    caller.method = in.method();
    caller.serialHex.clear();
    caller.expires = base::fromUnixMillis(in.expires_ms());
    caller.isPassed = true;
    return absl::OkStatus();
}

}  // namespace ifrit::master::rpc
