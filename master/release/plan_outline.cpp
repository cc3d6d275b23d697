// SPDX-License-Identifier: Apache-2.0
#include "master/release/plan_outline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "shared/base/wording.h"

namespace ifrit::master::release {
namespace {

constexpr std::size_t kNamesShown = 5;

/// `one`, `many`: what the machines are or do.
struct Words {
    const char* one;
    const char* many;
};

void describe(const Words& words, const std::vector<std::string>& uuids,
              std::vector<std::string>& out) {
    if (uuids.empty()) return;
    const std::vector<std::string> shown(
        uuids.begin(),
        uuids.begin() + static_cast<std::ptrdiff_t>(std::min(uuids.size(), kNamesShown)));
    out.push_back(fmt::format("{} {}: {}{}", base::countOf(uuids.size(), "machines"),
                              uuids.size() == 1 ? words.one : words.many, fmt::join(shown, ", "),
                              uuids.size() > kNamesShown ? "..." : ""));
}

}  // namespace

PlanOutline::Place PlanOutline::placeOf(const MachineProgress& machine) {
    return {machine.stage, machine.batch, machine.machineType, machine.fromVersion};
}

PlanOutline::PlanOutline(const Plan& plan)
    : m_id(plan.id), m_targets(plan.start.targets), m_previous(plan.start.previous) {
    const auto& machines = plan.start.machines;
    std::size_t length = 0;
    for (const MachineProgress& machine : machines)
        length += machine.uuid.size();
    m_uuids.reserve(length);
    m_ends.reserve(machines.size());
    m_at.reserve(machines.size());
    std::map<Place, std::uint32_t> known;
    for (const MachineProgress& machine : machines) {
        m_uuids += machine.uuid;
        m_ends.push_back(static_cast<std::uint32_t>(m_uuids.size()));
        const auto [place, isNew] =
            known.emplace(placeOf(machine), static_cast<std::uint32_t>(m_places.size()));
        if (isNew) m_places.push_back(place->first);
        m_at.push_back(place->second);
    }
}

std::size_t PlanOutline::bytes() const {
    return sizeof(*this) + m_uuids.capacity() +
           (m_ends.capacity() + m_at.capacity()) * sizeof(std::uint32_t) +
           m_places.capacity() * sizeof(Place);
}

std::string_view PlanOutline::uuid(std::size_t at) const {
    const std::uint32_t begin = at == 0 ? 0 : m_ends[at - 1];
    return std::string_view(m_uuids).substr(begin, m_ends[at] - begin);
}

std::vector<std::string> PlanOutline::differenceTo(const Plan& current) const {
    std::vector<std::string> out;
    if (m_id == current.id) return out;
    std::vector<std::string> added;
    std::vector<std::string> gone;
    std::vector<std::string> moved;
    std::vector<std::string> changed;
    // Both are in order of the uuids.
    std::size_t at = 0;
    const auto goneUpTo = [&](const std::string* next) {
        for (; at < size() && (next == nullptr || uuid(at) < *next); ++at)
            gone.emplace_back(uuid(at));
    };
    for (const MachineProgress& machine : current.start.machines) {
        goneUpTo(&machine.uuid);
        if (at == size() || uuid(at) != machine.uuid) {
            added.push_back(machine.uuid);
            continue;
        }
        const Place& before = m_places[m_at[at++]];
        const Place now = placeOf(machine);
        if (before.stage != now.stage || before.batch != now.batch ||
            before.machineType != now.machineType)
            moved.push_back(machine.uuid);
        else if (before.fromVersion != now.fromVersion)
            changed.push_back(machine.uuid);
    }
    goneUpTo(nullptr);
    describe({"more", "more"}, added, out);
    describe({"fewer", "fewer"}, gone, out);
    describe({"in another stage or of another type", "in another stage or of another type"}, moved,
             out);
    describe({"runs another version", "run another version"}, changed, out);
    if (m_targets != current.start.targets) out.push_back("the package is another one");
    if (m_previous != current.start.previous) out.push_back("the settled version is another one");
    return out;
}

}  // namespace ifrit::master::release
