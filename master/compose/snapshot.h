// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "master/compose/compose.h"
#include "shared/base/clock.h"

namespace ifrit::master::compose {

/// What one machine is told: at most one fragment for each key that chooses it.
struct Answer {
    std::uint64_t generation = 0;
    std::uint64_t etag = 0;
    std::vector<const Fragment*> fragments;  ///< owned by the snapshot

    /// The same as values, for explain and permits.
    domain::DesiredState state() const;
    /// Serialized ifrit.v1.DesiredFragment of all.
    std::string bytes() const;
};

/// All composed desired state of a cluster at one generation. Immutable, so that any number of
/// threads reads it while the next one is made.
class Snapshot {
public:
    Snapshot(std::uint64_t generation, base::WallTime composedAt,
             const std::vector<DesiredRow>& rows);

    std::uint64_t generation() const { return m_generation; }
    base::WallTime composedAt() const { return m_composedAt; }
    /// Three look-ups, no lock; one hash more for each pilot of the type that is on. `batch` 0: not
    /// on the ring.
    Answer answerFor(const std::string& uuid, const std::string& machineType,
                     std::uint32_t batch) const;
    const std::map<std::string, Fragment>& fragments() const { return m_fragments; }

private:
    void indexPilots(const std::string& machineType, const Fragment& fragment);

    std::uint64_t m_generation;
    base::WallTime m_composedAt;
    std::map<std::string, Fragment> m_fragments;
    // Into m_fragments, by what a machine is known by: no key is built on the sync path.
    std::unordered_map<std::string, const Fragment*> m_grayByUuid;
    std::unordered_map<std::string, const Fragment*> m_fullByType;
    std::map<std::uint32_t, std::unordered_map<std::string, const Fragment*>> m_hashByBatch;
    // A pilot's key in one part for each release, since the machines of each pilot differ.
    std::unordered_map<std::string, std::vector<Fragment>> m_pilotsByType;
};

}  // namespace ifrit::master::compose
