// SPDX-License-Identifier: Apache-2.0
// faults.md D3, without an injector: the root of the real ifrit-agent on a file system of its own
// that runs full in the middle of an upgrade, with each amount of room left.
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <QTest>
#include <atomic>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <sstream>
#include <thread>

#include "tests/fault/fault_scene.h"
#include "tests/support/fault_row.h"
#include "tests/support/sized_disk.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

namespace {

constexpr int kFullDisksAtOnce = 6;
/// Between nothing at all and more than the upgrade writes.
constexpr std::uint64_t kStep = 32 * 1024;
constexpr std::uint64_t kMostLeft = 640 * 1024;
/// Also more than what a switch wants to stay free.
constexpr std::uint64_t kPlenty = 8 * 1024 * 1024;
constexpr std::uint64_t kAmounts = kMostLeft / kStep + 2;

std::uint64_t amount(std::uint64_t index) {
    return index + 1 < kAmounts ? index * kStep : kPlenty;
}

/// By the system in the midst of it, or before the switch, which wants some room to stay free.
bool tellsFullDisk(const std::string& text) {
    return text.find("No space left on device") != std::string::npos ||
           text.find("bytes of disk beside the running version") != std::string::npos;
}
constexpr std::size_t kBlobBytes = 150'000;  ///< what cannot be compressed, of the new version
constexpr char kSize[] = "size=16m";

/// One machine on a disk of its own.
class Disk {
public:
    Disk(const fs::path& directory, const fs::path& image) : m_path(directory) {
        fs::create_directories(m_path);
        if (::mount("ifrit-test", m_path.c_str(), "tmpfs", 0, kSize) != 0)
            throw std::runtime_error("no tmpfs at " + m_path.string());
        ChildProcess copy({"/bin/cp", "-aT", image.string(), m_path.string()}, "/dev/null");
        if (copy.wait() != 0) throw std::runtime_error("cannot copy the image");
    }
    ~Disk() { ::umount2(m_path.c_str(), MNT_DETACH); }
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;

private:
    const fs::path m_path;
};

}  // namespace

class FullDiskTest : public QObject {
    Q_OBJECT

    std::unique_ptr<FaultScene> m_scene;
    fs::path m_image;
    TestPackage m_new;
    std::mutex m_mutex;
    std::map<std::string, std::function<void()>> m_fill;  ///< when the archive is asked for
    QStringList m_failures;
    std::atomic<int> m_full{0};

    /// "" or what is wrong with `left` bytes of room.
    std::string upgrade(const std::string& uuid, std::uint64_t left) {
        const fs::path directory = m_scene->directory.path() / uuid;
        const Disk disk(directory / "root", m_image);
        Filler filler(directory / "root");
        FaultMachine machine(directory, uuid, m_scene->master.port());
        m_scene->master.enrol(uuid, machine.layout().root());
        m_scene->master.want(uuid, installOf(m_new));
        {
            const std::lock_guard lock(m_mutex);
            m_fill[uuid] = [&] { filler.leave(left); };
        }
        auto agent = machine.start();
        // What an operator reads on the machine.
        const auto isFull = [&] { return tellsFullDisk(machine.logText()); };
        if (!waitUntil([&] { return agent->poll() || isFull() || machine.isSettled("2"); }))
            return "nothing was said and nothing was reached";
        if (!agent->poll() && !isFull()) {
            if (machine.record().current->version != "2") return "stopped for no reason";
        } else {
            ++m_full;
            if (const std::string wrong = machine.inconsistencyOnDisk(); !wrong.empty())
                return "while it is full: " + wrong;
            if (agent->poll()) return "ended";
            const auto isTold = [&] {
                const auto report = m_scene->master.report(uuid, "exporter");
                return report.lastError && tellsFullDisk(report.lastError->message);
            };
            if (!waitUntil(isTold)) return "the master is not told";
            if (machine.managed().size() != 1) return "the old version was stopped";
        }
        filler.remove();
        const bool arrived = waitUntil([&] {
            if (agent->poll()) agent = machine.start();
            return machine.isSettled("2");
        });
        if (!arrived) return "does not recover";
        if (agent->end() != 0) return "does not end when asked";
        const std::string wrong = machine.inconsistency();
        machine.killManaged();
        return wrong;
    }

