// SPDX-License-Identifier: Apache-2.0
// faults.md A7 and A8: archives without an end, archives that are larger than they say, and sources
// that crawl, at the real ifrit-agent. What it takes of memory and disk is bounded by what was
// signed, it says why, and what runs goes on running.
#include <QTest>
#include <fstream>
#include <map>
#include <random>

#include "agent/platform/posix/small_file.h"
#include "agent/reconcile/reasons.h"
#include "shared/base/atomic_file.h"
#include "tests/fault/fault_scene.h"
#include "tests/support/fault_row.h"
#include "tests/support/mirror_server.h"

namespace ifrit::tests {

namespace fs = std::filesystem;
namespace reconcile = agent::reconcile;
using ::ifrit::package::SignedManifest;

namespace {

constexpr char kAgent[] = "exporter";
constexpr char kUuid[] = "m1";
/// Of ifrit-fetch, all in all.
constexpr std::uint64_t kFetchMemory = 64U << 20;
/// Above what it had before; what came was many times that.
constexpr std::uint64_t kMemoryToSpare = 48U << 20;
constexpr std::uint64_t kDiskToSpare = 8U << 20;
constexpr std::size_t kLargeArchive = 1'500'000;
constexpr std::size_t kSmallArchive = 100'000;
constexpr char kBombBytes[] = "512M";

std::uint64_t mostMemoryOf(pid_t pid) {
    std::istringstream lines(
        agent::platform::readSmallFile("/proc/" + std::to_string(pid) + "/status").value_or(""));
    for (std::string word; lines >> word;) {
        std::uint64_t kibibytes = 0;
        if (word == "VmHWM:" && lines >> kibibytes) return kibibytes * 1024;
    }
    return 0;
}

std::uint64_t bytesBelow(const fs::path& directory) {
    std::uint64_t sum = 0;
    std::error_code error;
    for (auto at = fs::recursive_directory_iterator(directory, error);
         !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        std::error_code gone;
        const std::uint64_t size = at->is_regular_file(gone) ? at->file_size(gone) : 0;
        if (!gone) sum += size;
    }
    return sum;
}

/// Of the children of a process that run now, the one that has taken most.
std::uint64_t mostMemoryOfChildren(pid_t parent) {
    std::uint64_t most = 0;
    std::error_code error;
    // Each child is one of the thread that made it.
    for (const auto& thread : fs::directory_iterator(fmt::format("/proc/{}/task", parent), error)) {
        std::istringstream children(
            agent::platform::readSmallFile((thread.path() / "children").string()).value_or(""));
        for (pid_t child = 0; children >> child;) {
            const auto name =
                agent::platform::readSmallFile(fmt::format("/proc/{}/comm", child)).value_or("");
            if (name == "ifrit-fetch\n") most = std::max(most, mostMemoryOf(child));
        }
    }
    return most;
}

}  // namespace

class DownloadFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<FaultScene> m_scene;
    std::unique_ptr<FaultMachine> m_machine;
    std::unique_ptr<ChildProcess> m_agent;
    TestPackage m_old;
    struct Count {
        int tried = 0;
        int held = 0;
    };
    std::uint64_t m_mostOfFetch = 0;  ///< memory, at its highest
    std::string m_row;
    std::map<std::string, Count> m_counts;

    domain::AgentReport report() const { return m_scene->master.report(kUuid, kAgent); }
    std::string lastReason() const {
        const auto error = report().lastError;
        return error ? error->reason : "";
    }
    /// With a file of random bytes, so that its archive is another one, and as large.
    TestPackage made(const std::string& version, std::size_t bytes = kSmallArchive) const {
        const fs::path files = m_scene->packages.sourceOf(version) / "files";
        fs::create_directories(files);
        std::mt19937 random(static_cast<unsigned>(bytes));
        std::ofstream blob(files / "blob", std::ios::binary);
        for (std::size_t i = 0; i < bytes; ++i)
            blob.put(static_cast<char>(random()));
        blob.close();
        return m_scene->packages.make(version, "hang");
    }

