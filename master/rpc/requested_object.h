// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

namespace ifrit::master::rpc {

/// What a request says that it is about, as the row of the allowed change has it; for the row of
/// one that is refused. Empty: it names nothing, or what it makes has its name only once it is
/// made.
std::string requestedObject(std::string_view method, const google::protobuf::Message& request);

}  // namespace ifrit::master::rpc
