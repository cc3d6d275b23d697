// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_session.h"

#include "gui/rpc/grpc_access_service.h"
#include "gui/rpc/grpc_audit_service.h"
#include "gui/rpc/grpc_campaign_service.h"
#include "gui/rpc/grpc_connection_service.h"
#include "gui/rpc/grpc_event_service.h"
#include "gui/rpc/grpc_fleet_service.h"
#include "gui/rpc/grpc_package_service.h"
#include "gui/rpc/grpc_release_service.h"
#include "gui/rpc/rpc_core.h"

namespace ifrit::gui::rpc {
namespace {

// A cancelled call comes back in microseconds; the limit only bounds a defect.
constexpr std::chrono::milliseconds kShutdownLimit{2'000};

class GrpcSession final : public services::Session {
public:
    GrpcSession(const services::ConnectionProfile& profile, const RpcOptions& options,
                const base::Clock& clock, OpenPackage open)
        : m_core(profile, options, clock),
          m_events(m_core),
          m_connection(m_core, m_events),
          m_fleet(m_core),
          m_packages(m_core, std::move(open)),
          m_releases(m_core),
          m_campaigns(m_core),
          m_audit(m_core),
          m_access(m_core) {}

    ~GrpcSession() override {
        m_core.registry.cancelAll();
        m_core.masters.giveUp();
        m_core.hop->close();
        m_core.outstanding->waitForNone(kShutdownLimit);
    }

    services::ConnectionService& connection() override { return m_connection; }
    services::FleetService& fleet() override { return m_fleet; }
    services::PackageService& packages() override { return m_packages; }
    services::ReleaseService& releases() override { return m_releases; }
    services::CampaignService& campaigns() override { return m_campaigns; }
    services::AuditService& audit() override { return m_audit; }
    services::AccessService& access() override { return m_access; }
    services::EventService& events() override { return m_events; }

private:
    RpcCore m_core;
    GrpcEventService m_events;
    GrpcConnectionService m_connection;
    GrpcFleetService m_fleet;
    GrpcPackageService m_packages;
    GrpcReleaseService m_releases;
    GrpcCampaignService m_campaigns;
    GrpcAuditService m_audit;
    GrpcAccessService m_access;
};

}  // namespace

GrpcSessionFactory::GrpcSessionFactory(OpenPackage open, const base::Clock& clock,
                                       RpcOptions options)
    : m_open(std::move(open)), m_clock(clock), m_options(options) {}

std::unique_ptr<services::Session> GrpcSessionFactory::open(
    const services::ConnectionProfile& profile) {
    return std::make_unique<GrpcSession>(profile, m_options, m_clock, m_open);
}

}  // namespace ifrit::gui::rpc
