// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "master/rpc/gatekeeper.h"

namespace ifrit::master::rpc {

/// Every method of the contract: of each .proto of shared/proto, so that a new call is found by
/// itself.
std::vector<const google::protobuf::MethodDescriptor*> allMethods();
/// "ifrit.v1.Releases/ActOnRelease"
std::string nameOf(const google::protobuf::MethodDescriptor& method);

struct GenericCall {
    std::string method;
    std::string body = {};    ///< serialized request; of a client stream: its only message
    std::string bearer = {};  ///< token
    const Principal* passed = nullptr;
};
/// Calls a method by name; of a stream that lets us in the first message is read and the rest
/// cancelled. The status says who is let in.
grpc::Status callGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& call);

/// PERMISSION_DENIED or UNAUTHENTICATED.
bool isRefusal(const grpc::Status& status);

}  // namespace ifrit::master::rpc
