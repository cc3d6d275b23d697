// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/masters.h"

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

}  // namespace

std::shared_ptr<MasterStubs> Masters::current() {
    const std::vector<std::string>& addresses = m_profile.bundle.addresses;
    if (addresses.empty()) return nullptr;
    m_stubs.resize(addresses.size());
    std::shared_ptr<MasterStubs>& stubs = m_stubs[m_index];
    if (!stubs) stubs = makeStubs(addresses[m_index], m_profile);
    return stubs;
}

void Masters::moveOnFrom(const std::shared_ptr<MasterStubs>& failed) {
    if (m_stubs.empty() || m_stubs[m_index] != failed) return;
    m_index = (m_index + 1) % m_stubs.size();
}

std::string Masters::address() const {
    const std::vector<std::string>& addresses = m_profile.bundle.addresses;
    return addresses.empty() ? std::string() : addresses[m_index];
}

}  // namespace ifrit::gui::rpc