    void work(int worker, std::atomic<std::uint64_t>& next) {
        for (std::uint64_t index = next++; index < kAmounts; index = next++) {
            const std::uint64_t left = amount(index);
            const std::string uuid = fmt::format("w{}-{}", worker, left);
            std::string wrong;
            try {
                wrong = upgrade(uuid, left);
            } catch (const std::exception& error) {
                wrong = error.what();
            }
            if (wrong.empty()) continue;
            const std::lock_guard lock(m_mutex);
            std::ostringstream log;
            log << std::ifstream(m_scene->directory.path() / uuid / "agent.log").rdbuf();
            m_failures << QString::fromStdString(
                fmt::format("{} bytes left: {}\n{}", left, wrong, log.str()));
        }
    }

private Q_SLOTS:
    void initTestCase() {
        // Before any thread, which the kernel wants for this.
        if (!haveOwnMounts())
            QSKIP("mounting is not allowed here: neither root nor user namespaces");
        m_scene = std::make_unique<FaultScene>();
        m_scene->packages.probeFailures = kPatientProbe;
        const TestPackage old = m_scene->packages.make("1", "hang");
        const fs::path files = m_scene->packages.sourceOf("2") / "files";
        fs::create_directories(files);
        std::mt19937 random(1);
        std::ofstream blob(files / "blob", std::ios::binary);
        for (std::size_t i = 0; i < kBlobBytes; ++i)
            blob.put(static_cast<char>(random()));
        blob.close();
        m_new = m_scene->packages.make("2", "hang");
        m_scene->master.alterArchive = [this](const std::string& uuid, std::string&) {
            const std::lock_guard lock(m_mutex);
            if (const auto fill = m_fill.extract(uuid)) fill.mapped()();
        };
        const auto machine = m_scene->machine("old");
        m_scene->master.want("old", installOf(old));
        const auto agent = machine->start();
        QVERIFY(waitUntil([&] { return machine->isSettled("1"); }));
        QCOMPARE(agent->end(), 0);
        m_image = machine->layout().root();
    }
    void cleanupTestCase() { m_scene.reset(); }

    void theOldVersionStaysAndTheNewOneComesWithRoom() {
        std::atomic<std::uint64_t> next{0};
        std::vector<std::thread> workers;
        for (int i = 0; i < kFullDisksAtOnce; ++i)
            workers.emplace_back([&, i] { work(i, next); });
        for (std::thread& worker : workers)
            worker.join();
        const int total = int(kAmounts);
        printFaultRow("D3", "a disk that runs full", total - int(m_failures.size()), total,
                      fmt::format("amounts of room left, {} too small", m_full.load()));
        for (const QString& failure : m_failures)
            std::fputs(qPrintable(failure + QLatin1Char('\n')), stderr);
        QVERIFY(m_failures.isEmpty());
        // Else no disk was full, or all of them were.
        QVERIFY(m_full > 2 && m_full < total);
    }

    void whatCannotBeRemovedKeepsNobodyDown() {
        const fs::path directory = m_scene->directory.path() / "litter";
        const Disk disk(directory / "root", m_image);
        FaultMachine machine(directory, "litter", m_scene->master.port());
        std::vector<fs::path> litter;
        for (const char* name : {".unpacking-9-0123456789ab", "0.9-0123456789ab"}) {
            litter.push_back(fs::path(machine.layout().versions("exporter")) / name);
            fs::create_directory(litter.back());
            QCOMPARE(::mount("ifrit-test", litter.back().c_str(), "tmpfs", 0, "size=4k"), 0);
        }
        fs::create_directory(fs::path(machine.layout().versions("exporter")) / "0.8-0123456789ab");
        auto agent = machine.start();
        const bool runs = waitUntil([&] { return agent->poll() || machine.isSettled("1"); });
        QVERIFY2(runs && !agent->poll(), machine.logText().c_str());
        QVERIFY(machine.logText().find("not removed") != std::string::npos);
        // One that is in the way does not keep the others.
        QVERIFY(!fs::exists(fs::path(machine.layout().versions("exporter")) / "0.8-0123456789ab"));
        QCOMPARE(agent->end(), 0);
        machine.killManaged();
        for (const fs::path& mounted : litter)
            ::umount2(mounted.c_str(), MNT_DETACH);
    }

    void aVersionThatFillsTheDiskIsPutBack() {
        m_scene->packages.probation = "60s";
        const TestPackage bad = m_scene->packages.make("3", "fill");
        const fs::path directory = m_scene->directory.path() / "fills";
        const Disk disk(directory / "root", m_image);
        FaultMachine machine(directory, "fills", m_scene->master.port());
        m_scene->master.enrol("fills", machine.layout().root());
        m_scene->master.want("fills", installOf(bad));
        auto agent = machine.start();
        const bool isBack = waitUntil([&] {
            const auto record = machine.record();
            return record.isKnownBad(bad.digest) && !record.step && machine.inconsistency().empty();
        });
        printFaultRow("D3", "a version that fills the disk", isBack ? 1 : 0, 1, "put back");
        QVERIFY2(isBack, machine.logText().c_str());
        QCOMPARE(machine.record().current->version, std::string("1"));
        QVERIFY2(machine.logText().find("EXITED_AT_START") != std::string::npos,
                 machine.logText().c_str());
        QVERIFY(fs::file_size(directory / "root/agents/exporter/data/filler") > 4 * 1024 * 1024);
        QCOMPARE(agent->end(), 0);
        machine.killManaged();
    }
};

}  // namespace ifrit::tests

using ifrit::tests::FullDiskTest;
QTEST_GUILESS_MAIN(FullDiskTest)
#include "tst_full_disk.moc"
