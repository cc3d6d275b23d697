// SPDX-License-Identifier: Apache-2.0
// A staged release over machines that are played, on a clock that the bench moves: how long it
// takes beside what its own soak times and polls make it take, and permits that are asked for from
// many threads while a gate halts it, and by all machines at once.
//
//     bench_release [--store sqlite|mariadb] [--cache memory|redis] [MACHINES]
#include <fmt/format.h>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "master/cache/redis_cache.h"
#include "tests/bench/support/figure.h"
#include "tests/fault/played_cluster.h"
#include "tests/support/private_mariadb.h"
#include "tests/support/private_redis.h"

namespace {

using namespace ifrit;
using std::chrono::seconds;
using tests::PlayedCluster;

constexpr seconds kPoll{30};
constexpr seconds kSoak{60};
constexpr seconds kInterval{60};
constexpr int kBatches = 4;  ///< of a played cluster
constexpr int kAskers = 8;
constexpr int kTries = 10'000;

/// What was asked for on the command line.
struct Asked {
    int machines = 1'000;
    bool isMariadb = false;
    bool isRedis = false;
};

std::optional<Asked> askedFor(const std::vector<std::string>& arguments) {
    Asked out;
    const auto chooses = [&](std::size_t& at, const char* option, const char* no, const char* yes,
                             bool& choice) {
        if (arguments[at] != option || at + 1 == arguments.size()) return false;
        const std::string& word = arguments[++at];
        choice = word == yes;
        return choice || word == no;
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (chooses(i, "--store", "sqlite", "mariadb", out.isMariadb) ||
            chooses(i, "--cache", "memory", "redis", out.isRedis))
            continue;
        out.machines = std::atoi(arguments[i].c_str());
        if (out.machines < 40 || out.machines > 100'000) return std::nullopt;
    }
    return out;
}

/// Where the clusters keep what they know: each begins with nothing.
class Stores {
public:
    explicit Stores(const Asked& asked) {
        if (asked.isMariadb) m_mariadb = std::make_unique<tests::PrivateMariadb>();
        if (asked.isRedis) m_redis = std::make_unique<tests::PrivateRedis>();
    }

    std::unique_ptr<PlayedCluster> cluster(int machines) {
        ++m_clusters;
        master::storage::sql::SqlDatabase::Options options;
        options.schema = master::storage::sql::SqlDatabase::Schema::Migrate;
        if (m_mariadb == nullptr) {
            options.file = m_directory.filePath(QString::number(m_clusters)).toStdString();
        } else {
            options.server.emplace();
            options.server->socket = m_mariadb->socket();
            options.server->database = m_mariadb->newDatabase();
            options.server->user = tests::PrivateMariadb::user();
            options.server->password = tests::PrivateMariadb::password();
            options.writers = 2;
        }
        std::unique_ptr<master::cache::StateCache> cache;
        if (m_redis != nullptr) {
            master::cache::RedisOptions redis;
            redis.socket = m_redis->socket();
            cache = std::make_unique<master::cache::RedisCache>(fmt::format("bench{}", m_clusters),
                                                                redis, "bench");
        }
        return std::make_unique<PlayedCluster>(
            std::move(options), machines, master::release::ClusterRules{}, kPoll, std::move(cache));
    }
    /// For a figure's line.
    std::string shown() const {
        return fmt::format("\"store\": \"{}\", \"cache\": \"{}\"",
                           m_mariadb == nullptr ? "sqlite" : "mariadb",
                           m_redis == nullptr ? "memory" : "redis");
    }

private:
    const QTemporaryDir m_directory;
    std::unique_ptr<tests::PrivateMariadb> m_mariadb;
    std::unique_ptr<tests::PrivateRedis> m_redis;
    int m_clusters = 0;
};

/// Each machine polls every kPoll at a second of its own; seconds until all run the new version.
double secondsToAll(PlayedCluster& cluster) {
    domain::ReleaseSpec spec = PlayedCluster::staged();
    spec.soak = kSoak;
    spec.batches.interval = kInterval;
    cluster.start(spec);
    const int all = static_cast<int>(cluster.machines.size());
    for (int second = 1; second < 3'600; ++second) {
        cluster.advance(seconds(1));
        for (std::size_t i = 0; i < cluster.machines.size(); ++i) {
            if ((static_cast<int>(i) + second) % kPoll.count() == 0)
                cluster.poll(*cluster.machines[i]);
        }
        if (cluster.running("2") == all) return second;
    }
    throw std::runtime_error("the release does not end");
}

void measureDuration(bench::Figures& figures, Stores& stores, int machines) {
    const auto played = stores.cluster(machines);
    PlayedCluster& cluster = *played;
    const double took = secondsToAll(cluster);
    // Gray and pilot soak, batches keep their distance, and the last machine has to ask once.
    const double limit =
        static_cast<double>((2 * kSoak + (kBatches - 1) * kInterval + kPoll).count());
    figures.print("release_t100_to_limit", took / limit, bench::atMost(1.25), "ratio",
                  fmt::format("\"machines\": {}, \"t100_s\": {}, \"limit_s\": {}, {}", machines,
                              took, limit, stores.shown()));
}

/// Every machine asks for ever; counts what was asked, and given, after the halt was seen.
class Askers {
public:
    explicit Askers(PlayedCluster& cluster) {
        for (const auto& machine : cluster.machines) {
            const auto wanted = domain::chosenEntries(machine->desired);
            if (!wanted.empty() && wanted[0].version == "2")
                m_questions.push_back({machine->uuid, wanted[0].agent, wanted[0].releaseId,
                                       wanted[0].version, wanted[0].manifestDigest});
        }
        if (m_questions.empty()) throw std::runtime_error("no machine is told to change");
        for (int i = 0; i < kAskers; ++i)
            m_threads.emplace_back([this, &cluster, i] { run(cluster, i); });
    }
    void halted() { m_halted = true; }
    void join() {
        for (std::thread& thread : m_threads)
            thread.join();
    }
    std::atomic<int> givenBefore{0};
    std::atomic<int> asked{0};
    std::atomic<int> given{0};

private:
    void run(PlayedCluster& cluster, int first) {
        for (auto i = static_cast<std::size_t>(first); asked < kTries; ++i) {
            const bool after = m_halted;
            const bool granted =
                cluster.services().engine().permit(m_questions[i % m_questions.size()]).granted;
            if (after) ++asked;
            if (granted) ++(after ? given : givenBefore);
        }
    }
    std::vector<master::release::PermitQuestion> m_questions;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_halted{false};
};

void measureHalt(bench::Figures& figures, Stores& stores, int machines) {
    const auto played = stores.cluster(machines);
    PlayedCluster& cluster = *played;
    domain::ReleaseSpec spec = PlayedCluster::staged();
    spec.batches.enabled = false;
    spec.pilot = {};
    spec.gray.uuids.clear();
    for (int i = 0; i < machines / 2; ++i)
        spec.gray.uuids.push_back("m" + std::to_string(i));
    const std::string id = cluster.start(spec);
    // They learn what to run, and only ask. The first one switches and fails.
    auto& bad = *cluster.machines.front();
    bad.fate = PlayedCluster::Fate::Reverts;
    for (std::size_t i = 1; i < cluster.machines.size(); ++i)
        cluster.learn(*cluster.machines[i]);
    Askers askers(cluster);
    while (askers.givenBefore < kAskers)
        std::this_thread::yield();
    cluster.poll(bad);
    while (cluster.services().engine().head(id).value()->release.state !=
           domain::ReleaseState::Halted)
        cluster.advance(seconds(1));
    askers.halted();
    askers.join();
    figures.print(
        "permits_after_halt", askers.given, bench::atMost(0), "permits",
        fmt::format("\"tries\": {}, \"threads\": {}, \"given_before\": {}, {}", askers.asked.load(),
                    kAskers, askers.givenBefore.load(), stores.shown()));
}

/// All machines at once ask to switch, without a limit: each permit is on disk before its answer.
void measurePermits(bench::Figures& figures, Stores& stores, int machines) {
    const auto played = stores.cluster(machines);
    PlayedCluster& cluster = *played;
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.version = "2";
    spec.machineTypes = {"LINUX"};
    cluster.start(spec);
    for (const auto& machine : cluster.machines)
        cluster.learn(*machine);
    std::atomic<int> given{0};
    std::vector<std::thread> threads;
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < kAskers; ++i) {
        threads.emplace_back([&cluster, &given, i] {
            for (std::size_t at = i; at < cluster.machines.size(); at += kAskers)
                given += cluster.ask(*cluster.machines[at]).granted ? 1 : 0;
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (given != machines) throw std::runtime_error("not every machine got its permit");
    // 10,000 machines that poll every 30 s and are all told at once.
    figures.print(
        "permits_per_second", machines / took.count(), bench::atLeast(330), "permits/s",
        fmt::format("\"machines\": {}, \"threads\": {}, {}", machines, kAskers, stores.shown()));
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const auto asked = askedFor({argv + 1, argv + argc});
    if (!asked) {
        std::fputs(
            "bench_release [--store sqlite|mariadb] [--cache memory|redis] [40 to 100000 "
            "machines]\n",
            stderr);
        return 2;
    }
    try {
        Stores stores(*asked);
        bench::Figures figures;
        measureDuration(figures, stores, asked->machines);
        measureHalt(figures, stores, asked->machines);
        measurePermits(figures, stores, asked->machines);
        return figures.exitCode();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "bench_release: %s\n", error.what());
        return 2;
    }
}
