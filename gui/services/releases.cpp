// SPDX-License-Identifier: Apache-2.0
#include "gui/services/releases.h"

#include <algorithm>

#include "shared/domain/release_reach.h"

namespace ifrit::gui::services {

std::uint32_t StageProgress::bad() const {
    std::uint32_t sum = 0;
    for (const auto outcome :
         {domain::Outcome::Failed, domain::Outcome::Reverted, domain::Outcome::Silent}) {
        const auto found = counts.outcomes.find(outcome);
        if (found != counts.outcomes.end()) sum += found->second;
    }
    return sum;
}

bool ReleaseInfo::ended() const {
    return release.state == domain::ReleaseState::Done ||
           release.state == domain::ReleaseState::Aborted ||
           release.state == domain::ReleaseState::RolledBack;
}

bool ReleaseInfo::waitsForPerson() const {
    if (release.state != domain::ReleaseState::Running) return false;
    return saysPerson.value_or(allows(domain::ReleaseVerb::Verify));
}

std::vector<std::size_t> ReleaseInfo::openedBy(domain::ReleaseVerb verb) const {
    std::vector<domain::StageCounts> counts;
    for (const StageProgress& stage : stages)
        counts.push_back(stage.counts);
    return domain::openedBy(verb, counts, release.spec.batches);
}

bool ReleaseInfo::allows(domain::ReleaseVerb verb) const {
    return std::find(allowedVerbs.begin(), allowedVerbs.end(), verb) != allowedVerbs.end();
}

std::uint64_t ReleaseInfo::count(domain::Outcome outcome) const {
    std::uint64_t sum = 0;
    for (const StageProgress& stage : stages) {
        const auto found = stage.counts.outcomes.find(outcome);
        if (found != stage.counts.outcomes.end()) sum += found->second;
    }
    return sum;
}

std::uint64_t ReleaseInfo::targeted() const {
    std::uint64_t sum = 0;
    for (const StageProgress& stage : stages)
        sum += stage.counts.targeted;
    return sum;
}

std::optional<SeenStanding> ReleaseInfo::standing() const {
    if (!release.lastChange) return std::nullopt;
    return SeenStanding{release.state, release.lastChange->revision};
}

std::uint64_t ReleaseInfo::reachedBy(domain::ReleaseVerb verb) const {
    // Nothing at all: a master that compares with all machines, or one that allows no verb now.
    if (reached.empty()) return targeted();
    const auto found = reached.find(verb);
    return found == reached.end() ? 0 : found->second;
}

std::optional<SeenStage> ReleaseInfo::seenFor(domain::ReleaseVerb verb) const {
    switch (verb) {
        case domain::ReleaseVerb::Verify:
        case domain::ReleaseVerb::Promote:
        case domain::ReleaseVerb::PromoteAll:
            return SeenStage{release.stage, batch};
        default:
            return std::nullopt;
    }
}

}  // namespace ifrit::gui::services
