// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/open_streams.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::seconds kInterval{1};
/// Within it the end of a connection that broke is noticed (server.cpp).
constexpr std::chrono::seconds kRetryAfter{80};

template <typename Held>
void forgetEnded(std::vector<Held>& all) {
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const Held& held) { return held.stream.expired(); }),
              all.end());
}

absl::Status tooMany(const std::string& uuid) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "TOO_MANY_STREAMS", uuid,
                        fmt::format("machine {} has {} streams open already; end some", uuid,
                                    OpenStreams::kMostOfAMachine)),
        {{}, kRetryAfter, 0, 0});
}

absl::Status noRoom(const std::string& uuid, std::size_t most) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "STREAM_BUDGET", uuid,
                        fmt::format("{} machines hold a stream, and this master lets no more; "
                                    "poll without one",
                                    most)),
        {{}, kRetryAfter, 0, 0});
}

/// Outside of any lock of ours: gRPC may call back at once, on this thread.
template <typename Refused>
void endAll(const Refused& refused) {
    for (const auto& [stream, status] : refused)
        stream->end(status);
}

}  // namespace

absl::Status OpenStreams::add(const Principal& caller, std::weak_ptr<Endable> stream, Use use) {
    Held held{{caller.name, caller.tokenHash, caller.serialHex, caller.expires}, std::move(stream)};
    absl::MutexLock lock(&m_mutex);
    if (caller.kind != Principal::Kind::Machine) {
        m_operators.push_back(std::move(held));
        return absl::OkStatus();
    }
    if (use == Use::Standing && !mayHoldLocked(caller.name))
        return noRoom(caller.name, m_mostMachines);
    std::vector<Held>& own = m_machines[caller.name];
    forgetEnded(own);
    if (own.size() >= kMostOfAMachine) return tooMany(caller.name);
    own.push_back(std::move(held));
    return absl::OkStatus();
}

bool OpenStreams::mayHold(const std::string& uuid) const {
    const absl::MutexLock lock(&m_mutex);
    return mayHoldLocked(uuid);
}

bool OpenStreams::mayHoldLocked(const std::string& uuid) const {
    if (m_machines.size() < m_mostMachines) return true;
    const auto own = m_machines.find(uuid);
    return own != m_machines.end() &&
           std::any_of(own->second.begin(), own->second.end(),
                       [](const Held& held) { return !held.stream.expired(); });
}

void OpenStreams::tick() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (now - m_asked < kInterval) return;
    m_asked = now;
    endAll(refusedMachines());
    {
        absl::MutexLock lock(&m_mutex);
        forgetEnded(m_operators);
        if (m_operators.empty()) return;
    }
    if (m_isAsking.exchange(true)) return;
    const bool taken = m_workers.submitAdmitted(Lane::Operators, [self = shared_from_this()] {
        self->checkOperators();
        self->m_isAsking = false;
    });
    if (!taken) m_isAsking = false;
}

OpenStreams::Refused OpenStreams::refusedMachines() {
    const base::WallTime now = m_clock.now();
    Refused out;
    absl::MutexLock lock(&m_mutex);
    for (auto machine = m_machines.begin(); machine != m_machines.end();) {
        forgetEnded(machine->second);
        if (machine->second.empty()) {
            machine = m_machines.erase(machine);
            continue;
        }
        for (const Held& held : machine->second) {
            const absl::Status status = judge(held.who, now);
            if (status.ok()) continue;
            if (auto stream = held.stream.lock()) out.emplace_back(std::move(stream), status);
        }
        ++machine;
    }
    return out;
}

absl::Status OpenStreams::judge(const services::SignedIn& machine, base::WallTime now) const {
    if (now < machine.expires) return m_identities.checkMachine(machine.name, machine.serialHex);
    return base::makeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED", machine.name,
                           "the client certificate has expired");
}

void OpenStreams::checkOperators() {
    std::vector<Held> all;
    {
        absl::MutexLock lock(&m_mutex);
        all = m_operators;
    }
    std::vector<services::SignedIn> who;
    who.reserve(all.size());
    for (const Held& held : all)
        who.push_back(held.who);
    const std::vector<absl::Status> verdicts = m_identities.stillSignedIn(who);
    Refused refused;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (verdicts[i].ok()) continue;
        if (auto stream = all[i].stream.lock())
            refused.emplace_back(std::move(stream), verdicts[i]);
    }
    endAll(refused);
}

std::size_t OpenStreams::count() const {
    const absl::MutexLock lock(&m_mutex);
    return std::accumulate(m_machines.begin(), m_machines.end(), std::size_t{0},
                           [](std::size_t sum, const auto& it) { return sum + it.second.size(); });
}

}  // namespace ifrit::master::rpc