    /// Version 1 runs.
    void begin(const std::string& more = "") {
        m_machine = m_scene->machine(kUuid, more);
        m_scene->master.want(kUuid, installOf(m_old));
        m_agent = m_machine->start();
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
    }
    /// In a new life, because the master is only asked again in two minutes.
    void tell(const std::vector<domain::DesiredEntry>& wanted) {
        QCOMPARE(m_agent->end(), 0);
        m_scene->master.forgetDownloads(kUuid);
        m_scene->master.want(kUuid, wanted);
        m_agent = m_machine->start();
    }
    std::string mirrors(const MirrorServer& mirror, const std::string& manner) const {
        return fmt::format("[download]\nmirrors = [\"{}\"]\nmirror_ca_file = \"{}\"\n",
                           mirror.address(manner), mirror.caFile());
    }
    /// A folder for a mirror.
    fs::path served(const std::vector<TestPackage>& packages) const {
        const fs::path directory = m_scene->directory.path() / "served";
        fs::create_directories(directory);
        for (const TestPackage& package : packages) {
            const auto file = ::ifrit::package::openPackageFile(m_scene->packages.directory() /
                                                                (package.digest + ".ifrit"));
            std::ofstream(directory / (package.manifest.archiveSha256 + ".tar.zst"),
                          std::ios::binary)
                << base::readFile(file->path.string(), 64U << 20)
                       ->substr(file->payloadOffset, file->payloadSize);
        }
        return directory;
    }

    /// Waits for `done`, and for no more of disk and memory than is to spare meanwhile.
    template <typename Condition>
    void staysWithinBounds(const Condition& done, std::chrono::seconds patience) {
        const std::uint64_t diskBefore = bytesBelow(m_machine->layout().root());
        std::uint64_t mostDisk = 0;
        m_mostOfFetch = 0;
        QVERIFY(waitUntil([&] { return mostMemoryOf(m_agent->pid()) != 0; }));
        const std::uint64_t memoryBefore = mostMemoryOf(m_agent->pid());
        QVERIFY(waitUntil(
            [&] {
                m_mostOfFetch = std::max(m_mostOfFetch, mostMemoryOfChildren(m_agent->pid()));
                mostDisk = std::max(mostDisk, bytesBelow(m_machine->layout().root()));
                return done();
            },
            patience));
        QVERIFY2(mostDisk < diskBefore + kDiskToSpare, std::to_string(mostDisk).c_str());
        const std::uint64_t grown = mostMemoryOf(m_agent->pid()) - memoryBefore;
        QVERIFY2(grown < kMemoryToSpare, std::to_string(grown).c_str());
        QVERIFY2(m_mostOfFetch < kFetchMemory, std::to_string(m_mostOfFetch).c_str());
    }

    /// It gives up for that reason, with what runs untouched, and waits before it tries again.
    void givesUp(const std::string& reason) {
        const auto running = m_machine->record().process;
        staysWithinBounds([&] { return lastReason() == reason; }, std::chrono::seconds(40));
        if (QTest::currentTestFailed()) return;
        QVERIFY(m_machine->record().process == running);
        QVERIFY(m_machine->isSettled("1"));
        QVERIFY(report().nextRetry.has_value());
        QCOMPARE(m_agent->end(), 0);
        QVERIFY(m_machine->inconsistency().empty());
    }
    /// Its archive is `bytes`, signed as that; all else is as `package` says.
    TestPackage withArchive(const TestPackage& package, const std::string& bytes) {
        domain::Manifest manifest = package.manifest;
        manifest.archiveSha256 = crypto::sha256Hex(bytes);
        manifest.archiveSizeBytes = bytes.size();
        const SignedManifest made =
            *::ifrit::package::signManifest(manifest, m_scene->packages.key());
        const std::string digest = ::ifrit::package::manifestDigest(made);
        const fs::path& directory = m_scene->packages.directory();
        fs::copy_file(directory / (package.digest + ".ifrit"), directory / (digest + ".ifrit"));
        m_scene->master.alterManifest = [made, before = package.manifest.version](
                                            const std::string&, SignedManifest& sent) {
            if (sent.bytes.find("version = \"" + before + '"') != std::string::npos) sent = made;
        };
        m_scene->master.alterArchive = [bytes](const std::string&, std::string& sent) {
            sent = bytes;
        };
        return {manifest, digest};
    }
    std::string bomb(const std::string& script) const {
        const fs::path directory = m_scene->directory.path() / "bomb";
        fs::create_directories(directory);
        ChildProcess made({"/bin/sh", "-ec", "cd " + directory.string() + "; " + script},
                          (directory / "log").string());
        if (made.wait() != 0) throw std::runtime_error("the bomb was not made");
        return *base::readFile((directory / "bomb.tar.zst").string(), 64U << 20);
    }

private Q_SLOTS:
    void init() {
        m_scene = std::make_unique<FaultScene>();
        m_scene->packages.probeFailures = kPatientProbe;
        m_old = m_scene->packages.make("1", "hang");
    }
    void cleanup() {
        Count& count = m_counts[m_row];
        ++count.tried;
        if (!QTest::currentTestFailed()) {
            ++count.held;
        } else if (m_machine) {
            std::fputs(m_machine->logText().c_str(), stderr);
        }
        m_agent.reset();
        m_machine.reset();
        m_scene.reset();
    }
    void cleanupTestCase() {
        for (const auto& [row, what] : {std::pair("A7", "endless, over-long and bombs"),
                                        std::pair("A8", "a source of 1 B/s")})
            printFaultRow(row, what, m_counts[row].held, m_counts[row].tried, "cases");
    }

