// SPDX-License-Identifier: Apache-2.0
// FAULTS.md D7: bad weather between a real ifrit-agent and its master while it upgrades. What runs
// goes on running, and what had arrived of the new version is not fetched again.
#include <QtTest/QtTest>
#include <atomic>
#include <mutex>
#include <random>
#include <thread>

#include "tests/agent/support/wait_until.h"
#include "tests/fault/fault_machine.h"
#include "tests/support/chaos_proxy.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

constexpr int kWorkers = 8;
constexpr std::size_t kArchiveBytes = 1'500'000;  ///< about; what cannot be compressed
constexpr std::size_t kStep = 50'000;
// A line that swallows everything is given up by keepalive, or by the bound of a transfer: after a
// minute. Longer than that, and for what is fetched again then.
constexpr std::chrono::seconds kPatience{100};

}  // namespace

class NetworkFaultsTest : public QObject {
    Q_OBJECT

    FaultDirectory m_directory;
    PackageFactory m_packages{m_directory.path() / "packages", MISBEHAVING_AGENT};
    WireMaster m_master{m_packages.directory()};
    fs::path m_image;
    TestPackage m_new;
    std::mutex m_mutex;
    QStringList m_failures;

    /// "" or what is wrong.
    std::string upgrade(FaultMachine& machine, ChaosProxy& proxy, const Weather& weather) {
        machine.resetTo(m_image);
        m_master.enrol(machine.uuid(), machine.layout().root());
        m_master.want(machine.uuid(), installOf(m_new));
        m_master.forgetDownloads(machine.uuid());
        proxy.set(weather);
        const int before = proxy.connections();
        const auto agent = machine.start();
        if (!waitUntil([&] { return machine.isSettled("1") || machine.isSettled("2"); }))
            return "the old version was not started";
        const auto old = machine.record();
        // The second connection is the one that is made because the first is gone.
        const bool met = waitUntil([&] { return proxy.connections() > before + 1; }, kPatience);
        if (!met) return "did not try again";
        const auto now = machine.record();
        const bool switches = now.step || now.current != old.current;
        if (!switches && now.process != old.process) return "the old version was stopped";
        proxy.set({});
        if (!waitUntil([&] { return machine.isSettled("2"); }, kPatience)) return "did not arrive";
        agent->end();
        if (const std::string wrong = machine.inconsistency(); !wrong.empty()) return wrong;
        return resumed(machine, weather);
    }

    std::string resumed(const FaultMachine& machine, const Weather& weather) const {
        // What had arrived and was not read yet goes with a reset: that may be all of it.
        if (weather.end == Weather::End::Reset) return {};
        const std::vector<std::uint64_t> begins = m_master.downloads(machine.uuid());
        if (begins.size() < 2) return {};  // the end came before the archive
        // TLS and what came before the archive are in the count of bytes, so there is less of it.
        constexpr std::uint64_t kOther = 200'000;
        if (weather.endAfter < kOther || begins.back() > 0) return {};
        return "fetched everything again";
    }

    void tryAll(const std::string& name, const std::vector<Weather>& weathers) {
        std::atomic<std::size_t> next{0};
        m_failures.clear();
        std::vector<std::thread> workers;
        for (int i = 0; i < kWorkers; ++i) {
            workers.emplace_back([&, i] {
                const std::string uuid = "w" + std::to_string(i);
                ChaosProxy proxy(m_master.port());
                FaultMachine machine(m_directory.path() / uuid, uuid, proxy.port());
                for (std::size_t at = next++; at < weathers.size(); at = next++) {
                    const std::string wrong = upgrade(machine, proxy, weathers[at]);
                    if (wrong.empty()) continue;
                    const std::lock_guard lock(m_mutex);
                    m_failures << QString::fromStdString(
                        name + " after " + std::to_string(weathers[at].endAfter) +
                        " bytes: " + wrong + '\n' + machine.logText());
                }
            });
        }
        for (std::thread& worker : workers)
            worker.join();
        const int total = int(weathers.size());
        printFaultRow("D7", name, total - int(m_failures.size()), total, "points of an upgrade");
        for (const QString& failure : m_failures)
            std::fputs(qPrintable(failure), stderr);
        QVERIFY(m_failures.isEmpty());
    }

    static std::vector<Weather> endsEvery(std::size_t step, Weather::End end) {
        std::vector<Weather> weathers;
        for (std::size_t at = 0; at < kArchiveBytes; at += step)
            weathers.push_back({end, at, 0, {}});
        return weathers;
    }

private Q_SLOTS:
    void initTestCase() {
        m_packages.probeFailures = kPatientProbe;
        const TestPackage old = m_packages.make("1", "hang");
        const fs::path files = m_packages.directory() / "source-2/files";
        fs::create_directories(files);
        std::mt19937 random(1);
        std::ofstream blob(files / "blob", std::ios::binary);
        for (std::size_t i = 0; i < kArchiveBytes; ++i)
            blob.put(static_cast<char>(random()));
        blob.close();
        m_new = m_packages.make("2", "hang");
        FaultMachine machine(m_directory.path() / "old", "old", m_master.port());
        m_packages.trustOn(machine.layout().root());
        m_master.enrol("old", machine.layout().root());
        m_master.want("old", installOf(old));
        const auto agent = machine.start();
        QVERIFY(waitUntil([&] { return machine.isSettled("1"); }));
        QCOMPARE(agent->end(), 0);
        m_image = machine.layout().root();
    }

    void cut() { tryAll("cut", endsEvery(kStep, Weather::End::Cut)); }
    void reset() { tryAll("reset", endsEvery(kStep, Weather::End::Reset)); }
    void blackHole() { tryAll("black hole", endsEvery(4 * kStep, Weather::End::BlackHole)); }
};

}  // namespace ifrit::tests

using ifrit::tests::NetworkFaultsTest;
QTEST_GUILESS_MAIN(NetworkFaultsTest)
#include "tst_network_faults.moc"
