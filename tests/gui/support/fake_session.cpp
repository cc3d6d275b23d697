// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

FakeConnection::FakeConnection() = default;
FakeConnection::~FakeConnection() = default;
FakeFleet::FakeFleet() = default;
FakeFleet::~FakeFleet() = default;
FakePackages::FakePackages() = default;
FakePackages::~FakePackages() = default;
FakeReleases::FakeReleases() = default;
FakeReleases::~FakeReleases() = default;
FakeCampaigns::FakeCampaigns() = default;
FakeCampaigns::~FakeCampaigns() = default;
FakeAudit::FakeAudit() = default;
FakeAudit::~FakeAudit() = default;
FakeAccess::FakeAccess() = default;
FakeAccess::~FakeAccess() = default;
FakeEvents::FakeEvents() = default;
FakeEvents::~FakeEvents() = default;

services::CallHandle FakeConnection::watchStatus(
    std::function<void(const services::LinkStatus&)> observer) {
    services::StreamObserver<services::LinkStatus> stream;
    stream.next = [observer = std::move(observer)](const services::LinkStatus& status) {
        observer(status);
    };
    return statusWatch.add({}, std::move(stream));
}

void FakeConnection::tell(const services::LinkStatus& status) {
    current = status;
    statusWatch.tell(status);
}

void FakeConnection::tell(services::LinkState state) {
    services::LinkStatus status;
    status.state = state;
    status.address = "127.0.0.1:7443";
    tell(status);
}

void FakeEvents::tell(services::ClusterEvent::Kind kind, const std::string& subject) {
    services::ClusterEvent event;
    event.kind = kind;
    event.subject = subject;
    eventWatch.tell(event);
}

services::CallHandle FakeConnection::whoAmI(services::Reply<services::Identity> reply) {
    return whoAmICalls.add({}, std::move(reply));
}

services::CallHandle FakeConnection::login(const std::string& user, const std::string& password,
                                           services::Reply<services::LoginSession> reply) {
    return loginCalls.add({user, password}, std::move(reply));
}

services::CallHandle FakeConnection::logout(services::Done done) {
    return logoutCalls.add({}, std::move(done));
}

services::CallHandle FakeConnection::test(
    std::function<void(const services::TestStepResult&)> onStep, services::Done done) {
    testStep = std::move(onStep);
    return testCalls.add({}, std::move(done));
}

services::CallHandle FakeFleet::getCluster(services::Reply<services::ClusterSummary> reply) {
    return clusterCalls.add({}, std::move(reply));
}

services::CallHandle FakeFleet::freeze(const services::Mutation& mutation,
                                       services::Reply<services::ClusterSummary> reply) {
    return freezeCalls.add(mutation, std::move(reply));
}

services::CallHandle FakeFleet::unfreeze(const services::Mutation& mutation,
                                         services::Reply<services::ClusterSummary> reply) {
    return unfreezeCalls.add(mutation, std::move(reply));
}

services::CallHandle FakeFleet::listMasterLoads(std::chrono::milliseconds within,
                                                services::Reply<services::MasterLoads> reply) {
    return loadCalls.add(within, std::move(reply));
}

services::CallHandle FakeFleet::watchMachines(
    const std::string& filter, services::StreamObserver<services::MachinesUpdate> observer) {
    return machineWatch.add(filter, std::move(observer));
}

services::CallHandle FakeFleet::listMachines(const std::string& filter,
                                             const services::PageRequest& page,
                                             services::Reply<services::MachineList> reply) {
    lastPage = page;
    return listCalls.add(filter, std::move(reply));
}

services::CallHandle FakeFleet::getMachine(const std::string& uuid,
                                           services::Reply<services::MachineInfo> reply) {
    return machineCalls.add(uuid, std::move(reply));
}

services::CallHandle FakeFleet::explain(const std::string& uuid, const std::string& agent,
                                        services::Reply<services::Explanation> reply) {
    explainedAgent = agent;
    return explainCalls.add(uuid, std::move(reply));
}

services::CallHandle FakeFleet::events(
    const std::string& uuid, const services::PageRequest& page,
    services::Reply<services::Page<domain::MachineEvent>> reply) {
    lastPage = page;
    return eventCalls.add(uuid, std::move(reply));
}

services::CallHandle FakeFleet::listAgents(
    services::Reply<std::vector<services::ManagedAgentInfo>> reply) {
    return agentCalls.add({}, std::move(reply));
}

services::CallHandle FakeFleet::tailLog(const services::LogTailQuestion& question,
                                        services::Reply<services::LogTail> reply) {
    return logCalls.add(question, std::move(reply));
}

services::CallHandle FakeFleet::clearKnownBad(const services::ClearKnownBad& request,
                                              services::Reply<std::uint64_t> reply) {
    return clearCalls.add(request, std::move(reply));
}

services::CallHandle FakeFleet::removeMachines(const services::RemoveMachines& request,
                                               services::Reply<services::RemovedMachines> reply) {
    return removeCalls.add(request, std::move(reply));
}

services::CallHandle FakePackages::list(
    const std::string& agent, const services::PageRequest& page,
    services::Reply<services::Page<services::PackageInfo>> reply) {
    listedAgent = agent;
    return listCalls.add(page, std::move(reply));
}

services::CallHandle FakePackages::get(const services::PackageRef& ref,
                                       services::Reply<services::PackageInfo> reply) {
    return getCalls.add(ref, std::move(reply));
}

services::CallHandle FakePackages::publish(
    const services::PublishRequest& request,
    std::function<void(const services::PublishProgress&)> onProgress,
    services::Reply<services::PublishResult> reply) {
    publishProgress = std::move(onProgress);
    return publishCalls.add(request, std::move(reply));
}

services::CallHandle FakePackages::remove(const std::string& manifestDigest,
                                          const services::Mutation& mutation, services::Done done) {
    return removeCalls.add({manifestDigest, mutation}, std::move(done));
}

services::CallHandle FakePackages::publisherKeys(
    services::Reply<std::vector<services::PublisherKey>> reply) {
    return keyCalls.add({}, std::move(reply));
}

services::CallHandle FakeEvents::watch(services::StreamObserver<services::ClusterEvent> observer) {
    return eventWatch.add({}, std::move(observer));
}

}  // namespace ifrit::tests
