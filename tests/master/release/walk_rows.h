// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "master/release/state_machine.h"
#include "shared/domain/desired_state.h"
#include "shared/domain/pilot.h"

namespace ifrit::master::release {

inline constexpr std::uint32_t kRingBatches = 4;

/// "m5" and "j5": ring batch 2.
inline std::uint32_t ringBatchOf(const std::string& uuid) {
    return static_cast<std::uint32_t>(std::stoi(uuid.substr(1))) % kRingBatches + 1;
}

/// What the rows of desired state look like after all edits, to see whom they touch.
struct Rows {
    std::map<std::string, domain::DesiredEntry> gray;
    std::map<std::uint32_t, domain::DesiredEntry> hash;  ///< by batch, of the one type
    std::map<std::string, domain::DesiredEntry> full;

    void take(const Effects& effects) {
        for (const DesiredEdit& edit : effects.desired) {
            switch (edit.kind) {
                case DesiredEdit::Kind::Put:
                    if (edit.row.entry.level == domain::Level::Gray)
                        gray[edit.row.machineUuid] = edit.row.entry;
                    else if (edit.row.entry.level == domain::Level::Hash)
                        hash[edit.row.batch] = edit.row.entry;
                    else
                        full[edit.row.machineType] = edit.row.entry;
                    break;
                case DesiredEdit::Kind::EraseOfRelease:
                    erase([&edit](const domain::DesiredEntry& entry) {
                        return entry.releaseId == edit.releaseId;
                    });
                    break;
                case DesiredEdit::Kind::EraseFull:
                    full.erase(edit.row.machineType);
                    break;
                case DesiredEdit::Kind::EraseOlderGray:
                    erase([&edit](const domain::DesiredEntry& entry) {
                        return entry.timestamp < edit.row.entry.timestamp;
                    });
                    break;
                case DesiredEdit::Kind::EraseOfMachine:
                    break;
            }
        }
    }
    template <typename Goes>
    void erase(const Goes& goes) {
        std::erase_if(gray, [&goes](const auto& row) { return goes(row.second); });
        std::erase_if(hash, [&goes](const auto& row) { return goes(row.second); });
    }
    /// What the machine would run, "" for nothing said.
    std::string versionFor(const std::string& uuid) const {
        const auto entry = entryFor(uuid);
        return entry ? entry->version : std::string();
    }
    std::optional<domain::DesiredEntry> entryFor(const std::string& uuid) const {
        const domain::DesiredEntry* best = nullptr;
        const auto offer = [&best, &uuid](const auto& rows, const auto& key) {
            const auto found = rows.find(key);
            if (found == rows.end() || !domain::isMeantFor(found->second, uuid)) return;
            if (best == nullptr || domain::wins(found->second, *best)) best = &found->second;
        };
        offer(gray, uuid);
        offer(hash, 0U);
        offer(hash, ringBatchOf(uuid));
        offer(full, std::string("LINUX"));
        return best == nullptr ? std::nullopt : std::optional<domain::DesiredEntry>(*best);
    }
};

}  // namespace ifrit::master::release
