// SPDX-License-Identifier: Apache-2.0
#include "agent/link/rpc/grpc_master_connector.h"

#include "agent/link/rpc/explained_status.h"
#include "agent/link/rpc/grpc_master_client.h"
#include "shared/base/call_details.h"
#include "shared/codec/machine_codec.h"
#include "shared/rpc/channel.h"

namespace ifrit::agent::link {
namespace {

constexpr std::chrono::seconds kEnrolTimeout{20};

}  // namespace

GrpcMasterConnector::GrpcMasterConnector(std::string program, Presence presence)
    : m_program(std::move(program)), m_presence(presence) {}

std::shared_ptr<MasterClient> GrpcMasterConnector::connect(const Endpoint& master,
                                                           const MachineIdentity& identity) {
    rpc::ChannelOptions options;
    options.serverName = master.serverName;
    options.program = m_program;
    return std::make_shared<GrpcMasterClient>(
        rpc::makeChannel(master.address,
                         {identity.caPem, identity.certificatePem, identity.privateKeyPem},
                         options),
        master.address, m_presence);
}

absl::StatusOr<IssuedCertificate> GrpcMasterConnector::enrol(const Endpoint& master,
                                                             const std::string& caPem,
                                                             const EnrolRequest& request) {
    rpc::ChannelOptions options;
    options.serverName = master.serverName;
    options.program = m_program;
    const auto stub =
        v1::Enrolment::NewStub(rpc::makeChannel(master.address, {caPem, "", ""}, options));
    v1::EnrolRequest message;
    message.set_join_token(request.joinToken);
    message.set_csr_pem(request.csrPem);
    message.set_uuid(request.uuid);
    message.set_cluster(request.cluster);
    *message.mutable_facts() = codec::toWire(request.facts);
    v1::EnrolResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, kEnrolTimeout);
    const grpc::Status status = stub->Enrol(&context, message, &response);
    if (!status.ok()) return explainedStatus(status, master.address, kEnrolTimeout);
    return IssuedCertificate{response.certificate_pem(), response.ca_pem()};
}

std::chrono::milliseconds grpcRetryAfter(const absl::Status& status) {
    return base::callDetails(status).retryAfter;
}

}  // namespace ifrit::agent::link
