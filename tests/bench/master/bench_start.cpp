// SPDX-License-Identifier: Apache-2.0
// Verbs of a release of a large cluster that touch each of its machines: how long they take, and
// how long others wait for the release engine and for the database meanwhile.
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
    /// So many of its machines say that they run it.
    void move(const std::string& id, int machines) {
        std::vector<MachineView> views;
        for (int i = 1; i <= machines; ++i) {
            MachineReport report = reportOf(i, 2);
            report.agents[0].runningVersion = "2";
            report.agents[0].runningDigest = std::string(64, '2');
            report.agents[0].releaseId = id;
            views.push_back(fleet.apply(report));
        }
        engine.onMachines(views);
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

/// What else goes on in a cluster while a verb of a large release is stored.
class Beside {
public:
    Beside(bench::Figures& figures, storage::Database& database, Engine& engine, int machines)
        : m_figures(figures), m_database(database), m_engine(engine), m_machines(machines) {
        domain::ReleaseSpec one = specOf("exporter", "CONTAINER");
        one.gray.uuids = {uuidOf(0)};
        m_other = m_engine.draft(one);
        orThrow(m_engine.start(m_other));
    }
    ~Beside() { (void)m_engine.act(m_other, domain::ReleaseVerb::Abort); }
    Beside(const Beside&) = delete;
    Beside& operator=(const Beside&) = delete;

    /// "verb_beside_abort" and its like: how long verbs of other releases, and reports, wait.
    void measure(const std::string& name, std::size_t gray,
                 const std::function<absl::Status()>& work) {
        double took = 0;
        double verb = 0;
        double store = 0;
        {
            Waiter verbs([&](int) {
                m_isPaused = !m_isPaused;
                return m_engine.act(
                    m_other, m_isPaused ? domain::ReleaseVerb::Pause : domain::ReleaseVerb::Resume);
            });
            Waiter reports([&](int) {
                const auto report = reportOf(m_machines - 1, ++m_seq);
                return m_database.transact(
                    [&](storage::Transaction& in) { return in.machines().putReport(report); });
            });
            took = secondsOf(work);
            verb = verbs.longest();
            store = reports.longest();
        }
        const std::string more =
            fmt::format(R"("machines": {}, "gray": {}, "took_s": {:.2f})", m_machines, gray, took);
        m_figures.print("verb_beside_" + name, verb, bench::atMost(kLongestWait), "s", more);
        m_figures.print("report_beside_" + name, store, bench::atMost(kLongestWait), "s", more);
    }

private:
    bench::Figures& m_figures;
    storage::Database& m_database;
    Engine& m_engine;
    const int m_machines;
    std::string m_other;
    bool m_isPaused = false;
    std::uint64_t m_seq = 1;
};

enum class Ends { Abort, AbortMoved, Rollback };

/// With 10,000 on its gray list and in batches, or all at once.
void measure(bench::Figures& figures, storage::Database& database, int machines, bool isStaged,
             std::size_t rows, Ends ends) {
    Engine of(database, machines, rows);
    Beside beside(figures, database, of, machines);
    domain::ReleaseSpec spec = specOf("logd", "LINUX");
    if (isStaged) {
        for (int i = 1; i <= std::min(machines / 2, 10'000); ++i)
            spec.gray.uuids.push_back(uuidOf(i));
        spec.batches.enabled = true;
    }
    const std::string id = of.draft(spec);
    const std::string plan = of.engine.plan(id).value().id;
    const std::size_t gray = spec.gray.uuids.size();
    beside.measure("a_start", gray, [&] {
        return of.engine.act(kAda, id, domain::ReleaseVerb::Start, plan).status();
    });
    if (isStaged) {
        beside.measure("promote_all", gray,
                       [&] { return of.act(id, domain::ReleaseVerb::PromoteAll); });
    }
    if (ends == Ends::AbortMoved) of.move(id, machines / 2);
    const auto verb =
        ends == Ends::Rollback ? domain::ReleaseVerb::Rollback : domain::ReleaseVerb::Abort;
    const std::string name = ends == Ends::Rollback     ? "a_rollback"
                             : ends == Ends::AbortMoved ? "an_abort_of_moved"
                                                        : "an_abort";
    beside.measure(name, gray, [&] { return of.act(id, verb); });
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
        const auto atOnce = static_cast<std::size_t>(rows);
        measure(figures, *database, machines, false, atOnce, Ends::Abort);
        measure(figures, *database, machines, true, atOnce, Ends::AbortMoved);
        // Last: it rolls back until machines say that they have.
        measure(figures, *database, machines, true, atOnce, Ends::Rollback);
        return figures.exitCode();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_start: %s\n", error.what());
        return 2;
    }
}
