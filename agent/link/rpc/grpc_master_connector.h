// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/link/master_client.h"

namespace ifrit::agent::link {

class GrpcMasterConnector final : public MasterConnector {
public:
    /// `program` goes into the user agent, `presence` with the calls that a copied machine must not
    /// make.
    explicit GrpcMasterConnector(std::string program, Presence presence = {});

    std::shared_ptr<MasterClient> connect(const Endpoint& master,
                                          const MachineIdentity& identity) override;
    absl::StatusOr<IssuedCertificate> enrol(const Endpoint& master, const std::string& caPem,
                                            const EnrolRequest& request) override;

private:
    const std::string m_program;
    const Presence m_presence;
};

/// RetryAfterOf for statuses of this transport.
std::chrono::milliseconds grpcRetryAfter(const absl::Status& status);

}  // namespace ifrit::agent::link
