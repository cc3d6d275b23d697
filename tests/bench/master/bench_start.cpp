// SPDX-License-Identifier: Apache-2.0
// The start of a release of a large cluster: how long it takes, and how long others wait for the
// release engine and for the database meanwhile.
//
//     bench_start sqlite|mariadb [MACHINES [ROWS_AT_ONCE]]
#include <fmt/format.h>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "master/services/release_engine.h"
#include "master/storage/sql/sql_database.h"
#include "shared/base/status.h"
#include "tests/bench/support/figure.h"
#include "tests/support/private_mariadb.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

const base::SystemClock kClock;
const Caller kAda{"ada", "[::1]:1", "bench", "", "because"};
constexpr double kLongestWait = 1;  ///< seconds

void orThrow(const absl::Status& status) {
    if (!status.ok()) throw std::runtime_error(base::messageOf(status));
}

double secondsOf(const std::function<absl::Status()>& work) {
    const auto begun = kClock.steadyNow();
    orThrow(work());
    return std::chrono::duration<double>(kClock.steadyNow() - begun).count();
}

storage::PackageRecord packageOf(const std::string& agent, const std::string& type, char mark) {
    storage::PackageRecord out;
    out.agent = agent;
    out.version = "2";
    out.machineTypes = {type};
    out.manifestDigest = out.archiveDigest = std::string(64, mark);
    out.archiveBytes = 1'000;
    out.keyId = "key";
    out.publishedBy = "ada";
    out.signature = "s";
    return out;
}

std::string uuidOf(int machine) {
    return fmt::format("0d5c5c1e-0000-4000-8000-{:012d}", machine);
}

MachineReport reportOf(int machine, std::uint64_t seq) {
    MachineReport out;
    out.uuid = uuidOf(machine);
    out.streamId = "s";
    out.seq = seq;
    out.receivedAt = kClock.now();
    out.agents.resize(1);
    out.agents[0].agent = "logd";
    out.agents[0].runningVersion = "1";
    out.agents[0].runningDigest = std::string(64, '1');
    out.agents[0].state = domain::MachineState::Healthy;
    return out;
}

void fill(storage::Database& database, int machines) {
    orThrow(database.transact([&](storage::Transaction& in) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(in.packages().put(packageOf("logd", "LINUX", '2')));
        IFRIT_RETURN_IF_ERROR(in.packages().put(packageOf("exporter", "CONTAINER", '3')));
        for (int i = 0; i < machines; ++i) {
            domain::MachineFacts facts;
            facts.uuid = uuidOf(i);
            facts.machineType = i == 0 ? "CONTAINER" : "LINUX";
            IFRIT_RETURN_IF_ERROR(in.machines().enrol(facts, kClock.now()));
            IFRIT_RETURN_IF_ERROR(in.machines().putReport(reportOf(i, 1)));
        }
        return absl::OkStatus();
    }));
}

/// One master's release engine.
struct Engine {
    Engine(storage::Database& db, int machines, std::size_t rows) : database(db), rowsAtOnce(rows) {
        std::vector<StoredMachine> all;
        orThrow(database.read([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(
                all, in.machines().list({}, "", static_cast<std::size_t>(machines) + 1));
            return absl::OkStatus();
        }));
        fleet.load(all, kClock.now(), {std::chrono::hours(1)});
        orThrow(engine.recover());
    }
    std::string draft(const domain::ReleaseSpec& spec) {
        const auto made = engine.create(kAda, spec);
        orThrow(made.status());
        return made->release.id;
    }
    absl::Status start(const std::string& id) {
        IFRIT_ASSIGN_OR_RETURN(const auto plan, engine.plan(id));
        return engine.act(kAda, id, domain::ReleaseVerb::Start, plan.id).status();
    }
    absl::Status act(const std::string& id, domain::ReleaseVerb verb) {
        return engine.act(kAda, id, verb, "").status();
    }

