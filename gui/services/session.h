// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "gui/services/access.h"
#include "gui/services/audit.h"
#include "gui/services/campaigns.h"
#include "gui/services/connection.h"
#include "gui/services/events.h"
#include "gui/services/fleet.h"
#include "gui/services/packages.h"
#include "gui/services/releases.h"

namespace ifrit::gui::services {

/// Everything that one cluster's masters offer, over one connection. Lives on the thread that made
/// it; the references live as long as it. Destroying it cancels all calls, without callbacks, and
/// blocks no longer than it takes to cancel.
class Session {
public:
    virtual ~Session() = default;
    virtual ConnectionService& connection() = 0;
    virtual FleetService& fleet() = 0;
    virtual PackageService& packages() = 0;
    virtual ReleaseService& releases() = 0;
    virtual CampaignService& campaigns() = 0;
    virtual AuditService& audit() = 0;
    virtual AccessService& access() = 0;
    virtual EventService& events() = 0;
};

/// Opens sessions; nothing is sent until a call is made or ConnectionService::connect().
class SessionFactory {
public:
    virtual ~SessionFactory() = default;
    /// Never null: what is wrong with the profile comes as the error of each call.
    virtual std::unique_ptr<Session> open(const ConnectionProfile& profile) = 0;
};

}  // namespace ifrit::gui::services
