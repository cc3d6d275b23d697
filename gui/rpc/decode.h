// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "gui/services/audit.h"
#include "gui/services/connection.h"
#include "gui/services/events.h"
#include "gui/services/fleet.h"
#include "gui/services/packages.h"
#include "gui/services/releases.h"
#include "ifrit/v1/audit.pb.h"
#include "ifrit/v1/fleet.pb.h"
#include "ifrit/v1/packages.pb.h"
#include "ifrit/v1/releases.pb.h"
#include "ifrit/v1/sessions.pb.h"

namespace ifrit::gui::rpc {

// What a master says, as gui/services shows it. Lenient where shared/codec is strict: a window that
// refuses to show a release because of one enumerator of a newer master would be worse than one
// that says "unknown" (services::kUnknown). Pure functions, any thread.

services::Identity decode(const v1::WhoAmIResponse& in);
services::LoginSession decode(const v1::LoginResponse& in);

services::ClusterSummary decode(const v1::Cluster& in);
services::MasterLoad decode(const v1::MasterLoad& in);
services::MachineInfo decode(const v1::Machine& in);
services::MachineList decode(v1::ListMachinesResponse&& in);
services::Explanation decode(const v1::ExplainMachineResponse& in);
domain::MachineEvent decode(const v1::MachineEvent& in);
services::ManagedAgentInfo decode(const v1::ManagedAgent& in);
services::ClusterEvent decode(const v1::ClusterEvent& in);

services::PackageInfo decode(const v1::Package& in);
services::PublisherKey decode(const v1::PublisherKey& in);

services::ReleaseInfo decode(const v1::Release& in);
services::ReleasePlan decode(const v1::ReleasePlan& in);
services::ReleaseMachine decode(const v1::ReleaseMachine& in);
services::TimelineEntry decode(const v1::TimelineEntry& in);

services::AuditRow decode(const v1::AuditRow& in);

/// A page of a list response: decodes each of `items`.
template <typename Out, typename Items>
services::Page<Out> decodePage(const Items& items, const std::string& nextToken) {
    services::Page<Out> page;
    page.items.reserve(static_cast<std::size_t>(items.size()));
    for (const auto& item : items)
        page.items.push_back(decode(item));
    page.nextToken = nextToken;
    return page;
}

}  // namespace ifrit::gui::rpc
