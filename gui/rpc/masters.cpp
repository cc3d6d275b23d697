// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/masters.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "shared/base/status.h"
#include "shared/crypto/certificates.h"
#include "shared/rpc/channel.h"

namespace ifrit::gui::rpc {
namespace {

std::shared_ptr<MasterStubs> makeStubs(const std::string& address,
                                       const services::ConnectionProfile& profile) {
    auto stubs = std::make_shared<MasterStubs>();
    stubs->address = address;
    ifrit::rpc::ChannelOptions options;
    options.program = "ifrit-" + profile.via;
    stubs->channel = ifrit::rpc::makeChannel(
        address,
        {profile.bundle.caPem, profile.bundle.certificatePem, profile.bundle.privateKeyPem},
        options);
    stubs->sessions = v1::Sessions::NewStub(stubs->channel);
    stubs->clusters = v1::Clusters::NewStub(stubs->channel);
    stubs->machines = v1::Machines::NewStub(stubs->channel);
    stubs->agents = v1::Agents::NewStub(stubs->channel);
    stubs->events = v1::Events::NewStub(stubs->channel);
    stubs->packages = v1::Packages::NewStub(stubs->channel);
    stubs->releases = v1::Releases::NewStub(stubs->channel);
    stubs->campaigns = v1::Campaigns::NewStub(stubs->channel);
    stubs->audit = v1::Audit::NewStub(stubs->channel);
    stubs->auditHeads = v1::AuditHeads::NewStub(stubs->channel);
    stubs->access = v1::Access::NewStub(stubs->channel);
    return stubs;
}

/// gRPC makes a channel of anything, and says of one whose certificates it cannot read that it has
/// no address.
absl::Status checkPems(const bundle::Bundle& bundle) {
    if (!crypto::describeCertificate(bundle.caPem).ok()) {
        return base::invalidArgument(
            "BUNDLE_INVALID", "ca_pem",
            "the CA of the bundle of {} is no certificate; import the bundle again",
            bundle.cluster);
    }
    if (bundle.certificatePem.empty() ||
        crypto::checkKeyPair(bundle.certificatePem, bundle.privateKeyPem).ok())
        return absl::OkStatus();
    return base::invalidArgument(
        "BUNDLE_INVALID", "certificate_pem",
        "certificate and key of the bundle of {} do not fit together; import the bundle again",
        bundle.cluster);
}

bool isReady(const MasterStubs& stubs) {
    return stubs.channel->GetState(false) == GRPC_CHANNEL_READY;
}

}  // namespace

Masters::Masters(Parts parts) : m_parts(std::move(parts)), m_heard(m_parts.clock.steadyNow()) {}

Masters::~Masters() {
    // All of them before the first is waited for.
    for (auto& [id, race] : m_running)
        race.cancel();
}

std::shared_ptr<MasterStubs> Masters::current() {
    const std::vector<std::string>& addresses = m_parts.profile.bundle.addresses;
    if (addresses.empty()) return nullptr;
    m_stubs.resize(addresses.size());
    std::shared_ptr<MasterStubs>& stubs = m_stubs[m_index];
    if (!stubs) stubs = makeStubs(addresses[m_index], m_parts.profile);
    return stubs;
}

void Masters::find(std::chrono::milliseconds limit, Found found) {
    const std::shared_ptr<MasterStubs> stubs = current();
    if (!stubs) return found(noAddress());
    if (!m_pems.has_value()) m_pems = checkPems(m_parts.profile.bundle);
    if (!m_pems->ok()) return found(*m_pems);
    if (!m_race) {
        if (!areSeveral() || isReady(*stubs)) return found(stubs);
        startRace(Why::NoLine);
    }
    if (m_race->why == Why::Suspicion) {
        // The line that is suspected may hold, where nobody else is there to take its place.
        limit = std::min(limit, m_parts.options.headStart * 2);
    }
    const std::uint64_t id = m_nextWaiter++;
    m_waiters.emplace(id, std::move(found));
    m_parts.hop->postAfter(limit, [alive = std::weak_ptr(m_alive), id, limit] {
        if (const auto self = alive.lock()) (*self)->waitedTooLong(id, limit);
    });
}

void Masters::startRace(Why why) {
    const std::vector<std::string>& addresses = m_parts.profile.bundle.addresses;
    m_race = Race{m_nextRace++, why, {}, {}};
    std::vector<std::shared_ptr<grpc::Channel>> channels;
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const std::size_t index = (m_index + i) % addresses.size();
        std::shared_ptr<MasterStubs> stubs = m_stubs[index];
        // A channel that failed tells of its old failure, and one that is suspected of an old line.
        const bool isKept = stubs && isReady(*stubs) && (why == Why::NoLine || i != 0);
        if (!isKept) stubs = makeStubs(addresses[index], m_parts.profile);
        m_race->order.push_back(index);
        channels.push_back(stubs->channel);
        m_race->runners.push_back(std::move(stubs));
    }
    const auto over = [alive = std::weak_ptr(m_alive), id = m_race->id,
                       hop = m_parts.hop](std::optional<std::size_t> ready) {
        hop->post([alive, id, ready] {
            if (const auto self = alive.lock()) (*self)->raced(id, ready);
        });
    };
    m_running.try_emplace(m_race->id, std::move(channels), m_parts.options.headStart, over);
}

