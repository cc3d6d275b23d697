// SPDX-License-Identifier: Apache-2.0
// Reports of many machines made durable by the report writer, beside the same rows put into the
// same MariaDB in bulk by bare statements; and what the master's memory holds for each machine that
// is registered, with four agents and what is usual of names.
//
//     bench_ingest [MACHINES]
#include <fmt/format.h>
#include <malloc.h>

#include <absl/synchronization/blocking_counter.h>
#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include "master/rpc/parsed_certificates.h"
#include "master/services/clone_watch.h"
#include "master/services/report_writer.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "tests/bench/support/figure.h"
#include "tests/support/private_mariadb.h"

namespace {

using namespace ifrit;
using namespace ifrit::master;
using Steady = std::chrono::steady_clock;

constexpr int kRounds = 3;
constexpr int kAgents = 4;  ///< of a machine
constexpr int kRowsPerReport = 1 + kAgents;
constexpr int kBulkRows = 1'000;
constexpr int kCertificates = 5'000;  ///< each is a key and a signature to make
const base::SystemClock kClock;

void orThrow(const absl::Status& status) {
    if (!status.ok()) throw std::runtime_error(base::messageOf(status));
}

std::string uuidOf(int machine) {
    return fmt::format("5f0c7c1e-6a5b-4e55-9d0e-{:012}", machine);
}

services::MachineReport reportOf(int machine, std::uint64_t seq) {
    services::MachineReport out;
    out.uuid = uuidOf(machine);
    out.streamId = fmt::format("2f6d6d9b-9d0e-4e55-6a5b-{:012}", machine);
    out.seq = seq;
    out.receivedAt = kClock.now();
    out.ifrit = {0.1, 20'000'000 + seq};
    for (int i = 0; i < kAgents; ++i) {
        domain::AgentReport agent;
        agent.agent = "agent-" + std::to_string(i);
        agent.state = domain::MachineState::Healthy;
        agent.runningVersion = agent.desiredVersion = "4.2.1";
        agent.runningDigest = agent.desiredDigest = std::string(64, static_cast<char>('a' + i));
        agent.pid = 1'000 + i;
        agent.sample = {0.5, 30'000'000 + seq};
        out.agents.push_back(std::move(agent));
    }
    return out;
}

domain::MachineFacts factsOf(int machine) {
    domain::MachineFacts out;
    out.uuid = uuidOf(machine);
    out.machineType = "LINUX";
    out.pin = "an account of some length";
    out.labels = {{"zone", "eu-central-1b"}, {"tier", "backend"}};
    out.address = fmt::format("10.{}.{}.{}", machine >> 16, machine >> 8 & 255, machine & 255);
    out.hostname = fmt::format("ip-{:09}.eu-central-1.internal", machine);
    out.kernel = "6.1.0-18-cloud-amd64";
    out.libc = "glibc 2.36";
    out.architecture = "x86_64";
    out.ifritVersion = "0.9.0";
    return out;
}

double secondsSince(Steady::time_point begin) {
    return std::chrono::duration<double>(Steady::now() - begin).count();
}

std::size_t heapBytes() {
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// One report of each machine, as many in flight as the writer's queue takes; seconds until all are
/// acknowledged.
double reportAll(services::ReportWriter& writer, int machines, std::uint64_t seq) {
    absl::BlockingCounter open(machines);
    std::atomic<int> failed{0};
    std::vector<services::MachineReport> reports;
    for (int i = 0; i < machines; ++i)
        reports.push_back(reportOf(i, seq));
    const auto begin = Steady::now();
    for (auto& report : reports) {
        writer.submit(std::move(report), [&](const absl::StatusOr<std::uint64_t>& acked) {
            if (!acked.ok()) ++failed;
            open.DecrementCount();
        });
    }
    open.Wait();
    if (failed != 0) throw std::runtime_error("reports were refused");
    return secondsSince(begin);
}

/// As many rows of the same width, 1,000 in a statement, each statement committed.
class BareTable {
public:
    explicit BareTable(const storage::sql::MariadbServer& server) {
        m_database = QSqlDatabase::addDatabase(QStringLiteral("QMYSQL"), QStringLiteral("bare"));
        m_database.setConnectOptions(
            QStringLiteral("UNIX_SOCKET=%1").arg(QString::fromStdString(server.socket)));
        m_database.setDatabaseName(QString::fromStdString(server.database));
        m_database.setUserName(QString::fromStdString(server.user));
        m_database.setPassword(QString::fromStdString(server.password));
        if (!m_database.open()) throw std::runtime_error("the bare connection does not open");
        run(QStringLiteral("CREATE TABLE bare_reports LIKE agent_reports"));
        QStringList columns{QStringLiteral("uuid"), QStringLiteral("agent")};
        QStringList replaced;
        for (const auto& [name, value] : row()) {
            columns << name;
            replaced << QStringLiteral("%1 = VALUES(%1)").arg(name);
        }
        const QString marks =
            QLatin1Char('(') + QStringList(columns.size(), QStringLiteral("?")).join(u',') + u')';
        m_sql = QStringLiteral("INSERT INTO bare_reports (%1) VALUES %2 ON DUPLICATE KEY UPDATE %3")
                    .arg(columns.join(u','), QStringList(kBulkRows, marks).join(u','),
                         replaced.join(u','));
    }
    double putAll(int rows, std::uint64_t value) {
        const auto values = row();
        const auto begin = Steady::now();
        QSqlQuery query(m_database);
        if (!query.prepare(m_sql)) throw std::runtime_error("the bare statement is refused");
        for (int done = 0; done < rows; done += kBulkRows) {
            for (int i = done; i < done + kBulkRows; ++i) {
                query.addBindValue(QString::fromStdString(uuidOf(i / kRowsPerReport)));
                query.addBindValue(QStringLiteral("agent-%1").arg(i % kRowsPerReport));
                for (const auto& [name, fixed] : values)
                    query.addBindValue(name == u"rss_bytes" ? QVariant(qulonglong(value)) : fixed);
            }
            if (!query.exec()) throw std::runtime_error(query.lastError().text().toStdString());
        }
        return secondsSince(begin);
    }

private:
    /// The columns of agent_reports after its key, with what reportOf() says.
    static QList<std::pair<QString, QVariant>> row() {
        const QVariant none;
        const QString version = QStringLiteral("4.2.1");
        const QString digest(64, QLatin1Char('a'));
        const QString empty = QStringLiteral("");
        return {{QStringLiteral("running_version"), version},
                {QStringLiteral("running_digest"), digest},
                {QStringLiteral("desired_version"), version},
                {QStringLiteral("desired_digest"), digest},
                {QStringLiteral("release_id"), empty},
                {QStringLiteral("state"), QStringLiteral("HEALTHY")},
                {QStringLiteral("step"), empty},
                {QStringLiteral("attempt"), 0},
                {QStringLiteral("pid"), 1'000},
                {QStringLiteral("restarts"), 0},
                {QStringLiteral("crash_looping"), 0},
                {QStringLiteral("since_ms"), 0},
                {QStringLiteral("next_retry_ms"), none},
                {QStringLiteral("deadline_ms"), none},
                {QStringLiteral("error_at_ms"), none},
                {QStringLiteral("error_reason"), none},
                {QStringLiteral("error_message"), none},
                {QStringLiteral("error_step"), none},
                {QStringLiteral("error_attempt"), none},
                {QStringLiteral("cpu_percent"), 0.5},
                {QStringLiteral("rss_bytes"), 0},
                {QStringLiteral("integrity"), QStringLiteral("INTACT")},
                {QStringLiteral("known_bad_json"), QStringLiteral("[]")},
                {QStringLiteral("integrity_note"), empty}};
    }
    void run(const QString& sql) {
        QSqlQuery query(m_database);
        if (!query.exec(sql)) throw std::runtime_error(query.lastError().text().toStdString());
    }
    QSqlDatabase m_database;
    QString m_sql;
};

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Bench {
    explicit Bench(int count) : machines(count) {
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        options.server.emplace();
        options.server->socket = server.socket();
        options.server->database = server.newDatabase();
        options.server->user = tests::PrivateMariadb::user();
        options.server->password = tests::PrivateMariadb::password();
        database = storage::sql::SqlDatabase::open(options, kClock).value();
    }
    void enrol() {
        orThrow(database->transact([&](storage::Transaction& in) -> absl::Status {
            for (int i = 0; i < machines; ++i)
                IFRIT_RETURN_IF_ERROR(in.machines().enrol(factsOf(i), kClock.now()));
            return absl::OkStatus();
        }));
    }
    std::vector<services::StoredMachine> stored(bool withAgents) {
        std::vector<services::StoredMachine> out;
        orThrow(database->read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(
                out, in.machines().list({}, "", static_cast<std::size_t>(machines) + 1));
            return absl::OkStatus();
        }));
        for (auto& machine : out) {
            if (!withAgents) machine.agents = {};
        }
        return out;
    }
    /// What the fleet holds after a start for each, without what reading them needed.
    double bytesPerMachine(bool withAgents) {
        const auto all = stored(withAgents);
        const std::size_t before = heapBytes();
        services::Fleet loaded(ring);
        loaded.load(all, kClock.now(), {std::chrono::hours(1)});
        return static_cast<double>(heapBytes() - before) / machines;
    }
    /// What is held beside it of each that polls: which run of ifrit-agent it is.
    double bytesPerPresence() {
        const std::size_t before = heapBytes();
        services::CloneWatch clones(std::chrono::minutes(2));
        for (int i = 0; i < machines; ++i) {
            const auto number = static_cast<std::uint64_t>(i) + 1;
            (void)clones.admit(uuidOf(i), {number, false, factsOf(i).address, true}, kClock.now());
        }
        return static_cast<double>(heapBytes() - before) / machines;
    }
    /// And whom its certificate names, which is remembered from its first call on.
    double bytesPerCertificate() const {
        const auto day = std::chrono::hours(24);
        const auto ca = crypto::createCa("bench", kClock.now(), day).value();
        std::vector<std::string> pems;
        for (int i = 0; i < std::min(machines, kCertificates); ++i) {
            crypto::CertificateRequest wanted;
            wanted.cluster = "bench";
            wanted.name = uuidOf(i);
            wanted.now = kClock.now();
            wanted.validity = day;
            pems.push_back(crypto::issue(ca, wanted).value().certificatePem);
        }
        const std::size_t before = heapBytes();
        rpc::ParsedCertificates certificates("bench");
        for (const std::string& pem : pems)
            (void)certificates.of(pem).value();
        return static_cast<double>(heapBytes() - before) / static_cast<double>(pems.size());
    }

    const int machines;
    const QTemporaryDir directory;  // on a disk: commits are what it is about
    tests::PrivateMariadb server{QStringList{QStringLiteral("--innodb-buffer-pool-size=256M"),
                                             QStringLiteral("--innodb-log-file-size=256M")},
                                 directory.path()};
    storage::sql::SqlDatabase::Options options;
    std::unique_ptr<storage::Database> database;
    std::shared_ptr<const domain::HashRing> ring =
        std::make_shared<domain::HashRing>(domain::RingSpec{20, 8'192, 1});
    services::Fleet fleet{ring};
    services::KnownBadClears clears;
};

int measure(int machines) {
    bench::Figures figures;
    Bench bench(machines);
    bench.enrol();
    for (int i = 0; i < machines; ++i)
        bench.fleet.enrol(factsOf(i), kClock.now());
    services::ReportWriter writer({*bench.database, bench.fleet, bench.clears,
                                   [](const std::vector<services::MachineView>&) {}, nullptr,
                                   static_cast<std::size_t>(machines)});
    writer.start();
    BareTable bare(*bench.options.server);
    const int rows = machines * kRowsPerReport / kBulkRows * kBulkRows;
    // Both once for the first rows; then what is there is replaced, in turn.
    (void)reportAll(writer, machines, 1);
    (void)bare.putAll(rows, 1);
    std::vector<double> ours;
    std::vector<double> theirs;
    for (int round = 0; round < kRounds; ++round) {
        const auto value = static_cast<std::uint64_t>(round) + 2;
        ours.push_back(machines * kRowsPerReport / reportAll(writer, machines, value));
        theirs.push_back(rows / bare.putAll(rows, value));
    }
    writer.stop();
    figures.print("report_rows_to_bulk_insert", median(ours) / median(theirs), bench::atLeast(0.4),
                  "ratio",
                  fmt::format("\"machines\": {}, \"rows_per_report\": {}, \"rows_per_second\": "
                              "{:.0f}, \"bulk_rows_per_second\": {:.0f}",
                              machines, kRowsPerReport, median(ours), median(theirs)));
    const double held = bench.bytesPerMachine(true);
    const double run = bench.bytesPerPresence();
    const double certificate = bench.bytesPerCertificate();
    figures.print("registered_machine_memory", held, bench::atMost(1'024), "bytes",
                  fmt::format("\"machines\": {}, \"agents\": {}, "
                              "\"without_agents\": {:.0f}, \"more_for_its_run\": {:.0f}, "
                              "\"more_for_its_certificate\": "
                              "{:.0f}",
                              machines, kAgents, bench.bytesPerMachine(false), run, certificate));
    return figures.exitCode();
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const int machines = argc > 1 ? std::atoi(argv[1]) : 20'000;
    if (machines < 1'000 || machines > 1'000'000) {
        std::fputs("bench_ingest takes 1000 to 1000000 machines\n", stderr);
        return 2;
    }
    try {
        return measure(machines);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_ingest: %s\n", error.what());
        return 2;
    }
}
