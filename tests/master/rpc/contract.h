// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
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

/// An empty request of the method.
std::unique_ptr<google::protobuf::Message> requestOf(
    const google::protobuf::MethodDescriptor& method);

struct GenericCall {
    std::string method;
    std::string body = {};  ///< serialized request, or what is none; of a client stream: its first
    std::string bearer = {};  ///< token
    const Principal* passed = nullptr;
    std::string rest = {};  ///< of a client stream: its second message; empty: it has one
    std::multimap<std::string, std::string> metadata = {};
    std::chrono::milliseconds timeout{5'000};
};
struct GenericAnswer {
    grpc::Status status;
    std::string body;  ///< serialized response, of a stream the first; empty: there was none
};
/// Calls a method by name; of a stream that lets us in the first message is read and the rest
/// cancelled. The status says who is let in.
GenericAnswer askGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& call);
grpc::Status callGeneric(const std::shared_ptr<grpc::Channel>& channel, const GenericCall& call);

/// PERMISSION_DENIED or UNAUTHENTICATED.
bool isRefusal(const grpc::Status& status);

}  // namespace ifrit::master::rpc
