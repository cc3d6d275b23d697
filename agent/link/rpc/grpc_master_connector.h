// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "agent/link/master_client.h"

namespace ifrit::agent::link {

class GrpcMasterConnector final : public MasterConnector {
public:
    /// `serverName` is what masters' certificates name where that is not their address; empty: the
    /// address. `program` goes into the user agent.
    /// `presence` goes with the calls that a copied machine must not make.
    GrpcMasterConnector(std::string serverName, std::string program, Presence presence = {});

    std::shared_ptr<MasterClient> connect(const std::string& address,
                                          const MachineIdentity& identity) override;
    absl::StatusOr<IssuedCertificate> enrol(const std::string& address, const std::string& caPem,
                                            const EnrolRequest& request) override;

private:
    const std::string m_serverName;
    const std::string m_program;
    const Presence m_presence;
};

/// RetryAfterOf for statuses of this transport.
std::chrono::milliseconds grpcRetryAfter(const absl::Status& status);

}  // namespace ifrit::agent::link
