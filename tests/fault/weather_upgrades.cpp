// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/weather_upgrades.h"

#include <atomic>
#include <fstream>
#include <random>
#include <stdexcept>
#include <thread>

#include "tests/support/fault_row.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

/// Most of the time is spent in back-off.
constexpr int kWorkers = 12;
// A line that swallows everything is given up by keepalive, or by the bound of a transfer: after a
// minute. Longer than that, and for what is fetched again then.
constexpr std::chrono::seconds kPatience{100};

/// What ran at first runs, or it was switched from.
bool runsOn(const FaultMachine& machine, const agent::journal::AgentRecord& old) {
    const auto now = machine.record();
    return now.step || now.current != old.current || now.process == old.process;
}

bool runsSomething(const FaultMachine& machine) {
    return waitUntil([&] { return machine.isSettled("1") || machine.isSettled("2"); });
}

}  // namespace

WeatherUpgrades::WeatherUpgrades() {
    m_scene.packages.probeFailures = kPatientProbe;
    m_scene.packages.probeInterval = kSeldomProbed;
    const TestPackage old = m_scene.packages.make("1", "hang");
    m_scene.packages.probeInterval = "100ms";
    const fs::path files = m_scene.packages.sourceOf("2") / "files";
    fs::create_directories(files);
    std::mt19937 random(1);
    std::ofstream blob(files / "blob", std::ios::binary);
    for (std::size_t i = 0; i < kArchiveBytes; ++i)
        blob.put(static_cast<char>(random()));
    blob.close();
    m_new = m_scene.packages.make("2", "hang");
    const auto machine = m_scene.machine("old");
    m_scene.master.want("old", installOf(old));
    const auto agent = machine->start();
    const bool settled = waitUntil([&] { return machine->isSettled("1"); });
    if (!settled || agent->end() != 0) throw std::runtime_error(machine->logText());
    m_image = machine->layout().root();
}

std::unique_ptr<ChildProcess> WeatherUpgrades::begin(FaultMachine& machine) {
    machine.resetTo(m_image);
    m_scene.master.enrol(machine.uuid(), machine.layout().root());
    m_scene.master.want(machine.uuid(), installOf(m_new));
    m_scene.master.forgetDownloads(machine.uuid());
    return machine.start();
}

std::string WeatherUpgrades::arrives(const FaultMachine& machine, ChildProcess& agent) const {
    if (!waitUntil([&] { return machine.isSettled("2"); }, kPatience)) return "did not arrive";
    agent.end();
    return machine.inconsistency();
}

std::string WeatherUpgrades::endFirst(FaultMachine& machine, ChaosProxy& proxy,
                                      const Weather& weather) {
    proxy.set(weather);
    const int before = proxy.connections();
    const auto agent = begin(machine);
    if (!runsSomething(machine)) return "the old version was not started";
    const auto old = machine.record();
    // The second connection is the one that is made because the first is gone.
    const bool met = waitUntil([&] { return proxy.connections() > before + 1; }, kPatience);
    if (!met) return "did not try again";
    if (!runsOn(machine, old)) return "the old version was stopped";
    proxy.set({});
    const std::string wrong = arrives(machine, *agent);
    return wrong.empty() ? resumed(machine, weather) : wrong;
}

std::string WeatherUpgrades::resumed(const FaultMachine& machine, const Weather& weather) const {
    // What had arrived and was not read yet goes with a reset: that may be all of it.
    if (weather.end == Weather::End::Reset) return {};
    const std::vector<std::uint64_t> begins = m_scene.master.downloads(machine.uuid());
    if (begins.size() < 2) return {};  // the end came before the archive
    // TLS and what came before the archive are in the count of bytes, so there is less of it.
    constexpr std::uint64_t kOther = 200'000;
    if (weather.endAfter < kOther || begins.back() > 0) return {};
    return "fetched everything again";
}

std::string WeatherUpgrades::flap(FaultMachine& machine, ChaosProxy& proxy,
                                  std::chrono::milliseconds period) {
    constexpr int kTurns = 12;
    const Weather down{Weather::End::Reset, 0, 0, {}};
    proxy.set(down);
    const auto agent = begin(machine);
    if (!runsSomething(machine)) return "the old version was not started";
    const auto old = machine.record();
    for (int turn = 0; turn < kTurns; ++turn) {
        proxy.set(turn % 2 == 0 ? Weather() : down);
        proxy.resetAll();
        bool stopped = false;
        waitUntil([&] { return stopped = !runsOn(machine, old); }, period);
        if (stopped) return "the old version was stopped";
    }
    proxy.set({});
    return arrives(machine, *agent);
}

std::string WeatherUpgrades::endure(FaultMachine& machine, ChaosProxy& proxy,
                                    const Weather& weather) {
    proxy.set(weather);
    const auto agent = begin(machine);
    if (!runsSomething(machine)) return "the old version was not started";
    const auto old = machine.record();
    bool stopped = false;
    waitUntil(
        [&] {
            stopped = !runsOn(machine, old);
            return stopped || machine.isSettled("2");
        },
        kPatience);
    if (stopped) return "the old version was stopped";
    if (const std::string wrong = arrives(machine, *agent); !wrong.empty()) return wrong;
    return m_scene.master.downloads(machine.uuid()).size() == 1 ? "" : "was fetched more than once";
}

std::vector<std::pair<std::string, WeatherUpgrades::Case>> WeatherUpgrades::endsEvery(
    std::size_t step, Weather::End end) {
    std::vector<std::pair<std::string, Case>> cases;
    for (std::size_t at = 0; at < kArchiveBytes; at += step) {
        const Weather weather{end, at, 0, {}};
        cases.emplace_back("after " + std::to_string(at) + " bytes",
                           [this, weather](FaultMachine& machine, ChaosProxy& proxy) {
                               return endFirst(machine, proxy, weather);
                           });
    }
    return cases;
}

std::vector<std::string> WeatherUpgrades::tryAll(
    const std::string& name, const std::vector<std::pair<std::string, Case>>& cases) {
    std::atomic<std::size_t> next{0};
    m_failures.clear();
    std::vector<std::thread> workers;
    for (int i = 0; i < kWorkers; ++i) {
        workers.emplace_back([&, i] {
            const std::string uuid = "w" + std::to_string(i);
            ChaosProxy proxy(m_scene.master.port());
            FaultMachine machine(m_scene.directory.path() / uuid, uuid, proxy.port());
            for (std::size_t at = next++; at < cases.size(); at = next++) {
                const std::string wrong = cases[at].second(machine, proxy);
                if (wrong.empty()) continue;
                const std::lock_guard lock(m_mutex);
                m_failures.push_back(name + ' ' + cases[at].first + ": " + wrong + '\n' +
                                     machine.logText());
            }
        });
    }
    for (std::thread& worker : workers)
        worker.join();
    const int total = int(cases.size());
    printFaultRow("D7", name, total - int(m_failures.size()), total, "points of an upgrade");
    return m_failures;
}

}  // namespace ifrit::tests
