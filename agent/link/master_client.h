// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/link/report.h"
#include "agent/link/watch_stop.h"
#include "agent/package/package_source.h"
#include "shared/base/clock.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/known_bad_clear.h"

namespace ifrit::agent::link {

struct LogTailRequest {
    std::string requestId;
    std::string agent;
    std::uint32_t maxBytes = 0;
};

/// Presence of the contract: what tells two machines with one certificate apart.
struct Presence {
    std::uint64_t instance = 0;  ///< 0: not to be watched, as a diagnosis
    bool moved = false;          ///< the certificate was given to another host
};

struct SyncRequest {
    std::uint64_t heldGeneration = 0;
    std::uint64_t heldEtag = 0;
    Report report;
};

struct SyncReply {
    bool changed = false;
    domain::DesiredState desired;  ///< when changed
    std::chrono::milliseconds nextPoll{30'000};
    std::uint64_t ackedSequence = 0;
    bool wantFullReport = false;
    bool disconnect = false;
    std::vector<domain::KnownBadClear> clears;
    std::vector<LogTailRequest> logTails;
    std::optional<base::WallTime> masterTime;  ///< absent: an older master
};

struct PermitRequest {
    std::string agent;
    std::string releaseId;
    std::string version;
    std::string digest;  ///< empty for an uninstall
};

struct PermitReply {
    bool granted = false;
    std::chrono::milliseconds validFor{0};
    std::string reason;  ///< refused: stable name
    std::string message;
    std::chrono::milliseconds retryAfter{0};
};

/// What TLS shows to the other side and believes of it. PEM.
struct MachineIdentity {
    std::string privateKeyPem;
    std::string certificatePem;  ///< the machine's own, then intermediates
    std::string caPem;
    bool operator==(const MachineIdentity&) const = default;
};

struct IssuedCertificate {
    std::string certificatePem;
    std::string caPem;
};

struct EnrolRequest {
    std::string joinToken;
    std::string csrPem;
    std::string uuid;
    std::string cluster;
    domain::MachineFacts facts;
};

struct GenerationNotice {
    std::uint64_t generation = 0;
    std::chrono::milliseconds spread{0};
};

/// One line to one master. Thread-safe; calls block, each with a deadline of its own but watch().
/// UNAVAILABLE may be retried, also on another master; base::callDetails() of a status has the time
/// before which the master does not want to see us.
class MasterClient : public package::PackageSource {
public:
    virtual absl::StatusOr<SyncReply> sync(const SyncRequest& request) = 0;
    virtual absl::StatusOr<PermitReply> requestPermit(const PermitRequest& request) = 0;
    virtual absl::StatusOr<IssuedCertificate> renew(const std::string& csrPem) = 0;
    /// Calls `notice` for each until the stream ends, `stop` or cancel().
    virtual absl::Status watch(std::uint64_t heldGeneration,
                               const std::function<void(GenerationNotice)>& notice,
                               WatchStop& stop) = 0;
    /// Ends all running calls and refuses new ones with CANCELLED. For the way out.
    virtual void cancel() = 0;
};

/// One master.
struct Endpoint {
    std::string address;     ///< "host:port"
    std::string serverName;  ///< in its certificate; empty: the address
};

/// Makes lines to masters. Thread-safe.
class MasterConnector {
public:
    virtual ~MasterConnector() = default;
    /// Does not connect yet.
    virtual std::shared_ptr<MasterClient> connect(const Endpoint& master,
                                                  const MachineIdentity& identity) = 0;
    /// The call that needs no certificate; the master is verified against `caPem`.
    virtual absl::StatusOr<IssuedCertificate> enrol(const Endpoint& master,
                                                    const std::string& caPem,
                                                    const EnrolRequest& request) = 0;
};

/// How long the server asked us to stay away; zero when it did not. Implemented by the transport.
using RetryAfterOf = std::function<std::chrono::milliseconds(const absl::Status&)>;

}  // namespace ifrit::agent::link
