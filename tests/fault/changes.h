// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/fault/inside_master.h"

namespace ifrit::v1 {
class Mutation;
}

namespace ifrit::tests {

/// One changing method with a request that would be accepted, and who calls.
struct Change {
    std::string method;
    std::shared_ptr<google::protobuf::Message> request;
    std::shared_ptr<grpc::Channel> channel;
    std::string bearer = {};
    /// A stream's second message; empty: the method has one.
    std::string rest = {};
    /// It would be accepted; else only its Mutation is filled in.
    bool isWhole = true;
    /// Puts in anew what is used up by being accepted; none: nothing is.
    std::function<void(google::protobuf::Message&)> refill = {};
};

/// Sends it as it is.
grpc::Status make(const Change& change,
                  std::chrono::milliseconds timeout = std::chrono::seconds(20));
/// The same as another call: no master may take it for a repetition.
Change again(const Change& change);
/// A new request id, a reason and whence it comes.
void fill(v1::Mutation& mutation);

/// A change of every method that the method table says is audited, in the table's order, on a
/// master that they are prepared on. A method that is not known here gets a request that is empty
/// but for its Mutation.
std::vector<Change> allChanges(InsideMaster& master);
/// Of users, grants, tokens and certificates.
std::vector<Change> accessChanges(InsideMaster& master);
/// Of campaigns.
std::vector<Change> campaignChanges(InsideMaster& master);

}  // namespace ifrit::tests
