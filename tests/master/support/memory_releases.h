// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/master/support/memory_database.h"

namespace ifrit::master::storage {

/// Releases in MemoryDatabase's state.
class MemoryReleases final : public ReleaseStore {
public:
    explicit MemoryReleases(MemoryDatabase::State& state) : m_state(state) {}

    absl::StatusOr<std::uint64_t> nextNumber() override { return ++m_state.releaseNumber; }
    absl::Status put(const release::Model& model) override {
        release::Model& stored = m_state.releases[model.release.id] = model;
        stored.machines.clear();
        return absl::OkStatus();
    }
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override {
        m_state.progressPuts += rows.size();
        for (const auto& row : rows)
            m_state.progress[releaseId][row.uuid] = row;
        return absl::OkStatus();
    }
    absl::Status moveProgress(const std::string& releaseId,
                              const std::map<std::string, release::MachineProgress>& stored,
                              const std::vector<release::MachineProgress>& rows) override {
        m_state.progressMoves += rows.size();
        auto& machines = m_state.progress[releaseId];
        for (const auto& row : rows) {
            const auto here = machines.find(row.uuid);
            const auto said = stored.find(row.uuid);
            if (said != stored.end() &&
                (here == machines.end() || !isAs(here->second, said->second)))
                return absl::InternalError(row.uuid + " is not stored as is said");
            machines[row.uuid] = row;
        }
        return absl::OkStatus();
    }
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override {
        auto& timeline = m_state.timeline[releaseId];
        timeline.insert(timeline.end(), notes.begin(), notes.end());
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<release::Model>> list() override {
        ++*m_state.releaseLists;
        std::vector<release::Model> out;
        for (const auto& [id, model] : m_state.releases)
            out.push_back(model);
        std::sort(out.begin(), out.end(),
                  [](const auto& a, const auto& b) { return a.release.number > b.release.number; });
        return out;
    }
    absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) override {
        return m_state.progress[releaseId];
    }
    absl::StatusOr<std::vector<release::MachineProgress>> loadProgress(
        const std::string& releaseId, const ProgressPage& page) override {
        std::vector<release::MachineProgress> out;
        for (const auto& [uuid, machine] : m_state.progress[releaseId]) {
            if (page.takes(machine) && out.size() < page.limit) out.push_back(machine);
        }
        return out;
    }
    absl::StatusOr<std::uint64_t> countProgress(const std::string& releaseId) override {
        return m_state.progress[releaseId].size();
    }
    absl::StatusOr<std::uint64_t> eraseProgress(const std::string& releaseId,
                                                std::size_t limit) override {
        auto& machines = m_state.progress[releaseId];
        std::uint64_t erased = 0;
        for (; !machines.empty() && erased < limit; ++erased)
            machines.erase(machines.begin());
        return erased;
    }
    absl::StatusOr<bool> hasDependents(const release::Model& model) override {
        const std::string& id = model.release.id;
        std::set<std::string> digests;
        for (const auto& [type, target] : model.targets)
            digests.insert(target.digest);
        bool out = false;
        for (const auto& row : m_state.rows)
            out = out || row.entry.releaseId == id;
        for (const auto& [key, campaign] : m_state.campaigns)
            out = out || (campaign.open && campaign.releaseId == id);
        for (const auto& [uuid, cleared] : m_state.clears) {
            for (const domain::KnownBadClear& clear : cleared)
                out = out || digests.count(clear.digest) != 0;
        }
        return out;
    }
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override {
        return m_state.timeline[releaseId];
    }
    absl::StatusOr<std::optional<release::Model>> find(const std::string& id) override {
        const auto found = m_state.releases.find(id);
        if (found == m_state.releases.end()) return std::optional<release::Model>();
        return std::optional<release::Model>(found->second);
    }
    absl::StatusOr<std::string> idOf(std::uint64_t number) override {
        for (const auto& [id, model] : m_state.releases) {
            if (model.release.number == number) return id;
        }
        return std::string();
    }

private:
    /// But for what is stored with its next change: the mark of its newest report, and the time
    /// that a refusal gave it anew.
    static bool isAs(const release::MachineProgress& stored, release::MachineProgress said) {
        said.reportMark = stored.reportMark;
        said.deadline = stored.deadline;
        said.openedAt = stored.openedAt;
        return said == stored;
    }

    MemoryDatabase::State& m_state;
};

}  // namespace ifrit::master::storage
