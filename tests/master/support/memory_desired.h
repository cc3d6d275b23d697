// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "shared/base/status.h"
#include "tests/master/support/memory_database.h"

namespace ifrit::master::storage {

/// Desired state in MemoryDatabase's.
class MemoryDesired final : public DesiredStore {
public:
    explicit MemoryDesired(MemoryDatabase::State& state) : m_state(state) {}

    absl::StatusOr<compose::DesiredRows> rows() override {
        ++*m_state.rowReads;
        return compose::DesiredRows{m_state.generation, m_state.rows};
    }
    absl::StatusOr<std::map<std::string, DesiredUse>> uses() override {
        std::map<std::string, DesiredUse> out;
        for (const compose::DesiredRow& row : m_state.rows) {
            const std::string& digest = row.entry.manifestDigest;
            if (!digest.empty())
                out.try_emplace(digest,
                                DesiredUse{row.entry.level, row.machineType, row.machineUuid});
        }
        return out;
    }
    absl::StatusOr<std::uint64_t> generation() override { return m_state.generation; }
    absl::StatusOr<std::uint64_t> nextGeneration() override { return ++m_state.generation; }
    absl::Status editAll(const std::vector<release::DesiredEdit>& edits) override {
        for (const release::DesiredEdit& one : edits)
            IFRIT_RETURN_IF_ERROR(edit(one));
        return absl::OkStatus();
    }
    absl::Status edit(const release::DesiredEdit& edit) override {
        const compose::DesiredRow& wanted = edit.row;
        const auto isFull = [](const auto& row) { return row.entry.level == domain::Level::Full; };
        const auto same = [&wanted](const auto& row) {
            return row.entry.agent == wanted.entry.agent && row.machineType == wanted.machineType;
        };
        using Kind = release::DesiredEdit::Kind;
        const auto gone = [&](const compose::DesiredRow& row) {
            switch (edit.kind) {
                case Kind::Put:
                    if (isFull(wanted)) return isFull(row) && same(row);
                    return row.entry.level == wanted.entry.level && same(row) &&
                           row.machineUuid == wanted.machineUuid && row.batch == wanted.batch &&
                           row.entry.releaseId == wanted.entry.releaseId;
                case Kind::EraseOfRelease:
                    return !isFull(row) && row.entry.releaseId == edit.releaseId;
                case Kind::EraseFull:
                    return isFull(row) && same(row);
                case Kind::EraseOlderGray:
                    return !isFull(row) && same(row) &&
                           row.entry.timestamp < wanted.entry.timestamp;
                case Kind::EraseOfMachine:
                    return row.entry.level == domain::Level::Gray &&
                           row.machineUuid == wanted.machineUuid;
            }
            return false;
        };
        m_state.rows.erase(std::remove_if(m_state.rows.begin(), m_state.rows.end(), gone),
                           m_state.rows.end());
        if (edit.kind == Kind::Put) m_state.rows.push_back(wanted);
        return absl::OkStatus();
    }

private:
    MemoryDatabase::State& m_state;
};

}  // namespace ifrit::master::storage
