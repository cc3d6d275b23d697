// SPDX-License-Identifier: Apache-2.0
// What each engine does with the writes of a large cluster: commits by one caller and by many, and
// a hundred thousand machines' last contacts and new runs, rows of a release, and a start that
// reads them all.
//
//     bench_storage sqlite|mariadb [MACHINES]
#include <QCoreApplication>
#include <QTemporaryDir>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master::storage;

namespace {

const base::SystemClock kClock;

double secondsOf(const std::function<absl::Status()>& work) {
    const auto begun = kClock.steadyNow();
    if (const absl::Status status = work(); !status.ok()) {
        std::fprintf(stderr, "bench_storage: %s\n", base::messageOf(status).c_str());
        std::exit(1);
    }
    return std::chrono::duration<double>(kClock.steadyNow() - begun).count();
}

void print(const char* engine, const char* what, double count, double seconds) {
    std::printf(
        "{\"engine\":\"%s\",\"what\":\"%s\",\"count\":%.0f,\"seconds\":%.2f,\"per_second\":%.0f}\n",
        engine, what, count, seconds, count / seconds);
    std::fflush(stdout);
}

absl::Status commits(Database& database, int count) {
    for (int i = 0; i < count; ++i) {
        IFRIT_RETURN_IF_ERROR(database.transact(
            [](Transaction& t) { return t.desired().nextGeneration().status(); }));
    }
    return absl::OkStatus();
}

std::vector<std::string> uuidsOf(int machines) {
    std::vector<std::string> out;
    char uuid[32];
    for (int i = 0; i < machines; ++i) {
        std::snprintf(uuid, sizeof uuid, "machine-%07d", i);
        out.emplace_back(uuid);
    }
    return out;
}

absl::Status enrolAll(Database& database, const std::vector<std::string>& uuids) {
    return database.transact([&](Transaction& t) -> absl::Status {
        for (const std::string& uuid : uuids) {
            domain::MachineFacts facts;
            facts.uuid = uuid;
            facts.machineType = "LINUX";
            IFRIT_RETURN_IF_ERROR(t.machines().enrol(facts, kClock.now()));
            MachineReport report;
            report.uuid = uuid;
            report.streamId = "s";
            report.seq = 1;
            report.receivedAt = kClock.now();
            report.agents.resize(1);
            report.agents[0].agent = "exporter";
            IFRIT_RETURN_IF_ERROR(t.machines().putReport(report));
        }
        return absl::OkStatus();
    });
}

absl::Status touchAll(Database& database, const std::vector<std::string>& uuids) {
    std::vector<MachineStore::LastSeen> seen;
    for (const std::string& uuid : uuids)
        seen.push_back({uuid, kClock.now() + std::chrono::seconds(1)});
    return database.transact([&](Transaction& t) { return t.machines().putLastSeen(seen); });
}

/// All of them restarted at once, or came to another master.
absl::Status tellAll(Database& database, const std::vector<std::string>& uuids) {
    std::vector<PresenceRecord> rows(uuids.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uuid = uuids[i];
        rows[i].instance = 0x9e37'79b9'7f4a'7c15U * (i + 1);
        rows[i].address = "10.0.0.1:40312";
        rows[i].since = rows[i].seen = kClock.now();
    }
    return database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.presences().findAll(uuids).status());
        return t.presences().put(rows);
    });
}

absl::Status releaseAll(Database& database, const std::vector<std::string>& uuids) {
    master::release::Model model;
    model.release.id = "r-1";
    model.release.number = 1;
    std::vector<master::release::MachineProgress> rows(uuids.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].uuid = uuids[i];
    return database.transact([&](Transaction& t) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(t.releases().put(model));
        return t.releases().putProgress("r-1", rows);
    });
}

absl::Status readAll(Database& database, std::size_t expected) {
    return database.read([&](Transaction& t) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto all, t.machines().list({}, "", expected + 1));
        return all.size() == expected ? absl::OkStatus()
                                      : absl::InternalError("machines are missing");
    });
}

void measure(const char* engine, Database& database, int machines) {
    constexpr int kCommits = 2'000;
    constexpr int kThreads = 8;
    print(engine, "commits by one caller", kCommits,
          secondsOf([&] { return commits(database, kCommits); }));
    print(engine, "commits by eight callers", kThreads * kCommits / 4, secondsOf([&] {
              std::vector<std::thread> threads;
              for (int i = 0; i < kThreads; ++i)
                  threads.emplace_back([&] { (void)commits(database, kCommits / 4); });
              for (std::thread& thread : threads)
                  thread.join();
              return absl::OkStatus();
          }));
    const auto uuids = uuidsOf(machines);
    print(engine, "machines enrolled and reported", machines,
          secondsOf([&] { return enrolAll(database, uuids); }));
    print(engine, "last contacts", machines, secondsOf([&] { return touchAll(database, uuids); }));
    print(engine, "machines whose runs are new", machines,
          secondsOf([&] { return tellAll(database, uuids); }));
    print(engine, "rows of a release", machines,
          secondsOf([&] { return releaseAll(database, uuids); }));
    print(engine, "machines read", machines,
          secondsOf([&] { return readAll(database, uuids.size()); }));
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::string_view engine = argc > 1 ? argv[1] : "";
    const int machines = argc > 2 ? std::atoi(argv[2]) : 100'000;
    if (engine != "sqlite" && engine != "mariadb") {
        std::fputs("bench_storage sqlite|mariadb [MACHINES]\n", stderr);
        return 2;
    }
    const QTemporaryDir directory;  // on a disk: commits are what it is about
    std::unique_ptr<tests::PrivateMariadb> server;
    sql::SqlDatabase::Options options;
    options.schema = sql::SqlDatabase::Schema::Migrate;
    if (engine == "mariadb") {
        server = std::make_unique<tests::PrivateMariadb>(
            QStringList{QStringLiteral("--innodb-buffer-pool-size=256M"),
                        QStringLiteral("--innodb-log-file-size=256M")},
            directory.path());
        options.server.emplace();
        options.server->socket = server->socket();
        options.server->database = server->newDatabase();
        options.server->user = tests::PrivateMariadb::user();
        options.server->password = tests::PrivateMariadb::password();
        options.writers = 2;
    } else {
        options.file = directory.filePath(QStringLiteral("f.db")).toStdString();
    }
    const auto database = sql::SqlDatabase::open(options, kClock);
    if (!database.ok()) {
        std::fprintf(stderr, "bench_storage: %s\n", base::messageOf(database.status()).c_str());
        return 1;
    }
    measure(argv[1], **database, machines);
    return 0;
}