    storage::Database& database;
    const std::size_t rowsAtOnce;
    master::audit::AuditTrail trail{"bench"};
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{20, 1'000, 1})};
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    ReleaseEngine engine{{database,
                          trail,
                          fleet,
                          published,
                          events,
                          clears,
                          kClock,
                          [] {},
                          std::chrono::seconds(30),
                          false,
                          nullptr,
                          {},
                          {},
                          {},
                          rowsAtOnce}};
};

/// What somebody waits at most who does the same again and again.
class Waiter {
public:
    explicit Waiter(std::function<absl::Status(int)> work)
        : m_work(std::move(work)), m_thread([this] {
              for (int i = 0; !m_isOver; ++i)
                  m_longest = std::max(m_longest, secondsOf([&] { return m_work(i); }));
          }) {}
    ~Waiter() { (void)longest(); }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    double longest() {
        m_isOver = true;
        if (m_thread.joinable()) m_thread.join();
        return m_longest;
    }

private:
    const std::function<absl::Status(int)> m_work;
    std::atomic<bool> m_isOver{false};
    double m_longest = 0;
    std::thread m_thread;
};

domain::ReleaseSpec specOf(const std::string& agent, const std::string& type) {
    domain::ReleaseSpec out;
    out.agent = agent;
    out.version = "2";
    out.machineTypes = {type};
    return out;
}

/// With 10,000 on its gray list and in batches, or all at once.
void measure(bench::Figures& figures, storage::Database& database, int machines, bool isStaged,
             std::size_t rows) {
    Engine of(database, machines, rows);
    domain::ReleaseSpec one = specOf("exporter", "CONTAINER");
    one.gray.uuids = {uuidOf(0)};
    const std::string other = of.draft(one);
    orThrow(of.start(other));
    domain::ReleaseSpec spec = specOf("logd", "LINUX");
    if (isStaged) {
        for (int i = 1; i <= std::min(machines / 2, 10'000); ++i)
            spec.gray.uuids.push_back(uuidOf(i));
        spec.batches.enabled = true;
    }
    const std::string id = of.draft(spec);
    const std::string plan = of.engine.plan(id).value().id;
    double took = 0;
    double verb = 0;
    double store = 0;
    {
        Waiter verbs([&](int i) {
            return of.act(other,
                          i % 2 == 0 ? domain::ReleaseVerb::Pause : domain::ReleaseVerb::Resume);
        });
        std::uint64_t seq = 1;
        Waiter reports([&](int) {
            const auto report = reportOf(machines - 1, ++seq);
            return database.transact(
                [&](storage::Transaction& in) { return in.machines().putReport(report); });
        });
        took = secondsOf([&]() -> absl::Status {
            return of.engine.act(kAda, id, domain::ReleaseVerb::Start, plan).status();
        });
        verb = verbs.longest();
        store = reports.longest();
    }
    const std::string more = fmt::format("\"machines\": {}, \"gray\": {}, \"start_s\": {:.2f}",
                                         machines, spec.gray.uuids.size(), took);
    figures.print("verb_beside_a_start", verb, bench::atMost(kLongestWait), "s", more);
    figures.print("report_beside_a_start", store, bench::atMost(kLongestWait), "s", more);
    orThrow(of.act(id, domain::ReleaseVerb::Abort));
    orThrow(of.act(other, domain::ReleaseVerb::Abort));
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::string_view store = argc > 1 ? argv[1] : "";
    const int machines = argc > 2 ? std::atoi(argv[2]) : 50'000;
    const int rows = argc > 3 ? std::atoi(argv[3]) : 2'000;
    if ((store != "sqlite" && store != "mariadb") || machines < 100 || machines > 200'000 ||
        rows < 1) {
        std::fputs("bench_start sqlite|mariadb [100 to 200000 machines [rows at once]]\n", stderr);
        return 2;
    }
    try {
        const QTemporaryDir directory;  // on a disk: commits are what it is about
        std::unique_ptr<tests::PrivateMariadb> server;
        storage::sql::SqlDatabase::Options options;
        options.schema = storage::sql::SqlDatabase::Schema::Migrate;
        if (store == "mariadb") {
            server = std::make_unique<tests::PrivateMariadb>(QStringList{}, directory.path());
            options.server.emplace();
            options.server->socket = server->socket();
            options.server->database = server->newDatabase();
            options.server->user = tests::PrivateMariadb::user();
            options.server->password = tests::PrivateMariadb::password();
            options.writers = 2;
        } else {
            options.file = directory.filePath(QStringLiteral("f.db")).toStdString();
        }
        const auto database = storage::sql::SqlDatabase::open(options, kClock).value();
        fill(*database, machines);
        bench::Figures figures;
        for (const bool isStaged : {false, true})
            measure(figures, *database, machines, isStaged, static_cast<std::size_t>(rows));
        return figures.exitCode();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_start: %s\n", error.what());
        return 2;
    }
}
