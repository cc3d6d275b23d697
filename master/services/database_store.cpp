// SPDX-License-Identifier: Apache-2.0
#include "master/services/database_store.h"

#include <limits>
#include <utility>

namespace ifrit::master::services {
namespace {

/// Hands each call to the store of its aggregate.
class TransactionSession final : public Session {
public:
    TransactionSession(storage::Transaction& transaction,
                       const DatabaseStore::AppendAudit& appendAudit, const base::Clock& clock)
        : m_transaction(transaction), m_appendAudit(appendAudit), m_clock(clock) {}

    absl::StatusOr<std::vector<StoredMachine>> loadMachines() override {
        return m_transaction.machines().list({}, {}, std::numeric_limits<std::int32_t>::max());
    }
    absl::Status putReport(const MachineReport& report) override {
        return m_transaction.machines().putReport(report);
    }
    absl::Status putLastSeen(
        const std::vector<std::pair<std::string, base::WallTime>>& seen) override {
        return m_transaction.machines().putLastSeen(seen);
    }
    absl::StatusOr<std::vector<StoredEvent>> listEvents(const std::string& uuid,
                                                        std::uint64_t beforeId,
                                                        std::size_t limit) override {
        return m_transaction.machines().listEvents(uuid, beforeId, limit);
    }
    absl::Status putClearKnownBad(const std::string& uuid, const std::string& digest) override {
        return m_transaction.machines().putClearKnownBad(uuid, digest);
    }
    absl::Status eraseClearKnownBad(const std::string& uuid) override {
        return m_transaction.machines().eraseClearKnownBad(uuid);
    }
    absl::StatusOr<std::map<std::string, std::vector<std::string>>> loadClearKnownBad() override {
        return m_transaction.machines().loadClearKnownBad();
    }

    absl::StatusOr<std::vector<PackageRecord>> listPackages() override {
        return m_transaction.packages().list({});
    }
    absl::StatusOr<std::optional<PackageRecord>> findPackage(const std::string& digest) override {
        return m_transaction.packages().find(digest);
    }
    absl::Status putPackage(const PackageRecord& package) override {
        return m_transaction.packages().put(package);
    }
    absl::Status erasePackage(const std::string& digest) override {
        return m_transaction.packages().erase(digest);
    }

    absl::StatusOr<compose::DesiredRows> desiredRows() override {
        return m_transaction.desired().rows();
    }
    absl::StatusOr<std::uint64_t> generation() override {
        return m_transaction.desired().generation();
    }
    absl::StatusOr<std::uint64_t> nextGeneration() override {
        return m_transaction.desired().nextGeneration();
    }
    absl::Status edit(const release::DesiredEdit& edit) override {
        return m_transaction.desired().edit(edit);
    }

    absl::StatusOr<std::uint64_t> nextReleaseNumber() override {
        return m_transaction.releases().nextNumber();
    }
    absl::Status putRelease(const release::Model& model) override {
        return m_transaction.releases().put(model);
    }
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override {
        return m_transaction.releases().putProgress(releaseId, rows);
    }
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override {
        return m_transaction.releases().appendTimeline(releaseId, notes);
    }
    absl::StatusOr<std::vector<release::Model>> listReleases() override {
        return m_transaction.releases().list();
    }
    absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) override {
        return m_transaction.releases().loadProgress(releaseId);
    }
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override {
        return m_transaction.releases().loadTimeline(releaseId);
    }

    absl::Status appendAudit(const AuditEntry& entry) override {
        return m_appendAudit(m_transaction, entry);
    }
    absl::StatusOr<std::optional<RequestRecord>> findRequest(
        const std::string& actor, const std::string& requestId) override {
        return m_transaction.requests().find(actor, requestId);
    }
    absl::Status putRequest(const std::string& actor, const std::string& requestId,
                            const RequestRecord& record) override {
        return m_transaction.requests().put(actor, requestId, record, m_clock.now());
    }

private:
    storage::Transaction& m_transaction;
    const DatabaseStore::AppendAudit& m_appendAudit;
    const base::Clock& m_clock;
};

}  // namespace

DatabaseStore::DatabaseStore(storage::Database& database, AppendAudit appendAudit,
                             const base::Clock& clock)
    : m_database(database), m_appendAudit(std::move(appendAudit)), m_clock(clock) {}

absl::Status DatabaseStore::write(const Work& work) {
    return m_database.transact([&](storage::Transaction& transaction) {
        TransactionSession session(transaction, m_appendAudit, m_clock);
        return work(session);
    });
}

absl::Status DatabaseStore::read(const Work& work) {
    return m_database.read([&](storage::Transaction& transaction) {
        TransactionSession session(transaction, m_appendAudit, m_clock);
        return work(session);
    });
}

}  // namespace ifrit::master::services
