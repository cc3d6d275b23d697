// SPDX-License-Identifier: Apache-2.0
#include "master/app/database_store.h"

#include <iterator>
#include <utility>

#include "master/audit/audit_trail.h"

namespace ifrit::master::app {
namespace {

/// Hands each call to the store of its aggregate.
class DatabaseSession final : public services::Session {
public:
    DatabaseSession(storage::Transaction& transaction, const audit::AuditTrail& trail)
        : m_in(transaction), m_trail(trail) {}

    absl::StatusOr<std::vector<services::StoredMachine>> loadMachines() override {
        std::vector<services::StoredMachine> all;
        for (;;) {
            auto page = m_in.machines().list({}, all.empty() ? "" : all.back().facts.uuid, kPage);
            if (!page.ok()) return page.status();
            const bool last = page->size() < kPage;
            all.insert(all.end(), std::make_move_iterator(page->begin()),
                       std::make_move_iterator(page->end()));
            if (last) return all;
        }
    }
    absl::Status putReport(const services::MachineReport& report) override {
        return m_in.machines().putReport(report);
    }
    absl::Status putLastSeen(
        const std::vector<std::pair<std::string, base::WallTime>>& seen) override {
        return m_in.machines().putLastSeen(seen);
    }
    absl::StatusOr<std::vector<services::StoredEvent>> listEvents(const std::string& uuid,
                                                                  std::uint64_t beforeId,
                                                                  std::size_t limit) override {
        return m_in.machines().listEvents(uuid, beforeId, limit);
    }
    absl::Status putClearKnownBad(const std::string& uuid, const std::string& digest) override {
        return m_in.machines().putClearKnownBad(uuid, digest);
    }
    absl::Status eraseClearKnownBad(const std::string& uuid) override {
        return m_in.machines().eraseClearKnownBad(uuid);
    }
    absl::StatusOr<std::map<std::string, std::vector<std::string>>> loadClearKnownBad() override {
        return m_in.machines().loadClearKnownBad();
    }

    absl::StatusOr<std::vector<services::PackageRecord>> listPackages() override {
        return m_in.packages().list("");
    }
    absl::StatusOr<std::optional<services::PackageRecord>> findPackage(
        const std::string& digest) override {
        return m_in.packages().find(digest);
    }
    absl::Status putPackage(const services::PackageRecord& package) override {
        return m_in.packages().put(package);
    }
    absl::Status erasePackage(const std::string& digest) override {
        return m_in.packages().erase(digest);
    }
    absl::StatusOr<std::vector<services::PublisherKeyRecord>> listPublisherKeys() override {
        return m_in.packages().listPublisherKeys();
    }

    absl::StatusOr<compose::DesiredRows> desiredRows() override { return m_in.desired().rows(); }
    absl::StatusOr<std::uint64_t> generation() override { return m_in.desired().generation(); }
    absl::StatusOr<std::uint64_t> nextGeneration() override {
        return m_in.desired().nextGeneration();
    }
    absl::Status edit(const release::DesiredEdit& edit) override {
        return m_in.desired().edit(edit);
    }

    absl::StatusOr<std::uint64_t> nextReleaseNumber() override {
        return m_in.releases().nextNumber();
    }
    absl::Status putRelease(const release::Model& model) override {
        return m_in.releases().put(model);
    }
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override {
        return m_in.releases().putProgress(releaseId, rows);
    }
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override {
        return m_in.releases().appendTimeline(releaseId, notes);
    }
    absl::StatusOr<std::vector<release::Model>> listReleases() override {
        return m_in.releases().list();
    }
    absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) override {
        return m_in.releases().loadProgress(releaseId);
    }
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override {
        return m_in.releases().loadTimeline(releaseId);
    }

    absl::Status appendAudit(const services::AuditEntry& entry) override {
        return m_trail.append(m_in, entry);
    }
    absl::StatusOr<std::optional<services::RequestRecord>> findRequest(
        const std::string& actor, const std::string& requestId) override {
        return m_in.requests().find(actor, requestId);
    }
    absl::Status putRequest(const std::string& actor, const std::string& requestId,
                            const services::RequestRecord& record) override {
        return m_in.requests().put(actor, requestId, record, m_clock.now());
    }

private:
    static constexpr std::size_t kPage = 5'000;
    storage::Transaction& m_in;
    const audit::AuditTrail& m_trail;
    const base::SystemClock m_clock;
};

}  // namespace

DatabaseStore::DatabaseStore(storage::Database& database, const audit::AuditTrail& trail)
    : m_database(database), m_trail(trail) {}

absl::Status DatabaseStore::write(const Work& work) {
    return m_database.transact([&](storage::Transaction& transaction) {
        DatabaseSession session(transaction, m_trail);
        return work(session);
    });
}

absl::Status DatabaseStore::read(const Work& work) {
    return m_database.read([&](storage::Transaction& transaction) {
        DatabaseSession session(transaction, m_trail);
        return work(session);
    });
}

}  // namespace ifrit::master::app
