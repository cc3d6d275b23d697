// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "tests/master/support/memory_database.h"

namespace ifrit::master::storage {

/// Who lives with which certificate, of a MemoryDatabase.
class MemoryPresences final : public PresenceStore {
public:
    explicit MemoryPresences(MemoryDatabase::State& state) : m_state(state) {}

    absl::StatusOr<std::vector<PresenceRecord>> findAll(
        const std::vector<std::string>& uuids) override {
        std::vector<PresenceRecord> out;
        for (const auto& [key, row] : m_state.presences) {
            if (std::find(uuids.begin(), uuids.end(), row.uuid) != uuids.end()) out.push_back(row);
        }
        return out;
    }
    absl::Status put(const std::vector<PresenceRecord>& rows) override {
        for (const PresenceRecord& row : rows)
            m_state.presences[{row.uuid, row.instance}] = row;
        return absl::OkStatus();
    }
    absl::Status erase(const std::vector<PresenceRecord>& rows) override {
        for (const PresenceRecord& row : rows)
            m_state.presences.erase({row.uuid, row.instance});
        return absl::OkStatus();
    }

private:
    MemoryDatabase::State& m_state;
};

}  // namespace ifrit::master::storage
