// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_failures.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "gui/models/fleet_store.h"

namespace ifrit::gui::presenters {
namespace {

using domain::Outcome;

constexpr std::array kBad = {Outcome::Failed, Outcome::Reverted, Outcome::Silent};
/// What they said and what they cost comes with each: many more would not fit into a message.
constexpr std::uint32_t kPage = 2'000;

}  // namespace

ReleaseFailures::ReleaseFailures(ConnectionHub& hub, const models::FleetStore* fleet,
                                 std::function<void()> changed)
    : m_hub(hub), m_fleet(fleet), m_changed(std::move(changed)) {}

ReleaseFailures::Counts ReleaseFailures::countsOf(const services::ReleaseInfo& info) {
    Counts out{};
    for (std::size_t i = 0; i < kBad.size(); ++i)
        out[i] = info.count(kBad[i]);
    return out;
}

std::uint64_t ReleaseFailures::count(const services::ReleaseInfo& info) {
    const Counts counts = countsOf(info);
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

void ReleaseFailures::clear() {
    m_call.cancel();
    m_walk = {};
    m_groups.clear();
    m_error = absl::OkStatus();
    m_read = 0;
    m_cut = m_loaded = m_walking = m_wanted = false;
    m_hadFleet = true;
}

void ReleaseFailures::follow(const services::ReleaseInfo& info) {
    m_info = info;
    m_counts = countsOf(info);
    // A list of another master, or of another moment, may not be what was counted.
    const bool agrees =
        m_loaded && m_error.ok() && m_asked == m_counts && (m_cut || m_read == count(info));
    if (agrees && !m_wanted) return;
    m_wanted = true;
    if (!m_walking) begin();
}

void ReleaseFailures::begin() {
    m_wanted = false;
    m_walking = true;
    m_asked = m_counts;
    m_hadFleet = m_fleet == nullptr || m_fleet->loaded();
    m_walk = {};
    ask({});
}

void ReleaseFailures::ask(const std::string& token) {
    m_call = m_hub.session()->releases().machines(
        {m_info.release.id, kBad.at(m_walk.outcome), {token, kPage}},
        [this](const absl::StatusOr<services::Page<services::ReleaseMachine>>& page) {
            m_error = page.status();
            if (page.ok()) {
                take(*page);
            } else {
                end();
            }
        });
}

std::vector<models::MachineTrait> ReleaseFailures::traitsOf(
    const services::ReleaseMachine& machine) const {
    std::vector<models::MachineTrait> out = models::traitsOf(machine, m_fleet);
    out.erase(std::remove_if(out.begin(), out.end(),
                             [this](const auto& trait) { return models::isOfAll(trait, m_info); }),
              out.end());
    return out;
}

void ReleaseFailures::dropWhatAllHave(std::vector<models::FailureGroup>& groups) const {
    const domain::ReleaseSpec& spec = m_info.release.spec;
    std::map<models::MachineTrait, bool> ofAll;
    const auto isOfAll = [&](const models::MachineTrait& trait) {
        if (m_fleet == nullptr) return false;
        const auto [found, isNew] = ofAll.try_emplace(trait, false);
        if (isNew) found->second = models::everyRowHas(*m_fleet, spec.machineTypes, trait);
        return found->second;
    };
    for (models::FailureGroup& group : groups) {
        // One machine alone is told nothing of, and may have labels of its own.
        if (group.machines < 2) continue;
        auto& shared = group.shared;
        shared.erase(std::remove_if(shared.begin(), shared.end(),
                                    [&](const auto& trait) {
                                        return (group.isGray && models::choseGray(spec, trait)) ||
                                               isOfAll(trait);
                                    }),
                     shared.end());
    }
}

void ReleaseFailures::take(const services::Page<services::ReleaseMachine>& page) {
    for (const services::ReleaseMachine& machine : page.items) {
        const bool isKnown = m_fleet != nullptr && m_fleet->rowOf(machine.uuid).has_value();
        m_walk.groups.add(machine, traitsOf(machine), isKnown);
    }
    m_walk.ofOutcome += page.items.size();
    m_walk.read += page.items.size();
    const bool isLast = page.nextToken.empty();
    if (!isLast && m_walk.ofOutcome < kMost) {
        ask(page.nextToken);
        return;
    }
    if (!isLast) m_walk.cut = true;
    m_walk.ofOutcome = 0;
    if (++m_walk.outcome < kBad.size()) {
        ask({});
        return;
    }
    m_groups = m_walk.groups.sorted();
    dropWhatAllHave(m_groups);
    m_read = m_walk.read;
    m_cut = m_walk.cut;
    m_loaded = true;
    end();
}

void ReleaseFailures::end() {
    m_walking = false;
    m_walk = {};
    if (m_wanted) begin();
    m_changed();
}

}  // namespace ifrit::gui::presenters
