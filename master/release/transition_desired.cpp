// SPDX-License-Identifier: Apache-2.0
#include "master/release/transition.h"

namespace ifrit::master::release {

using domain::Level;
using domain::StageKind;

DesiredEdit Transition::rowOf(Level level, const std::string& type, const Target& target,
                              base::WallTime stamp) const {
    DesiredEdit edit;
    edit.releaseId = m_model.release.id;
    edit.row.machineType = type;
    edit.row.entry.agent = m_model.release.spec.agent;
    edit.row.entry.action = target.action;
    edit.row.entry.version = target.version;
    edit.row.entry.manifestDigest = target.digest;
    edit.row.entry.level = level;
    edit.row.entry.timestamp = stamp;
    edit.row.entry.releaseId = m_model.release.id;
    if (target.action == domain::DesiredAction::Install)
        edit.row.entry.downloadRate = m_model.release.spec.downloadRate;
    return edit;
}

void Transition::putGray(const MachineProgress& machine, const Target& target,
                         base::WallTime stamp) {
    DesiredEdit edit = rowOf(Level::Gray, machine.machineType, target, stamp);
    edit.row.machineUuid = machine.uuid;
    m_effects.desired.push_back(edit);
}

void Transition::putHash(const domain::StageCounts& stage) {
    for (const auto& [type, target] : m_model.targets) {
        DesiredEdit edit = rowOf(Level::Hash, type, target, m_model.stamp);
        edit.row.batch = stage.batch;
        if (stage.kind == StageKind::Pilot) {
            const auto limit = m_model.pilotLimits.find(type);
            if (limit == m_model.pilotLimits.end()) continue;  // no machine of this type
            edit.row.entry.pilotLimit = limit->second;
        }
        m_effects.desired.push_back(edit);
    }
}

void Transition::putFull(const std::string& type, const Target& target, base::WallTime stamp) {
    m_effects.desired.push_back(rowOf(Level::Full, type, target, stamp));
}

void Transition::settleFull() {
    m_model.fullOpened = true;
    eraseOfRelease();
    for (const auto& [type, target] : m_model.targets) {
        putFull(type, target, m_model.stamp);
        // What an aborted release left on single machines has lost to this entry.
        eraseOlder();
    }
}

/// Of single machines and batches, what is older than the entry that was put last.
void Transition::eraseOlder() {
    DesiredEdit older = m_effects.desired.back();
    older.kind = DesiredEdit::Kind::EraseOlderGray;
    m_effects.desired.push_back(older);
}

void Transition::eraseOfRelease() {
    DesiredEdit erase;
    erase.kind = DesiredEdit::Kind::EraseOfRelease;
    erase.releaseId = m_model.release.id;
    m_effects.desired.push_back(erase);
}

}  // namespace ifrit::master::release
