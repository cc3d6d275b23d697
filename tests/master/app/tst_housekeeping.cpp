// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>

#include "master/app/housekeeping.h"
#include "master/members/fence.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::app;

namespace {

std::size_t eventsIn(storage::Database& database, std::size_t limit = 10) {
    std::size_t out = 0;
    (void)database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto events, in.machines().listEvents("m-1", 0, limit));
        out = events.size();
        return absl::OkStatus();
    });
    return out;
}

absl::StatusOr<std::unique_ptr<storage::sql::SqlDatabase>> openIn(const QTemporaryDir& directory,
                                                                  const base::Clock& clock) {
    storage::sql::SqlDatabase::Options options;
    options.file = directory.filePath(QStringLiteral("h.db")).toStdString();
    options.schema = storage::sql::SqlDatabase::Schema::Migrate;
    return storage::sql::SqlDatabase::open(options, clock);
}

/// Notes how many of the machine's events were left after each transaction.
class Watched final : public storage::Database {
public:
    explicit Watched(storage::Database& database) : m_database(database) {}
    absl::Status transact(const Work& work) override {
        const absl::Status out = m_database.transact(work);
        left.push_back(eventsIn(m_database, 100'000));
        return out;
    }
    absl::Status read(const Work& work) override { return m_database.read(work); }

    std::vector<std::size_t> left;

private:
    storage::Database& m_database;
};

}  // namespace

class TestHousekeeping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void oldRowsGoAndOthersStay() {
        const QTemporaryDir directory;
        const base::SystemClock clock;
        const auto opened = openIn(directory, clock);
        QVERIFY(opened.ok());
        storage::Database& database = **opened;
        const base::WallTime now = clock.now();
        const std::chrono::milliseconds moment(1);
        const absl::Status filled = database.transact([&](storage::Transaction& t) -> absl::Status {
            domain::MachineFacts facts;
            facts.uuid = "m-1";
            facts.machineType = "LINUX";
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, now));
            storage::MachineReport report;
            report.uuid = "m-1";
            // This machine's clock is of no matter.
            report.events = {{"installed", "a", "old", "", now}};
            report.receivedAt = now - kKeepEvents - moment;
            IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
            report.events = {{"installed", "a", "young", "", now - 10 * kKeepEvents}};
            report.receivedAt = now - kKeepEvents;
            IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
            IFRIT_RETURN_IF_ERROR(
                t.requests().put("alice", "old", {}, now - kKeepRequestIds - moment));
            IFRIT_RETURN_IF_ERROR(t.requests().put("alice", "young", {}, now - kKeepRequestIds));
            storage::JoinTokenRecord token{"old", "", "alice", now, {}, {}, ""};
            token.expires = now - kKeepJoinTokens - moment;
            IFRIT_RETURN_IF_ERROR(t.tokens().add(token));
            token.tokenHash = "young";
            token.expires = now - kKeepJoinTokens;
            IFRIT_RETURN_IF_ERROR(t.tokens().add(token));
            storage::CertificateRecord certificate;
            certificate.role = "machine";
            certificate.name = "m-1";
            certificate.serialHex = "01";
            certificate.notAfter = now - kKeepCertificates - moment;
            IFRIT_RETURN_IF_ERROR(t.certificates().add(certificate));
            certificate.serialHex = "02";
            certificate.notAfter = now - kKeepCertificates;
            return t.certificates().add(certificate);
        });
        QVERIFY2(filled.ok(), base::messageOf(filled).c_str());
        // Of several masters the one that leads does it, and no former one.
        QVERIFY(members::isNotLeader(tidy(database, now, Lead{7})));
        QCOMPARE(eventsIn(database), std::size_t{2});
        QVERIFY(tidy(database, now).ok());
        const absl::Status left = database.read([&](storage::Transaction& t) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 10));
            IFRIT_ASSIGN_OR_RETURN(const auto oldRequest, t.requests().find("alice", "old"));
            IFRIT_ASSIGN_OR_RETURN(const auto youngRequest, t.requests().find("alice", "young"));
            IFRIT_ASSIGN_OR_RETURN(const auto oldToken, t.tokens().find("old"));
            IFRIT_ASSIGN_OR_RETURN(const auto youngToken, t.tokens().find("young"));
            if (events.size() != 1 || events[0].event.version != "young")
                return absl::InternalError("events");
            if (oldRequest || !youngRequest) return absl::InternalError("requests");
            if (oldToken || !youngToken) return absl::InternalError("tokens");
            IFRIT_ASSIGN_OR_RETURN(const auto kept, t.certificates().listOf("machine", "m-1"));
            if (kept.size() != 1 || kept[0].serialHex != "02")
                return absl::InternalError("certificates");
            return absl::OkStatus();
        });
        QVERIFY2(left.ok(), base::messageOf(left).c_str());
    }

    // Some time after an upgrade all that is older than it goes on one day.
    void manyEventsGoInTransactionsOfTheirOwn() {
        const QTemporaryDir directory;
        const base::SystemClock clock;
        const auto opened = openIn(directory, clock);
        QVERIFY(opened.ok());
        const base::WallTime now = clock.now();
        constexpr std::size_t kPiece = storage::kEventsPiece;
        const absl::Status filled =
            (*opened)->transact([&](storage::Transaction& t) -> absl::Status {
                domain::MachineFacts facts;
                facts.uuid = "m-1";
                facts.machineType = "LINUX";
                IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, now));
                storage::MachineReport report;
                report.uuid = "m-1";
                report.events.assign(2 * kPiece + 3, {"installed", "a", "old", "", now});
                report.receivedAt = now - kKeepEvents - std::chrono::milliseconds(1);
                return t.machines().putReport(report);
            });
        QVERIFY2(filled.ok(), base::messageOf(filled).c_str());
        Watched watched(**opened);
        const std::atomic<bool> stopping{true};
        QVERIFY(tidy(watched, now, {}, &stopping).ok());
        QCOMPARE(watched.left, (std::vector<std::size_t>{2 * kPiece + 3}));
        watched.left.clear();
        QVERIFY(tidy(watched, now).ok());
        QCOMPARE(watched.left, (std::vector<std::size_t>{2 * kPiece + 3, kPiece + 3, 3, 0}));
    }
};

QTEST_GUILESS_MAIN(TestHousekeeping)
#include "tst_housekeeping.moc"