    void anArchiveWithoutAnEnd() {
        m_row = "A7";
        const TestPackage next = made("2");
        begin();
        m_scene->master.sendForEver(kUuid);
        tell({installOf(next)});
        givesUp(std::string(reconcile::kDownloadTooLong));
    }

    void aMirrorWithoutAnEnd_data() {
        QTest::addColumn<QString>("manner");
        for (const char* manner : {"endless", "header"})
            QTest::newRow(manner) << QString::fromLatin1(manner);
    }
    void aMirrorWithoutAnEnd() {
        QFETCH(const QString, manner);
        m_row = "A7";
        const TestPackage next = made("2");
        MirrorServer mirror(served({next}), m_scene->directory.path());
        begin(mirrors(mirror, manner.toStdString()));
        tell({installOf(next)});
        // The master is the next source.
        staysWithinBounds([&] { return m_machine->isSettled("2"); }, std::chrono::seconds(60));
        if (QTest::currentTestFailed()) return;
        QVERIFY2(m_mostOfFetch > 0, "ifrit-fetch was never seen");
        QVERIFY(m_machine->logText().find('/' + manner.toStdString() + ": ") != std::string::npos);
        QCOMPARE(m_agent->end(), 0);
        QVERIFY(m_machine->inconsistency().empty());
    }

    void anArchiveThatUnpacksToMoreThanItSays_data() {
        QTest::addColumn<QString>("script");
        const auto row = [](const char* name, const std::string& script) {
            QTest::newRow(name) << QString::fromStdString("mkdir -p bin; " + script);
        };
        const std::string zeros = fmt::format("truncate -s {} ", kBombBytes);
        const std::string tar =
            "; tar --format=ustar --owner=0 --group=0 --zstd -cf bomb.tar.zst bin/app";
        row("a larger file", zeros + "bin/app" + tar);
        row("another file", "touch bin/app; " + zeros + "bin/bpp" + tar + " bin/bpp");
        row("after the right ones",
            "cp " MISBEHAVING_AGENT " bin/app; " + zeros + "bin/bpp" + tar + " bin/bpp");
    }
    void anArchiveThatUnpacksToMoreThanItSays() {
        QFETCH(const QString, script);
        m_row = "A7";
        const TestPackage next = made("2");
        begin();
        tell({installOf(withArchive(next, bomb(script.toStdString())))});
        givesUp("PACKAGE_ARCHIVE");
    }

    void whatWouldNotFitIsNotFetched() {
        m_row = "A7";
        const TestPackage next =
            m_scene->packages.make("2", "hang", "", "[preflight]\ndisk_bytes = 1000000000000000\n");
        begin();
        tell({installOf(next)});
        givesUp(std::string(reconcile::kPreflightDisk));
        QVERIFY(m_scene->master.downloads(kUuid).empty());
    }

    /// One source crawls. Another agent is upgraded meanwhile, and the next source is tried.
    void aSourceThatCrawls() {
        m_row = "A8";
        const TestPackage large = made("2", kLargeArchive);
        m_scene->packages.agent = "logs";
        const TestPackage other = made("1");
        MirrorServer mirror(served({large, other}), m_scene->directory.path());
        begin(mirrors(mirror, "crawl-1000000"));
        tell({installOf(large), installOf(other)});
        QVERIFY(waitUntil([&] { return m_machine->isSettled("1"); }));
        const auto old = m_machine->record().process;
        const auto isThere = [&] {
            return m_scene->master.report(kUuid, "logs").state == domain::MachineState::Healthy;
        };
        QVERIFY(waitUntil(isThere, std::chrono::seconds(40)));
        QVERIFY(report().state == domain::MachineState::Downloading);
        QVERIFY(m_machine->record().process == old);
        QVERIFY(waitUntil([&] { return m_machine->isSettled("2"); }, std::chrono::seconds(60)));
        QVERIFY(m_machine->logText().find("at least 2048 are wanted") != std::string::npos);
        QCOMPARE(m_agent->end(), 0);
    }
};

}  // namespace ifrit::tests

using ifrit::tests::DownloadFaultsTest;
QTEST_GUILESS_MAIN(DownloadFaultsTest)
#include "tst_download_faults.moc"
