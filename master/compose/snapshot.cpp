// SPDX-License-Identifier: Apache-2.0
#include "master/compose/snapshot.h"

#include <utility>

#include "shared/domain/pilot.h"

namespace ifrit::master::compose {

domain::DesiredState Answer::state() const {
    domain::DesiredState out;
    out.generation = generation;
    out.etag = etag;
    for (const Fragment* fragment : fragments)
        out.entries.insert(out.entries.end(), fragment->entries.begin(), fragment->entries.end());
    return out;
}

std::string Answer::bytes() const {
    std::string out;
    for (const Fragment* fragment : fragments)
        out += fragment->bytes;
    return out;
}

Snapshot::Snapshot(std::uint64_t generation, base::WallTime composedAt,
                   const std::vector<DesiredRow>& rows)
    : m_generation(generation), m_composedAt(composedAt), m_fragments(compose(rows)) {
    for (const DesiredRow& row : rows) {
        const Fragment* fragment = &m_fragments.at(keyOf(row));
        switch (row.entry.level) {
            case domain::Level::Gray:
                m_grayByUuid[row.machineUuid] = fragment;
                break;
            case domain::Level::Hash:
                if (row.batch != 0)
                    m_hashByBatch[row.batch][row.machineType] = fragment;
                else if (m_pilotsByType.count(row.machineType) == 0)
                    indexPilots(row.machineType, *fragment);
                break;
            case domain::Level::Full:
                m_fullByType[row.machineType] = fragment;
                break;
        }
    }
}

void Snapshot::indexPilots(const std::string& machineType, const Fragment& fragment) {
    std::map<std::string, std::vector<domain::DesiredEntry>> byRelease;
    for (const domain::DesiredEntry& entry : fragment.entries)
        byRelease[entry.releaseId].push_back(entry);
    std::vector<Fragment>& pilots = m_pilotsByType[machineType];
    for (auto& [releaseId, entries] : byRelease)
        pilots.push_back(fragmentOf(fragment.key, std::move(entries)));
}

Answer Snapshot::answerFor(const std::string& uuid, const std::string& machineType,
                           std::uint32_t batch) const {
    Answer out;
    out.generation = m_generation;
    std::vector<std::uint64_t> etags;
    const auto serve = [&out, &etags](const Fragment& fragment) {
        out.fragments.push_back(&fragment);
        etags.push_back(fragment.etag);
    };
    const auto add = [&serve](const auto& index, const std::string& key) {
        const auto found = index.find(key);
        if (found != index.end()) serve(*found->second);
    };
    add(m_grayByUuid, uuid);
    const auto pilots = m_pilotsByType.find(machineType);
    if (pilots != m_pilotsByType.end()) {
        for (const Fragment& pilot : pilots->second) {
            if (domain::isMeantFor(pilot.entries.front(), uuid)) serve(pilot);
        }
    }
    if (batch != 0) {
        const auto hash = m_hashByBatch.find(batch);
        if (hash != m_hashByBatch.end()) add(hash->second, machineType);
    }
    add(m_fullByType, machineType);
    out.etag = combineEtags(etags);
    return out;
}

}  // namespace ifrit::master::compose
