// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "master/rpc/gatekeeper.h"
#include "master/services/cluster_services.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::rpc {

/// The way from this master to the others: passes calls that only the leader may answer on to it,
/// with the name of their caller, and knows whom to ask for what another one holds. Thread-safe.
class Relay {
public:
    /// `identity`: this master's own, by which the others let it in; nullopt: it is alone.
    Relay(const services::ClusterServices& services,
          std::optional<ifrit::rpc::TlsIdentity> identity)
        : m_services(services), m_identity(std::move(identity)) {}

    enum class Way {
        Here,    ///< this master leads, or is alone
        Leader,  ///< another one leads
        Nobody   ///< as far as is known, nobody does
    };
    Way way() const;

    using Done = std::function<void(const grpc::Status&)>;
    /// Passes the call on. `done` once, on a thread of gRPC's; request, response and context live
    /// until then. Ends with the caller's deadline and cancellation. UNAVAILABLE (LEADER_AWAY): the
    /// leader does not answer; a call that changes something may have been made.
    void pass(const grpc::CallbackServerContext& context, std::string_view method,
              const Principal& caller, const google::protobuf::Message& request,
              google::protobuf::Message& response, Done done);

    struct Other {
        std::string address;
        std::string version;
        bool leads = false;
        std::shared_ptr<grpc::Channel> channel;
    };
    /// The other masters that live; empty: it is alone.
    std::vector<Other> others();
    /// Those, and others that are silent for less than ten minutes without having ended in order:
    /// suspended or cut off, they may go by what they knew.
    std::vector<Other> othersAndSilent();

private:
    std::vector<Other> reached(const std::vector<storage::MemberRecord>& members,
                               const std::string& leaderAddress);
    std::shared_ptr<grpc::Channel> channelTo(const std::string& address);

    const services::ClusterServices& m_services;
    const std::optional<ifrit::rpc::TlsIdentity> m_identity;
    absl::Mutex m_mutex;
    std::map<std::string, std::shared_ptr<grpc::Channel>> m_channels ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::rpc
