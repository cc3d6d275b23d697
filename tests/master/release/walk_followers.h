// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "master/release/state_machine.h"
#include "tests/master/release/walk_rows.h"

namespace ifrit::master::release {

enum class Through { Gray, Full };  ///< all else: there is none

/// A release of the same machines that was started after the walk's own had ended, by a clock that
/// runs ahead, and was rolled back.
class WalkFollowers {
public:
    /// Where the verb is a rollback of a release that is over: what is left of the follower.
    void comeBefore(VerbGiven& event, const Model& model, base::WallTime now, Through through,
                    Rows& rows) {
        using domain::ReleaseState;
        const ReleaseState state = model.release.state;
        if (through > Through::Full || event.verb != domain::ReleaseVerb::Rollback ||
            !model.release.started ||
            (state != ReleaseState::Done && state != ReleaseState::Aborted))
            return;
        m_came = true;
        const base::WallTime stamp = std::max(now, model.standingStamp) + std::chrono::hours(1);
        event.rolledBackSince = stamp;
        const auto settled = rows.full.find("LINUX");
        const bool hadSettled = settled != rows.full.end();
        // Before full, what had settled it still stands, and what stood on single machines; else
        // both were put back.
        if (through == Through::Gray && hadSettled) return;
        domain::DesiredEntry entry;
        entry.agent = model.release.spec.agent;
        entry.action = domain::DesiredAction::Uninstall;
        if (hadSettled) entry = settled->second;
        const auto isOfFollower = [stamp](domain::DesiredEntry& one) {
            one.releaseId = "r2";
            one.timestamp = stamp;
        };
        isOfFollower(entry);
        rows.full["LINUX"] = entry;
        for (auto& [uuid, pin] : rows.gray)
            isOfFollower(pin);
    }
    /// A machine of a release that went back is told what the follower left.
    bool stand(const std::optional<domain::DesiredEntry>& served) const {
        return m_came && served && served->releaseId != "r1";
    }
    bool came() const { return m_came; }

private:
    bool m_came = false;
};

}  // namespace ifrit::master::release
