// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "gui/presenters/fleet_roster.h"

namespace ifrit::gui::presenters {

/// Two bundles of one cluster, perhaps with other certificates.
inline bool isSame(const bundle::Bundle& a, const bundle::Bundle& b) {
    return !a.caPem.empty() && a.cluster == b.cluster && a.caPem == b.caPem;
}

/// One other cluster on the list, and the line to it. For the roster's own sources.
struct FleetRoster::Member {
    Member(const KnownMaster& known, base::UniformRandom random)
        : master(known), ended(std::move(random)) {}
    KnownMaster master;
    bundle::Bundle bundle;  ///< that it was opened with; empty: it could not be read
    std::unique_ptr<services::Session> session;
    services::LinkStatus link;
    EndedLine ended;
    std::optional<services::ClusterSummary> summary;  ///< the last that came, to whichever session
    base::WallTime answered{};                        ///< when it came
    absl::Status lastError;                           ///< of the last question; OK: it was answered
    bool asking = false;
    // Handles before the session that they speak to.
    services::CallHandle token;
    services::CallHandle status;
    services::CallHandle call;
    ~Member() { close(); }
    void close() {
        token.cancel();
        status.cancel();
        call.cancel();
        session.reset();
        link = {};
        lastError = absl::OkStatus();
        asking = false;
    }
};

}  // namespace ifrit::gui::presenters
