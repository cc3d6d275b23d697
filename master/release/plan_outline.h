// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "master/release/plan.h"

namespace ifrit::master::release {

/// What is kept of a plan that was shown, to say later what changed since: its machines with their
/// stage, type and version, and what they go to. Of a machine it takes its uuid and 8 bytes.
class PlanOutline {
public:
    explicit PlanOutline(const Plan& plan);

    const std::string& id() const { return m_id; }
    /// In memory, about.
    std::size_t bytes() const;

    /// What changed from this to the current one, a sentence for each kind of change, with up to a
    /// few names. Empty when the ids are equal. O(machines).
    std::vector<std::string> differenceTo(const Plan& current) const;

private:
    /// What many machines have alike.
    struct Place {
        domain::StageKind stage = domain::StageKind::Full;
        std::uint32_t batch = 0;
        std::string machineType;
        std::string fromVersion;
        auto operator<=>(const Place&) const = default;
    };
    static Place placeOf(const MachineProgress& machine);
    std::size_t size() const { return m_ends.size(); }
    std::string_view uuid(std::size_t at) const;

    std::string m_id;
    std::map<std::string, Target> m_targets;
    std::map<std::string, std::optional<Target>> m_previous;
    std::vector<Place> m_places;
    // In order of their uuids, which stand one behind the other in one string.
    std::string m_uuids;
    std::vector<std::uint32_t> m_ends;
    std::vector<std::uint32_t> m_at;  // into m_places
};

}  // namespace ifrit::master::release
