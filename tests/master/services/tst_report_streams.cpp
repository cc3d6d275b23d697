// SPDX-License-Identifier: Apache-2.0
// Two masters on one database, one of which stands still between its look at a report and the
// report's transaction, while the machine goes on with the other in a stream of its own.
#include <absl/synchronization/notification.h>

#include <QTemporaryDir>
#include <QTest>
#include <memory>

#include "master/services/report_writer.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;
using storage::sql::SqlDatabase;

namespace {

constexpr char kMachine[] = "m-1";
const base::SystemClock kClock;

domain::MachineFacts factsOfMachine() {
    domain::MachineFacts out;
    out.uuid = kMachine;
    out.machineType = "LINUX";
    return out;
}

/// Stands still at the beginning of the next transaction, where that is asked for.
class StallingDatabase final : public storage::Database {
public:
    explicit StallingDatabase(std::unique_ptr<storage::Database> inner)
        : m_inner(std::move(inner)) {}

    absl::Status transact(const Work& work) override {
        if (stall != nullptr) {
            stall->reached.Notify();
            stall->goOn.WaitForNotification();
        }
        return m_inner->transact(work);
    }
    absl::Status read(const Work& work) override { return m_inner->read(work); }

    struct Stall {
        absl::Notification reached;
        absl::Notification goOn;
    };
    Stall* stall = nullptr;

private:
    const std::unique_ptr<storage::Database> m_inner;
};

MachineReport reportOf(const std::string& stream, std::uint64_t seq,
                       const std::vector<std::string>& events) {
    MachineReport out;
    out.uuid = kMachine;
    out.streamId = stream;
    out.seq = seq;
    out.full = true;
    out.receivedAt = kClock.now();
    for (const std::string& kind : events)
        out.events.push_back({kind, "logd", "1", "", kClock.now()});
    return out;
}

class StreamingMaster {
public:
    explicit StreamingMaster(std::unique_ptr<storage::Database> opened)
        : database(std::move(opened)) {
        fleet.enrol(factsOfMachine(), kClock.now());
        m_writer.start();
    }
    /// What the machine is told of its stream; 0: an error.
    std::uint64_t store(const MachineReport& report) {
        begin(report);
        return end();
    }
    void begin(const MachineReport& report) {
        m_answered = std::make_unique<absl::Notification>();
        m_writer.submit(report, [this](absl::StatusOr<std::uint64_t> answer) {
            m_answer = answer.value_or(0);
            m_answered->Notify();
        });
    }
    std::uint64_t end() {
        m_answered->WaitForNotification();
        return m_answer;
    }
    std::string place() const { return placeOf(fleet.find(kMachine)->record->stored); }
    /// "stream/number" of the machine's row.
    std::string stored() {
        std::string out;
        (void)database.read([&out](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto machine, in.machines().find(kMachine));
            if (machine) out = placeOf(*machine);
            return absl::OkStatus();
        });
        return out;
    }
    std::vector<std::string> events() {
        std::vector<std::string> out;
        (void)database.read([&out](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto all, in.machines().listEvents(kMachine, 0, 100));
            for (const StoredEvent& event : all)
                out.push_back(event.event.kind);
            return absl::OkStatus();
        });
        return out;
    }

    StallingDatabase database;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};

private:
    template <typename Machine>
    static std::string placeOf(const Machine& machine) {
        return machine.streamId + "/" + std::to_string(machine.ackedSeq);
    }

    KnownBadClears m_clears;
    std::uint64_t m_answer = 0;
    std::unique_ptr<absl::Notification> m_answered;
    ReportWriter m_writer{{database, fleet, m_clears, [](const auto&) {}}};
};

struct Masters {
    explicit Masters(const SqlDatabase::Options& options)
        : stalled(SqlDatabase::open(options, kClock).value()),
          other(SqlDatabase::open(options, kClock).value()) {}
    StreamingMaster stalled;
    StreamingMaster other;
};

using Kinds = std::vector<std::string>;

}  // namespace

