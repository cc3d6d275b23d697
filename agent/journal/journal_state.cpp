// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/journal_state.h"

#include <algorithm>
#include <utility>

namespace ifrit::agent::journal {

bool AgentRecord::isKnownBad(const std::string& digest) const {
    return std::any_of(knownBad.begin(), knownBad.end(),
                       [&](const KnownBad& bad) { return bad.version.digest == digest; });
}

std::size_t AgentRecord::forgetBad(const std::string& digest) {
    const std::size_t before = knownBad.size();
    knownBad.erase(std::remove_if(knownBad.begin(), knownBad.end(),
                                  [&](const KnownBad& bad) {
                                      return digest.empty() || bad.version.digest == digest;
                                  }),
                   knownBad.end());
    if (attempts && (digest.empty() || attempts->digest == digest)) attempts.reset();
    return before - knownBad.size();
}

void AgentRecord::addKnownBad(KnownBad bad) {
    const auto same = [&](const KnownBad& other) {
        return other.version.digest == bad.version.digest;
    };
    knownBad.erase(std::remove_if(knownBad.begin(), knownBad.end(), same), knownBad.end());
    knownBad.push_back(std::move(bad));
    if (knownBad.size() > kMaxKnownBad) knownBad.erase(knownBad.begin());
}

void JournalState::withdrawBelow(const std::string& agent, std::uint64_t index) {
    if (index == 0) return;
    std::uint64_t& known = withdrawnBelow[agent];
    known = std::max(known, index);
}

void JournalState::addEvent(domain::MachineEvent event) {
    events.push_back({nextEventSequence++, std::move(event)});
    if (events.size() <= kMaxSpooledEvents) return;
    events.erase(events.begin());
    ++droppedEvents;
}

void JournalState::joinCluster(const std::string& name) {
    if (desired && cluster != name) {
        desired->generation = 0;
        desired->etag = 0;
    }
    cluster = name;
}

void JournalState::acknowledgeEvents(std::uint64_t upTo) {
    events.erase(
        std::remove_if(events.begin(), events.end(),
                       [&](const SpooledEvent& spooled) { return spooled.sequence <= upTo; }),
        events.end());
}

}  // namespace ifrit::agent::journal
