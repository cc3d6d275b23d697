// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "gui/services/connection.h"
#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/audit_heads.grpc.pb.h"
#include "ifrit/v1/campaigns.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"

namespace ifrit::gui::rpc {

/// The services of one master. Immutable once made; stubs are thread-safe.
struct MasterStubs {
    std::string address;
    std::shared_ptr<grpc::Channel> channel;
    std::unique_ptr<v1::Sessions::Stub> sessions;
    std::unique_ptr<v1::Clusters::Stub> clusters;
    std::unique_ptr<v1::Machines::Stub> machines;
    std::unique_ptr<v1::Agents::Stub> agents;
    std::unique_ptr<v1::Events::Stub> events;
    std::unique_ptr<v1::Packages::Stub> packages;
    std::unique_ptr<v1::Releases::Stub> releases;
    std::unique_ptr<v1::Campaigns::Stub> campaigns;
    std::unique_ptr<v1::Audit::Stub> audit;
    std::unique_ptr<v1::AuditHeads::Stub> auditHeads;
    std::unique_ptr<v1::Access::Stub> access;
};

/// The masters of one cluster, one of them in use. Channels are made when first needed. Session's
/// thread only.
class Masters {
public:
    explicit Masters(const services::ConnectionProfile& profile) : m_profile(profile) {}

    /// Null when the profile names no address.
    std::shared_ptr<MasterStubs> current();
    /// Turns to the next address, when `failed` is still the one in use.
    void moveOnFrom(const std::shared_ptr<MasterStubs>& failed);
    std::string address() const;

private:
    const services::ConnectionProfile& m_profile;
    std::vector<std::shared_ptr<MasterStubs>> m_stubs;
    std::size_t m_index = 0;
};

}  // namespace ifrit::gui::rpc
