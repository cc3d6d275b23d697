// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "gui/models/failure_groups.h"
#include "gui/presenters/connection_hub.h"

namespace ifrit::gui::presenters {

/// The machines of one release that came out badly, by what they say: read by outcome and to the
/// end, so that no reason hides behind the first page of all machines. A page is counted and let
/// go: what is kept grows with the reasons, not with the machines. GUI thread.
class ReleaseFailures {
public:
    /// Machines that are read of each outcome.
    static constexpr std::uint64_t kMost = 50'000;

    /// `changed` after each walk. `fleet`: knows what the machines have; null: nobody does.
    ReleaseFailures(ConnectionHub& hub, const models::FleetStore* fleet,
                    std::function<void()> changed);

    /// Reads again where `info` counts other machines than were read. A walk that runs is waited
    /// for. clear() before another release.
    void follow(const services::ReleaseInfo& info);
    /// The next follow() reads whatever it counts.
    void readAnyway() { m_wanted = true; }
    void clear();

    const std::vector<models::FailureGroup>& groups() const { return m_groups; }
    bool loaded() const { return m_loaded; }
    /// False: the last walk began before the fleet was known, which says nothing of what its
    /// machines share.
    bool hadFleet() const { return m_hadFleet; }
    const absl::Status& error() const { return m_error; }
    /// Machines that groups() are of, and whether there were more than kMost of an outcome.
    std::uint64_t read() const { return m_read; }
    bool isCut() const { return m_cut; }
    /// Failed, reverted and silent machines, as the master counts them.
    static std::uint64_t count(const services::ReleaseInfo& info);

private:
    using Counts = std::array<std::uint64_t, 3>;
    struct Walk {
        std::size_t outcome = 0;
        std::uint64_t ofOutcome = 0;
        std::uint64_t read = 0;
        bool cut = false;
        models::FailureGroups groups;
    };

    static Counts countsOf(const services::ReleaseInfo& info);
    void begin();
    void ask(const std::string& token);
    void take(const services::Page<services::ReleaseMachine>& page);
    void end();
    /// What is left of what each group shares, without what is no hint.
    void dropWhatAllHave(std::vector<models::FailureGroup>& groups) const;

    std::vector<models::MachineTrait> traitsOf(const services::ReleaseMachine& machine) const;

    ConnectionHub& m_hub;
    const models::FleetStore* m_fleet;
    std::function<void()> m_changed;
    services::ReleaseInfo m_info;  ///< the newest word
    Counts m_counts{};             ///< of the newest word
    Counts m_asked{};              ///< of the last walk
    services::CallHandle m_call;
    Walk m_walk;
    std::vector<models::FailureGroup> m_groups;
    absl::Status m_error;
    std::uint64_t m_read = 0;
    bool m_cut = false;
    bool m_loaded = false;
    bool m_walking = false;
    bool m_wanted = false;
    bool m_hadFleet = true;
};

}  // namespace ifrit::gui::presenters
