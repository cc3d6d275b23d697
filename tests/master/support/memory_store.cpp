// SPDX-License-Identifier: Apache-2.0
#include "tests/master/support/memory_store.h"

#include <algorithm>

#include "shared/base/status.h"

namespace ifrit::master::services {
namespace {

using State = MemoryDatabase::State;

class MemorySession final : public Session {
public:
    explicit MemorySession(State& state) : m_state(state) {}

    absl::StatusOr<std::vector<StoredMachine>> loadMachines() override {
        std::vector<StoredMachine> out;
        for (const auto& [uuid, machine] : m_state.machines)
            out.push_back(machine);
        return out;
    }
    absl::Status putReport(const MachineReport& report) override {
        if (m_state.unstorable.contains(report.uuid))
            return base::invalidArgument("TEXT_INVALID", report.uuid, "it cannot be stored");
        StoredMachine& machine = m_state.machines[report.uuid];
        if (report.facts) machine.facts = *report.facts;
        machine.facts.uuid = report.uuid;
        if (report.full) machine.agents.clear();
        for (const auto& agent : report.agents) {
            eraseAgent(machine, agent.agent);
            machine.agents.push_back(agent);
        }
        for (const auto& name : report.removedAgents)
            eraseAgent(machine, name);
        std::sort(machine.agents.begin(), machine.agents.end(),
                  [](const auto& a, const auto& b) { return a.agent < b.agent; });
        machine.ifrit = report.ifrit;
        machine.streamId = report.streamId;
        machine.ackedSeq = report.seq;
        machine.lastSeen = report.receivedAt;
        for (const auto& event : report.events)
            m_state.events.push_back({report.uuid, {m_state.events.size() + 1, event}});
        return absl::OkStatus();
    }
    absl::Status putLastSeen(
        const std::vector<std::pair<std::string, base::WallTime>>& seen) override {
        for (const auto& [uuid, at] : seen)
            m_state.machines.at(uuid).lastSeen = at;
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<StoredEvent>> listEvents(const std::string& uuid,
                                                        std::uint64_t beforeId,
                                                        std::size_t limit) override {
        std::vector<StoredEvent> out;
        for (auto event = m_state.events.rbegin(); event != m_state.events.rend(); ++event) {
            const bool fits = beforeId == 0 || event->second.id < beforeId;
            if (event->first == uuid && fits && out.size() < limit) out.push_back(event->second);
        }
        return out;
    }
    absl::Status putClearKnownBad(const std::string& uuid, const std::string& digest) override {
        m_state.clears[uuid].push_back(digest);
        return absl::OkStatus();
    }
    absl::Status eraseClearKnownBad(const std::string& uuid) override {
        m_state.clears.erase(uuid);
        return absl::OkStatus();
    }
    absl::StatusOr<std::map<std::string, std::vector<std::string>>> loadClearKnownBad() override {
        return m_state.clears;
    }

    absl::StatusOr<std::vector<PackageRecord>> listPackages() override {
        std::vector<PackageRecord> out;
        for (const auto& [digest, package] : m_state.packages)
            out.push_back(package);
        return out;
    }
    absl::StatusOr<std::optional<PackageRecord>> findPackage(const std::string& digest) override {
        const auto found = m_state.packages.find(digest);
        if (found == m_state.packages.end()) return std::optional<PackageRecord>();
        return std::optional<PackageRecord>(found->second);
    }
    absl::Status putPackage(const PackageRecord& package) override {
        m_state.packages[package.manifestDigest] = package;
        return absl::OkStatus();
    }
    absl::Status erasePackage(const std::string& digest) override {
        m_state.packages.erase(digest);
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<PublisherKeyRecord>> listPublisherKeys() override {
        return m_state.publisherKeys;
    }

    absl::StatusOr<compose::DesiredRows> desiredRows() override {
        return compose::DesiredRows{m_state.generation, m_state.rows};
    }
    absl::StatusOr<std::uint64_t> generation() override { return m_state.generation; }
    absl::StatusOr<std::uint64_t> nextGeneration() override { return ++m_state.generation; }
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
            }
            return false;
        };
        m_state.rows.erase(std::remove_if(m_state.rows.begin(), m_state.rows.end(), gone),
                           m_state.rows.end());
        if (edit.kind == Kind::Put) m_state.rows.push_back(wanted);
        return absl::OkStatus();
    }

    absl::StatusOr<std::uint64_t> nextReleaseNumber() override { return ++m_state.releaseNumber; }
    absl::Status putRelease(const release::Model& model) override {
        release::Model& stored = m_state.releases[model.release.id] = model;
        stored.machines.clear();
        return absl::OkStatus();
    }
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override {
        for (const auto& row : rows)
            m_state.progress[releaseId][row.uuid] = row;
        return absl::OkStatus();
    }
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override {
        auto& timeline = m_state.timeline[releaseId];
        timeline.insert(timeline.end(), notes.begin(), notes.end());
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<release::Model>> listReleases() override {
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
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override {
        return m_state.timeline[releaseId];
    }

    absl::Status appendAudit(const AuditEntry& entry) override {
        m_state.audit.push_back(entry);
        return absl::OkStatus();
    }
    absl::StatusOr<std::optional<RequestRecord>> findRequest(
        const std::string& actor, const std::string& requestId) override {
        const auto found = m_state.requests.find({actor, requestId});
        if (found == m_state.requests.end()) return std::optional<RequestRecord>();
        return std::optional<RequestRecord>(found->second);
    }
    absl::Status putRequest(const std::string& actor, const std::string& requestId,
                            const RequestRecord& record) override {
        m_state.requests[{actor, requestId}] = record;
        return absl::OkStatus();
    }

private:
    static void eraseAgent(StoredMachine& machine, const std::string& name) {
        auto& agents = machine.agents;
        agents.erase(std::remove_if(agents.begin(), agents.end(),
                                    [&name](const auto& a) { return a.agent == name; }),
                     agents.end());
    }

    State& m_state;
};

}  // namespace

absl::Status MemoryStore::write(const Work& work) {
    absl::MutexLock lock(&m_database->mutex);
    ++m_database->writes;
    if (!m_database->down.ok()) return m_database->down;
    State copy = m_database->state;
    MemorySession session(copy);
    IFRIT_RETURN_IF_ERROR(work(session));
    m_database->state = std::move(copy);
    return absl::OkStatus();
}

absl::Status MemoryStore::read(const Work& work) {
    absl::MutexLock lock(&m_database->mutex);
    ++m_database->reads;
    if (!m_database->down.ok()) return m_database->down;
    State copy = m_database->state;
    MemorySession session(copy);
    return work(session);
}

}  // namespace ifrit::master::services
