// SPDX-License-Identifier: Apache-2.0
#include "tests/master/support/memory_database.h"

#include <algorithm>
#include <cstdlib>

#include "shared/base/status.h"
#include "tests/master/support/memory_campaigns.h"
#include "tests/master/support/memory_desired.h"
#include "tests/master/support/memory_presences.h"
#include "tests/master/support/memory_releases.h"

namespace ifrit::master::storage {
namespace {

using State = MemoryDatabase::State;

class MemoryMachines final : public MachineStore {
public:
    explicit MemoryMachines(State& state) : m_state(state) {}

    absl::StatusOr<std::vector<StoredMachine>> list(const MachineFilter&,
                                                    const std::string& afterUuid,
                                                    std::size_t limit) override {
        std::vector<StoredMachine> out;
        for (const auto& [uuid, machine] : m_state.machines) {
            if (uuid > afterUuid && out.size() < limit) out.push_back(machine);
        }
        return out;
    }
    absl::StatusOr<std::optional<StoredMachine>> find(const std::string& uuid) override {
        const auto found = m_state.machines.find(uuid);
        if (found == m_state.machines.end()) return std::optional<StoredMachine>();
        return std::optional<StoredMachine>(found->second);
    }
    absl::StatusOr<std::vector<StoredMachine>> findAll(
        const std::vector<std::string>& uuids) override {
        std::vector<StoredMachine> out;
        for (const auto& [uuid, machine] : m_state.machines) {
            if (std::find(uuids.begin(), uuids.end(), uuid) != uuids.end()) out.push_back(machine);
        }
        return out;
    }
    absl::StatusOr<std::vector<LastSeen>> lastSeen() override {
        std::vector<LastSeen> out;
        for (const auto& [uuid, machine] : m_state.machines)
            out.push_back({uuid, machine.lastSeen, machine.poll});
        return out;
    }
    absl::Status enrol(const domain::MachineFacts& facts, base::WallTime now) override {
        StoredMachine& machine = m_state.machines[facts.uuid];
        machine.facts = facts;
        machine.firstSeen = machine.lastSeen = now;
        return absl::OkStatus();
    }
    absl::Status erase(const std::string& uuid) override {
        m_state.machines.erase(uuid);
        return absl::OkStatus();
    }
    absl::StatusOr<std::uint64_t> pruneEvents(base::WallTime) override { return 0; }
    absl::StatusOr<std::vector<ReportOutcome>> putReports(
        const std::vector<const MachineReport*>& reports) override {
        std::vector<ReportOutcome> out;
        for (const MachineReport* report : reports) {
            IFRIT_ASSIGN_OR_RETURN(const ReportOutcome one, put(*report));
            out.push_back(one);
        }
        return out;
    }
    absl::StatusOr<ReportOutcome> put(const MachineReport& report) {
        if (m_state.unstorable.contains(report.uuid))
            return base::invalidArgument("TEXT_INVALID", report.uuid, "it cannot be stored");
        StoredMachine& machine = m_state.machines[report.uuid];
        machine.lastSeen = std::max(machine.lastSeen, report.receivedAt);
        const bool isOfAnother = !machine.streamId.empty() && machine.streamId != report.streamId;
        const auto ended = m_state.endedStreams.find({report.uuid, report.streamId});
        const std::uint64_t endedAt = ended == m_state.endedStreams.end() ? 0 : ended->second;
        const std::uint64_t upTo = machine.streamId == report.streamId ? machine.ackedSeq : endedAt;
        const bool isNews = report.seq == 0 || (report.seq > upTo && (report.full || !isOfAnother));
        if (!isNews) return ReportOutcome{upTo, !isOfAnother && report.seq == upTo};
        if (isOfAnother) m_state.endedStreams[{report.uuid, machine.streamId}] = machine.ackedSeq;
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
        for (const auto& event : report.events)
            m_state.events.push_back(
                {report.uuid, {m_state.events.size() + 1, event, report.receivedAt}});
        return ReportOutcome{report.seq, true};
    }
    absl::Status putLastSeen(const std::vector<LastSeen>& seen) override {
        for (const auto& [uuid, at, poll] : seen) {
            m_state.machines.at(uuid).lastSeen = at;
            m_state.machines.at(uuid).poll = poll;
        }
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
    absl::Status putClearsKnownBad(const KnownBadClearsByUuid& clears) override {
        for (const auto& [uuid, ofOne] : clears) {
            auto& held = m_state.clears[uuid];
            for (const domain::KnownBadClear& clear : ofOne) {
                std::erase_if(held, [&](const auto& it) { return it.digest == clear.digest; });
                held.push_back(clear);
            }
        }
        return absl::OkStatus();
    }
    absl::Status eraseClearsKnownBad(const KnownBadClearsByUuid& clears) override {
        for (const auto& [uuid, ofOne] : clears) {
            auto& held = m_state.clears[uuid];
            for (const domain::KnownBadClear& clear : ofOne)
                std::erase(held, clear);
            if (held.empty()) m_state.clears.erase(uuid);
        }
        return absl::OkStatus();
    }
    absl::StatusOr<KnownBadClearsByUuid> loadClearKnownBad() override {
        ++*m_state.clearLoads;
        return m_state.clears;
    }
    absl::StatusOr<KnownBadClearsByUuid> clearsKnownBadOf(
        const std::vector<std::string>& uuids) override {
        KnownBadClearsByUuid out;
        for (const std::string& uuid : uuids) {
            const auto found = m_state.clears.find(uuid);
            if (found != m_state.clears.end()) out.insert(*found);
        }
        return out;
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

class MemoryPackages final : public PackageStore {
public:
    explicit MemoryPackages(State& state) : m_state(state) {}

    absl::StatusOr<std::vector<PackageRecord>> list(const std::string& agent) override {
        ++*m_state.packageLists;
        std::vector<PackageRecord> out;
        for (const auto& [digest, package] : m_state.packages) {
            if (!agent.empty() && package.agent != agent) continue;
            out.push_back(package);
            out.back().manifest.clear();
            out.back().signature.clear();
        }
        return out;
    }
    absl::StatusOr<std::optional<PackageRecord>> find(const std::string& agent,
                                                      const std::string& version,
                                                      const std::string& machineType) override {
        for (const auto& [digest, package] : m_state.packages) {
            const auto& types = package.machineTypes;
            if (package.agent == agent && package.version == version &&
                std::find(types.begin(), types.end(), machineType) != types.end())
                return std::optional<PackageRecord>(package);
        }
        return std::optional<PackageRecord>();
    }
    absl::StatusOr<std::uint64_t> countWithArchive(const std::string& archiveDigest) override {
        return static_cast<std::uint64_t>(std::count_if(
            m_state.packages.begin(), m_state.packages.end(),
            [&](const auto& entry) { return entry.second.archiveDigest == archiveDigest; }));
    }
    absl::Status putPublisherKey(const PublisherKeyRecord& key) override {
        m_state.publisherKeys.push_back(key);
        return absl::OkStatus();
    }
    absl::Status erasePublisherKey(const std::string&) override {
        return absl::UnimplementedError("erasePublisherKey");
    }
    absl::StatusOr<std::optional<PackageRecord>> find(const std::string& digest) override {
        const auto found = m_state.packages.find(digest);
        if (found == m_state.packages.end()) return std::optional<PackageRecord>();
        return std::optional<PackageRecord>(found->second);
    }
    absl::Status put(const PackageRecord& package) override {
        m_state.packages.emplace(package.manifestDigest, package);
        return absl::OkStatus();
    }
    absl::Status erase(const std::string& digest) override {
        m_state.packages.erase(digest);
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<PublisherKeyRecord>> listPublisherKeys() override {
        return m_state.publisherKeys;
    }

private:
    State& m_state;
};

class MemoryAudit final : public AuditStore {
public:
    explicit MemoryAudit(State& state) : m_state(state) {}

    absl::StatusOr<AuditHead> head() override {
        if (m_state.audit.empty()) return AuditHead{0, std::string(32, '\0')};
        return AuditHead{m_state.audit.back().id, m_state.audit.back().hash};
    }
    absl::Status append(const AuditRow& row) override {
        m_state.audit.push_back(row);
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<AuditRow>> read(std::uint64_t afterId, std::size_t limit) override {
        std::vector<AuditRow> out;
        for (const AuditRow& row : m_state.audit) {
            if (row.id > afterId && out.size() < limit) out.push_back(row);
        }
        return out;
    }
    absl::StatusOr<std::vector<AuditRow>> list(const AuditFilter&, std::uint64_t,
                                               std::size_t) override {
        return absl::UnimplementedError("list");
    }

private:
    State& m_state;
};

class MemoryRequests final : public RequestStore {
public:
    explicit MemoryRequests(State& state) : m_state(state) {}

    absl::StatusOr<std::optional<RequestRecord>> find(const std::string& actor,
                                                      const std::string& requestId) override {
        const auto found = m_state.requests.find({actor, requestId});
        if (found == m_state.requests.end()) return std::optional<RequestRecord>();
        return std::optional<RequestRecord>(found->second);
    }
    absl::Status put(const std::string& actor, const std::string& requestId,
                     const RequestRecord& record, base::WallTime) override {
        m_state.requests[{actor, requestId}] = record;
        return absl::OkStatus();
    }
    absl::StatusOr<std::uint64_t> prune(base::WallTime) override { return 0; }

private:
    State& m_state;
};

class MemoryMasters final : public MasterStore {
public:
    explicit MemoryMasters(State& state) : m_state(state) {}

    absl::StatusOr<LeaseRecord> lease() override { return m_state.lease; }
    absl::Status putLease(const LeaseRecord& lease) override {
        m_state.lease = lease;
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<MemberRecord>> list() override {
        std::vector<MemberRecord> out;
        for (const auto& [id, member] : m_state.members)
            out.push_back(member);
        return out;
    }
    absl::Status put(const MemberRecord& member) override {
        m_state.members[member.id] = member;
        return absl::OkStatus();
    }
    absl::Status erase(const std::string& id) override {
        m_state.members.erase(id);
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<ChangeRecord>> changesAfter(std::uint64_t after,
                                                           std::size_t limit) override {
        std::vector<ChangeRecord> out;
        for (const ChangeRecord& change : m_state.changes) {
            if (change.sequence > after && out.size() < limit) out.push_back(change);
        }
        return out;
    }
    absl::StatusOr<ChangeSpan> changeSpan() override {
        if (m_state.changes.empty()) return ChangeSpan{};
        return ChangeSpan{m_state.changes.front().sequence, m_state.changes.back().sequence};
    }
    absl::StatusOr<std::uint64_t> pruneChanges(std::uint64_t) override { return 0; }

private:
    State& m_state;
};

class MemoryChanges final : public ChangeStore {
public:
    explicit MemoryChanges(State& state) : m_state(state) {}

    absl::Status putPermit(const release::PermitRecord& permit) override {
        m_state.permits[{permit.uuid, permit.releaseId}] = permit;
        return absl::OkStatus();
    }
    absl::StatusOr<std::vector<release::PermitRecord>> permitsSince(base::WallTime after) override {
        std::vector<release::PermitRecord> out;
        for (const auto& [key, permit] : m_state.permits) {
            if (permit.at > after) out.push_back(permit);
        }
        return out;
    }
    absl::StatusOr<std::uint64_t> prunePermits(base::WallTime before) override {
        return std::erase_if(m_state.permits,
                             [before](const auto& it) { return it.second.at < before; });
    }
    absl::Status addFreeze(const domain::FreezeMark& mark) override {
        if (find(mark.id) != nullptr) return absl::AlreadyExistsError(mark.id);
        m_state.freezes.push_back({mark, {}, {}, {}});
        return absl::OkStatus();
    }
    absl::StatusOr<std::optional<FreezeRecord>> findFreeze(const std::string& id) override {
        const FreezeRecord* found = find(id);
        return found == nullptr ? std::nullopt : std::optional<FreezeRecord>(*found);
    }
    absl::StatusOr<std::vector<domain::FreezeMark>> openFreezes() override {
        std::vector<domain::FreezeMark> out;
        for (const FreezeRecord& record : m_state.freezes) {
            if (!record.lifted) out.push_back(record.mark);
        }
        return out;
    }
    absl::StatusOr<std::uint64_t> liftFreezes(const std::string& by, const std::string& reason,
                                              base::WallTime now) override {
        std::uint64_t lifted = 0;
        for (FreezeRecord& record : m_state.freezes) {
            if (record.lifted) continue;
            record.lifted = now;
            record.liftedBy = by;
            record.liftReason = reason;
            ++lifted;
        }
        return lifted;
    }

private:
    const FreezeRecord* find(const std::string& id) const {
        for (const FreezeRecord& record : m_state.freezes) {
            if (record.mark.id == id) return &record;
        }
        return nullptr;
    }
    State& m_state;
};

class MemoryTransaction final : public Transaction {
public:
    explicit MemoryTransaction(State& state)
        : m_machines(state),
          m_packages(state),
          m_desired(state),
          m_releases(state),
          m_audit(state),
          m_requests(state),
          m_masters(state),
          m_changes(state),
          m_campaigns(state),
          m_presences(state) {}

    MachineStore& machines() override { return m_machines; }
    PackageStore& packages() override { return m_packages; }
    DesiredStore& desired() override { return m_desired; }
    ReleaseStore& releases() override { return m_releases; }
    AuditStore& audit() override { return m_audit; }
    RequestStore& requests() override { return m_requests; }
    OperatorStore& operators() override { std::abort(); }
    TokenStore& tokens() override { std::abort(); }
    CertificateStore& certificates() override { std::abort(); }
    SettingsStore& settings() override { std::abort(); }
    MasterStore& masters() override { return m_masters; }
    ChangeStore& changes() override { return m_changes; }
    CampaignStore& campaigns() override { return m_campaigns; }
    GrantStore& grants() override { std::abort(); }
    PresenceStore& presences() override { return m_presences; }
    void afterCommit(const std::string& what, std::function<void()> done) override {
        afterwards.emplace(what, std::move(done));
    }

    std::map<std::string, std::function<void()>> afterwards;

private:
    MemoryMachines m_machines;
    MemoryPackages m_packages;
    MemoryDesired m_desired;
    MemoryReleases m_releases;
    MemoryAudit m_audit;
    MemoryRequests m_requests;
    MemoryMasters m_masters;
    MemoryChanges m_changes;
    MemoryCampaigns m_campaigns;
    MemoryPresences m_presences;
};

}  // namespace

absl::Status MemoryDatabase::transact(const Work& work) {
    std::map<std::string, std::function<void()>> afterwards;
    {
        absl::MutexLock lock(&mutex);
        ++writes;
        if (!down.ok()) return down;
        State copy = state;
        MemoryTransaction transaction(copy);
        IFRIT_RETURN_IF_ERROR(work(transaction));
        state = std::move(copy);
        afterwards = std::move(transaction.afterwards);
    }
    for (const auto& [what, done] : afterwards)
        done();
    return absl::OkStatus();
}

absl::Status MemoryDatabase::read(const Work& work) {
    absl::MutexLock lock(&mutex);
    ++reads;
    if (!down.ok()) return down;
    State copy = state;
    MemoryTransaction transaction(copy);
    return work(transaction);
}

}  // namespace ifrit::master::storage