void Masters::raced(std::uint64_t id, std::optional<std::size_t> ready) {
    m_running.erase(id);
    if (!m_race || m_race->id != id) return;
    const Race race = *std::exchange(m_race, std::nullopt);
    const std::shared_ptr<MasterStubs> before = m_stubs[m_index];
    // Where none is ready the call itself finds out why; a line that is only suspected may hold.
    if (ready || race.why == Why::NoLine) {
        const std::size_t winner = ready.value_or(0);
        m_stubs.assign(m_stubs.size(), nullptr);
        m_index = race.order[winner];
        m_stubs[m_index] = race.runners[winner];
        m_heard = m_parts.clock.steadyNow();
        if (race.why == Why::Suspicion && winner != 0) m_parts.left(before);
    }
    goOn();
}

void Masters::goOn() {
    const std::shared_ptr<MasterStubs> stubs = current();
    for (const auto& [id, found] : std::exchange(m_waiters, {}))
        found(stubs);
}

void Masters::waitedTooLong(std::uint64_t waiter, std::chrono::milliseconds limit) {
    const auto found = m_waiters.extract(waiter);
    if (found.empty()) return;
    if (m_race->why == Why::Suspicion) return found.mapped()(current());
    if (m_waiters.empty()) endRace();
    const std::string addresses =
        fmt::format("{}", fmt::join(m_parts.profile.bundle.addresses, ", "));
    // May end the session.
    found.mapped()(base::makeError(
        absl::StatusCode::kUnavailable, "UNREACHABLE", addresses,
        fmt::format("none of the masters could be reached within {} s, and nothing was asked of "
                    "them: {}",
                    limit.count() / 1000.0, addresses)));
}

void Masters::moveOnFrom(const std::shared_ptr<MasterStubs>& failed) {
    if (m_stubs.empty() || m_stubs[m_index] != failed) return;
    m_index = (m_index + 1) % m_stubs.size();
}

void Masters::use(std::size_t index) {
    if (index < m_parts.profile.bundle.addresses.size()) m_index = index;
}

void Masters::suspect(const std::shared_ptr<MasterStubs>& stubs) {
    if (!areSeveral() || m_race || !isInUse(stubs)) return;
    const base::SteadyTime now = m_parts.clock.steadyNow();
    const RpcOptions& options = m_parts.options;
    if (now - m_heard < options.suspectAfter) return;
    if (m_suspected && now - *m_suspected < options.suspectAgain) return;
    m_suspected = now;
    startRace(Why::Suspicion);
}

void Masters::heard(const std::shared_ptr<MasterStubs>& stubs) {
    if (!isInUse(stubs)) return;
    m_heard = m_parts.clock.steadyNow();
    if (!m_race || m_race->why != Why::Suspicion) return;
    endRace();
    goOn();
}

bool Masters::isInUse(const std::shared_ptr<MasterStubs>& stubs) const {
    return stubs && !m_stubs.empty() && m_stubs[m_index] && m_stubs[m_index]->isSameMaster(*stubs);
}

void Masters::giveUp() {
    m_waiters.clear();
    if (m_race) endRace();
}

void Masters::endRace() {
    // Its thread says so a moment later, and is joined then: nobody waits for it here.
    if (const auto running = m_running.find(m_race->id); running != m_running.end())
        running->second.cancel();
    m_race.reset();
}

std::string Masters::address() const {
    const std::vector<std::string>& addresses = m_parts.profile.bundle.addresses;
    return addresses.empty() ? std::string() : addresses[m_index];
}

absl::Status noAddress() {
    return base::makeError(absl::StatusCode::kUnavailable, "NO_ADDRESS", "",
                           "the connection has no master's address; import a bundle");
}

}  // namespace ifrit::gui::rpc
