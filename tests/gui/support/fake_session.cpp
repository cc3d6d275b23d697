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

}  // namespace ifrit::tests