class TestReportStreams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_server = std::make_unique<tests::PrivateMariadb>(); }
    void cleanupTestCase() { m_server.reset(); }

    void whatAStalledMasterHoldsIsStoredOnce_data() { engines(); }
    void whatAStalledMasterHoldsIsStoredOnce() {
        const auto masters = twoMasters();
        auto& [stalled, other] = *masters;
        QCOMPARE(stalled.store(reportOf("first", 6, {"started"})), std::uint64_t{6});
        StallingDatabase::Stall stall;
        stalled.database.stall = &stall;
        const MachineReport held = reportOf("first", 7, {"crashed"});
        stalled.begin(held);
        stall.reached.WaitForNotification();
        // Sent again, to the other; then the machine is set up anew.
        QCOMPARE(other.store(held), std::uint64_t{7});
        QCOMPARE(other.store(reportOf("second", 1, {"installed"})), std::uint64_t{1});
        stall.goOn.Notify();
        (void)stalled.end();
        QCOMPARE(other.events(), (Kinds{"installed", "crashed", "started"}));
        QCOMPARE(other.stored(), std::string("second/1"));
        // And the master's memory goes no further than the database did.
        QCOMPARE(stalled.place(), std::string("first/6"));
    }

    /// It was put back to an older state of its disk, and found out with the other master: what it
    /// had not been heard of comes again in its new stream.
    void whatCameAgainInANewStreamIsStoredOnce_data() { engines(); }
    void whatCameAgainInANewStreamIsStoredOnce() {
        const auto masters = twoMasters();
        auto& [stalled, other] = *masters;
        QCOMPARE(stalled.store(reportOf("first", 6, {"started"})), std::uint64_t{6});
        StallingDatabase::Stall stall;
        stalled.database.stall = &stall;
        QCOMPARE(other.store(reportOf("first", 20, {"later life"})), std::uint64_t{20});
        stalled.begin(reportOf("first", 7, {"crashed"}));
        stall.reached.WaitForNotification();
        QCOMPARE(other.store(reportOf("first", 7, {"crashed"})), std::uint64_t{20});
        QCOMPARE(other.store(reportOf("second", 21, {"crashed"})), std::uint64_t{21});
        stall.goOn.Notify();
        (void)stalled.end();
        QCOMPARE(other.events(), (Kinds{"crashed", "later life", "started"}));
        QCOMPARE(other.stored(), std::string("second/21"));
        QCOMPARE(stalled.place(), std::string("first/6"));
    }

    /// Its disk was put back to before it began its second stream. As long as it goes on below what
    /// the first one had come to it is told so, and begins a third; beyond, it is heard.
    void aMachineThatReturnsToAnOlderStreamIsHeard_data() { engines(); }
    void aMachineThatReturnsToAnOlderStreamIsHeard() {
        const auto masters = twoMasters();
        StreamingMaster& master = masters->other;
        QCOMPARE(master.store(reportOf("first", 7, {})), std::uint64_t{7});
        QCOMPARE(master.store(reportOf("second", 1, {})), std::uint64_t{1});
        QCOMPARE(master.store(reportOf("first", 5, {"unheard"})), std::uint64_t{7});
        QCOMPARE(master.place(), std::string("second/1"));
        QCOMPARE(master.events(), Kinds{});
        QCOMPARE(master.store(reportOf("first", 9, {"heard"})), std::uint64_t{9});
        QCOMPARE(master.stored(), std::string("first/9"));
        QCOMPARE(master.place(), std::string("first/9"));
        QCOMPARE(master.events(), Kinds{"heard"});
    }

private:
    static void engines() {
        QTest::addColumn<bool>("server");
        QTest::newRow("sqlite") << false;
        QTest::newRow("mariadb") << true;
    }
    /// On one new database of the row's engine, which knows the machine.
    std::unique_ptr<Masters> twoMasters() {
        QFETCH(const bool, server);
        SqlDatabase::Options options;
        options.schema = SqlDatabase::Schema::Migrate;
        if (server) {
            options.server.emplace();
            options.server->socket = m_server->socket();
            options.server->database = m_server->newDatabase();
            options.server->user = tests::PrivateMariadb::user();
            options.server->password = tests::PrivateMariadb::password();
        } else {
            options.file =
                m_directory.filePath(QStringLiteral("%1.db").arg(++m_files)).toStdString();
        }
        auto out = std::make_unique<Masters>(options);
        const absl::Status enrolled = out->stalled.database.transact([](storage::Transaction& in) {
            return in.machines().enrol(factsOfMachine(), kClock.now());
        });
        if (!enrolled.ok()) qFatal("%s", base::messageOf(enrolled).c_str());
        return out;
    }

    std::unique_ptr<tests::PrivateMariadb> m_server;
    QTemporaryDir m_directory;
    int m_files = 0;
};

QTEST_GUILESS_MAIN(TestReportStreams)
#include "tst_report_streams.moc"
