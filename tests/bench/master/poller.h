// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ifrit/v1/machine_link.grpc.pb.h"
#include "shared/rpc/channel.h"

namespace ifrit::bench {

/// One machine that does nothing but poll: a connection of its own, and what it holds.
///
/// KIND: unchanged, changed (each poll is answered with the whole desired state), mixed (every
/// tenth poll brings a report that is made durable). A call that fails ends the program.
class Poller {
public:
    Poller(const std::string& address, const rpc::TlsIdentity& tls, std::string kind);

    /// Reports in full, and learns what it is to hold.
    void begin();
    v1::SyncResponse poll();

private:
    v1::SyncResponse call(const v1::SyncRequest& request);
    void addAgent(v1::ReportDelta& report);

    const std::unique_ptr<v1::MachineLink::Stub> m_stub;
    const std::string m_kind;
    const std::string m_stream;
    std::uint64_t m_sequence = 0;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::uint64_t m_polls = 0;
    std::uint64_t m_sample = 0;
};

struct Pace {
    double seconds = 0;
    std::optional<double> callsPerSecond;  ///< of all together; else each polls again at once
};

/// A round in which all poll.
struct Round {
    std::vector<double> tookUs;  ///< of each call, ascending
    double seconds = 0;

    /// `part`: 0 to 1.
    [[nodiscard]] double percentile(double part) const;
};

using Pollers = std::vector<std::unique_ptr<Poller>>;

/// One for each identity; all have begun.
[[nodiscard]] Pollers pollersOf(const std::string& address,
                                const std::vector<rpc::TlsIdentity>& identities,
                                const std::string& kind);

/// Each on a thread of its own.
[[nodiscard]] Round poll(const Pollers& pollers, const Pace& pace);

}  // namespace ifrit::bench
