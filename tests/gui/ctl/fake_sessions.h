// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "tests/gui/ctl/fake_session.h"

namespace ifrit::tests {

/// Hands out one FakeSession that outlives the sessions, and remembers the profile.
class FakeSessions final : public services::SessionFactory {
public:
    FakeSession session;
    services::ConnectionProfile profile;
    int opened = 0;
    /// Other clusters' sessions, by the bundle's cluster.
    std::map<std::string, FakeSession> others;

    std::unique_ptr<services::Session> open(const services::ConnectionProfile& given) override {
        profile = given;
        ++opened;
        const auto other = others.find(given.bundle.cluster);
        return std::make_unique<Forward>(other == others.end() ? session : other->second);
    }

private:
    class Forward final : public services::Session {
    public:
        explicit Forward(FakeSession& session) : m_session(session) {}
        services::ConnectionService& connection() override { return m_session; }
        services::FleetService& fleet() override { return m_session; }
        services::PackageService& packages() override { return m_session; }
        services::ReleaseService& releases() override { return m_session; }
        services::CampaignService& campaigns() override { return m_session; }
        services::AuditService& audit() override { return m_session; }
        services::AccessService& access() override { return m_session; }
        services::EventService& events() override { return m_session; }

    private:
        FakeSession& m_session;
    };
};

}  // namespace ifrit::tests
