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

template <typename Streams>
void forgetEnded(Streams& all) {
    all.erase(std::remove_if(all.begin(), all.end(),
                             [](const auto& held) { return held->stream.expired(); }),
              all.end());
}

absl::Status comeAgain(const char* reason, const std::string& subject, const std::string& message) {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, reason, subject, message),
        {{}, kRetryAfter, 0, 0});
}

absl::Status tooMany(const char* what, const std::string& name, std::size_t most) {
    return comeAgain("TOO_MANY_STREAMS", name,
                     fmt::format("{} {} has {} streams open already; end some", what, name, most));
}

absl::Status noRoom(const std::string& uuid, std::size_t most) {
    return comeAgain("STREAM_BUDGET", uuid,
                     fmt::format("{} machines hold a stream, and this master lets no more; "
                                 "poll without one",
                                 most));
}

absl::Status stopping() {
    return base::makeError(absl::StatusCode::kUnavailable, "MASTER_STOPPING", "",
                           "this master is being stopped; ask another one, or this one again when "
                           "it has started");
}

/// Outside of any lock of ours: gRPC may call back at once, on this thread.
template <typename Refused>
void endAll(const Refused& refused) {
    for (const auto& [stream, status] : refused)
        stream->end(status);
}

}  // namespace

absl::Status OpenStreams::add(const Principal& caller, std::weak_ptr<Endable> stream, Use use) {
    auto held = std::make_shared<const Held>(Held{
        {caller.name, caller.tokenHash, caller.serialHex, caller.expires}, std::move(stream), use});
    if (caller.kind == Principal::Kind::Machine) return addOfMachine(std::move(held), use);
    return addOfOperator(std::move(held));
}

absl::Status OpenStreams::addOfOperator(std::shared_ptr<const Held> held) {
    const std::string& name = held->who.name;
    absl::MutexLock lock(&m_operatorsMutex);
    if (held->use == Use::Standing && m_isStopping) return stopping();
    forgetEnded(m_operators);
    const auto own = static_cast<std::size_t>(
        std::count_if(m_operators.begin(), m_operators.end(),
                      [&name](const auto& other) { return other->who.name == name; }));
    if (own >= kMostOfAnOperator) return tooMany("operator", name, kMostOfAnOperator);
    if (m_operators.size() >= kMostOfOperators) {
        return comeAgain("STREAM_BUDGET", name,
                         fmt::format("operators have {} streams open, and this master lets no more",
                                     kMostOfOperators));
    }
    m_operators.push_back(std::move(held));
    return absl::OkStatus();
}

absl::Status OpenStreams::addOfMachine(std::shared_ptr<const Held> held, Use use) {
    const std::string& uuid = held->who.name;
    Shard& shard = shardOf(uuid);
    absl::MutexLock lock(&shard.mutex);
    if (use == Use::Standing && m_isStopping) return stopping();
    auto own = shard.machines.find(uuid);
    if (own == shard.machines.end()) {
        if (!takePlace(use)) return noRoom(uuid, m_mostMachines);
        own = shard.machines.try_emplace(uuid).first;
    }
    forgetEnded(own->second);
    if (own->second.size() >= kMostOfAMachine) return tooMany("machine", uuid, kMostOfAMachine);
    own->second.push_back(std::move(held));
    return absl::OkStatus();
}

bool OpenStreams::takePlace(Use use) {
    std::size_t taken = m_places;
    while (use == Use::Passing || taken < m_mostMachines) {
        if (m_places.compare_exchange_weak(taken, taken + 1)) return true;
    }
    return false;
}

bool OpenStreams::mayHold(const std::string& uuid) const {
    if (m_places < m_mostMachines) return true;
    const Shard& shard = shardOf(uuid);
    absl::MutexLock lock(&shard.mutex);
    return shard.machines.count(uuid) != 0;
}

void OpenStreams::tick() {
    const base::SteadyTime now = m_clock.steadyNow();
    if (now - m_asked < kInterval) return;
    m_asked = now;
    endAll(refusedMachines());
    {
        absl::MutexLock lock(&m_operatorsMutex);
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

OpenStreams::Streams OpenStreams::standingIn(Shard& shard) {
    Streams out;
    absl::MutexLock lock(&shard.mutex);
    for (auto machine = shard.machines.begin(); machine != shard.machines.end();) {
        forgetEnded(machine->second);
        if (machine->second.empty()) {
            machine = shard.machines.erase(machine);
            --m_places;
            continue;
        }
        out.insert(out.end(), machine->second.begin(), machine->second.end());
        ++machine;
    }
    return out;
}

OpenStreams::Refused OpenStreams::refusedMachines() {
    const base::WallTime now = m_clock.now();
    Refused out;
    for (Shard& shard : m_shards) {
        // Judged on a copy: who comes meanwhile waits for no judgement of others.
        for (const auto& held : standingIn(shard)) {
            const absl::Status status = judge(held->who, now);
            if (status.ok()) continue;
            if (auto stream = held->stream.lock()) out.emplace_back(std::move(stream), status);
        }
    }
    return out;
}

absl::Status OpenStreams::judge(const services::SignedIn& machine, base::WallTime now) const {
    if (now < machine.expires) return m_identities.checkMachine(machine.name, machine.serialHex);
    return base::makeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED", machine.name,
                           "the client certificate has expired");
}

void OpenStreams::checkOperators() {
    Streams all;
    {
        absl::MutexLock lock(&m_operatorsMutex);
        all = m_operators;
    }
    std::vector<services::SignedIn> who;
    who.reserve(all.size());
    for (const auto& held : all)
        who.push_back(held->who);
    const std::vector<absl::Status> verdicts = m_identities.stillSignedIn(who);
    Refused refused;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (verdicts[i].ok()) continue;
        if (auto stream = all[i]->stream.lock())
            refused.emplace_back(std::move(stream), verdicts[i]);
    }
    endAll(refused);
}

void OpenStreams::endStanding() {
    // First: who is let in by the old answer is in its list before that is read.
    m_isStopping = true;
    Streams all;
    {
        absl::MutexLock lock(&m_operatorsMutex);
        all = m_operators;
    }
    for (Shard& shard : m_shards) {
        Streams own = standingIn(shard);
        all.insert(all.end(), own.begin(), own.end());
    }
    Refused ended;
    for (const auto& held : all) {
        if (held->use != Use::Standing) continue;
        if (auto stream = held->stream.lock()) ended.emplace_back(std::move(stream), stopping());
    }
    endAll(ended);
}

std::size_t OpenStreams::count() const {
    std::size_t out = 0;
    for (const Shard& shard : m_shards) {
        absl::MutexLock lock(&shard.mutex);
        out =
            std::accumulate(shard.machines.begin(), shard.machines.end(), out,
                            [](std::size_t sum, const auto& it) { return sum + it.second.size(); });
    }
    return out;
}

}  // namespace ifrit::master::rpc
