// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/link/connection.h"
#include "agent/link/identity_store.h"
#include "shared/base/clock.h"

namespace ifrit::agent::link {

struct EnrolmentSettings {
    std::string uuid;
    std::string cluster;  ///< empty: whichever the token is for
    /// PEM that masters are verified with at the first contact.
    std::function<absl::StatusOr<std::string>()> caPem;
    /// Asked for each attempt, so that a token put in place later is found.
    std::function<absl::StatusOr<std::string>()> joinToken;
    std::function<domain::MachineFacts()> facts;
    HostMarks marks;  ///< of this host, kept with the certificate that it gets
    /// Before the certificate is kept: the cluster that it is of. An error is one of the enrolment,
    /// which is then repeated. May be empty.
    std::function<absl::Status(const std::string& cluster)> joined{};
};

/// Sees to it that the machine has a valid certificate: enrols with the join token, also where
/// masters say that the one it has was revoked, and renews in time. One thread.
class Enrolment {
public:
    Enrolment(IdentityStore& store, MasterConnector& connector, const base::Clock& clock,
              EnrolmentSettings settings);

    /// OK: `connection` has an identity that is valid now. A failed renewal is no error as long as
    /// the certificate lasts. UNAUTHENTICATED JOIN_TOKEN and the like say what to do.
    absl::Status ensure(Connection& connection);
    /// Gets a certificate from another master than `connection` leads to: for a machine that has
    /// none that is valid. `caPem` as of EnrolmentSettings; empty: that one.
    absl::Status enrolWith(Connection& connection, const Endpoint& master,
                           const std::string& caPem);
    /// What a master said of a call with the certificate; returns it. Once it is revoked, ensure()
    /// tries the join token, and what came of that is in the message. Until there is another
    /// certificate the one held is shown to masters, which may let it in again.
    absl::Status judged(const absl::Status& answer);
    /// Masters refuse the certificate, and there is no other yet.
    bool isRevoked() const { return m_isRevoked; }
    /// Only what needs no network: the certificate of an earlier run, if there is one, whose end is
    /// not looked at. Repeated by ensure() as long as it fails.
    absl::Status adoptStored(Connection& connection);
    /// Believes masters of this CA from now on. Refused where our own certificate is not of it.
    absl::Status trust(Connection& connection, const std::string& caPem);

private:
    void replaceRevoked(Connection& connection, base::WallTime now);
    absl::Status join(const MachineIdentity& identity);
    absl::Status renew(Connection& connection);
    absl::Status adopt(Connection& connection, MachineIdentity identity);

    IdentityStore& m_store;
    MasterConnector& m_connector;
    const base::Clock& m_clock;
    const EnrolmentSettings m_settings;
    bool m_loaded = false;
    std::optional<MachineIdentity> m_identity;
    HostMarks m_marks;  ///< of the host that enrolled; a renewal does not change them
    base::WallTime m_notBefore{};
    base::WallTime m_notAfter{};
    base::WallTime m_nextRenewal{};
    bool m_isRevoked = false;
    absl::Status m_notReplaced;  ///< why not, the last time
    std::string m_refusedToken;
    base::WallTime m_refusedUntil{};  ///< is not shown again before
};

}  // namespace ifrit::agent::link
