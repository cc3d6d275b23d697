// SPDX-License-Identifier: Apache-2.0
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <thread>

#include "agent/package/archive_fetcher.h"
#include "agent/package/https_mirror.h"
#include "agent/platform/platform.h"
#include "agent/reconcile/reasons.h"
#include "shared/crypto/sha256.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"
#include "tests/support/mirror_server.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;
namespace reconcile = agent::reconcile;
using agent::package::HttpsMirror;

constexpr std::size_t kSize = 150'000;

std::string content() {
    std::string bytes(kSize, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 37 + i / 253);
    return bytes;
}

/// A master that is away: what comes, comes from mirrors.
class NoMaster final : public agent::package::PackageSource {
public:
    absl::StatusOr<agent::package::ManifestOffer> manifest(const std::string&) override {
        return absl::UnavailableError("away");
    }
    absl::Status archive(const std::string&, std::uint64_t, std::chrono::milliseconds,
                         const ArchiveSink&) override {
        return absl::UnavailableError("away");
    }
};

}  // namespace

/// ifrit-fetch and what drives it, against a real server over TLS.
class HttpsMirrorTest : public QObject {
    Q_OBJECT

    agent::platform::Platform m_platform;
    base::SystemClock m_clock;
    NoMaster m_master;
    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<MirrorServer> m_server;
    std::unique_ptr<agent::package::PackageCache> m_cache;
    int m_tried = 0;
    int m_held = 0;

    HttpsMirror::Settings settings() const {
        return {built("bin/ifrit-fetch"), m_server->caFile()};
    }
    agent::package::ArchiveDescription wanted() const {
        return {"manifest", crypto::sha256Hex(content()), kSize};
    }
    absl::Status fetchFrom(const std::vector<std::string>& addresses) {
        agent::package::FetchLimits limits;
        limits.leastRate = {10'000, std::chrono::milliseconds(400)};
        limits.transferTime = std::chrono::milliseconds(1'500);
        std::vector<std::unique_ptr<HttpsMirror>> mirrors;
        agent::package::ArchiveFetcher::Mirrors order;
        for (const std::string& address : addresses) {
            mirrors.push_back(
                std::make_unique<HttpsMirror>(*m_platform.streams, address, settings()));
            order.push_back(mirrors.back().get());
        }
        return agent::package::ArchiveFetcher(*m_cache, m_master, m_clock, limits, order)
            .fetch(wanted(), nullptr);
    }
    bool arrived() const { return m_cache->has(wanted().sha256, kSize); }
    void count(bool held) {
        ++m_tried;
        m_held += held ? 1 : 0;
    }

private Q_SLOTS:
    void initTestCase() {
        m_platform = *agent::platform::makePlatform();
        m_directory = std::make_unique<QTemporaryDir>();
        const fs::path root = m_directory->path().toStdString();
        fs::create_directories(root / "served");
        std::ofstream(root / "served" / (wanted().sha256 + ".tar.zst"), std::ios::binary)
            << content();
        m_server = std::make_unique<MirrorServer>(root / "served", root);
    }
    void init() {
        const fs::path cache = fs::path(m_directory->path().toStdString()) / "cache";
        fs::remove_all(cache);
        fs::create_directories(cache);
        m_cache = std::make_unique<agent::package::PackageCache>(cache.string());
    }
    void cleanupTestCase() {
        printFaultRow("A1", "bytes changed by a mirror", m_held, m_tried, "manners of a server");
        m_server.reset();
    }

    void bringsTheWhole_data() {
        QTest::addColumn<QByteArray>("manner");
        for (const char* manner : {"good", "norange", "redirect"})
            QTest::addRow("%s", manner) << QByteArray(manner);
    }
    void bringsTheWhole() {
        QFETCH(QByteArray, manner);
        const absl::Status status = fetchFrom({m_server->address(manner.toStdString())});
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(arrived());
    }

    void resumesByRangeWithTheNextMirror_data() {
        QTest::addColumn<int>("cut");
        for (const int cut : {1, 1'000, 65'535, 149'999})
            QTest::addRow("after %d bytes", cut) << cut;
    }
    void resumesByRangeWithTheNextMirror() {
        QFETCH(int, cut);
        std::ofstream(m_cache->partPath(wanted().sha256), std::ios::binary)
            << content().substr(0, static_cast<std::size_t>(cut));
        const absl::Status status = fetchFrom({m_server->address("good")});
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(arrived());
    }

    /// Whatever a mirror does, the next one brings the archive, and the machine has the bytes that
    /// were signed.
    void aBadMirrorIsPassedOver_data() {
        QTest::addColumn<QByteArray>("manner");
        QTest::addColumn<int>("have");
        for (const char* manner :
             {"cut-0", "cut-1", "cut-1000", "cut-149999", "changed", "endless", "slow", "silent",
              "status-404", "status-500", "downgrade", "header", "garbage"})
            QTest::addRow("%s", manner) << QByteArray(manner) << 0;
        for (const char* manner : {"norange", "shifted", "changed", "endless", "cut-60000"})
            QTest::addRow("%s, from the middle", manner) << QByteArray(manner) << 50'000;
    }
    void aBadMirrorIsPassedOver() {
        QFETCH(QByteArray, manner);
        QFETCH(int, have);
        std::ofstream(m_cache->partPath(wanted().sha256), std::ios::binary)
            << content().substr(0, static_cast<std::size_t>(have));
        const absl::Status status =
            fetchFrom({m_server->address(manner.toStdString()), m_server->address("good")});
        count(status.ok() && arrived());
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(arrived());
    }

    void aMirrorThatIsNotThere() {
        QVERIFY(fetchFrom({"https://127.0.0.1:1/x", m_server->address("good")}).ok());
    }

    void anUnknownCertificateIsNotTalkedTo() {
        HttpsMirror::Settings strange = settings();
        strange.caFile.clear();  // the machine's own roots do not know the test's CA
        HttpsMirror mirror(*m_platform.streams, m_server->address("good"), strange);
        bool came = false;
        const absl::Status status =
            mirror.archive(wanted().sha256, 0, std::chrono::seconds(20), [&](std::string_view) {
                came = true;
                return absl::OkStatus();
            });
        QVERIFY(absl::IsUnavailable(status));
        QVERIFY2(base::messageOf(status).find("certificate") != std::string::npos,
                 base::messageOf(status).c_str());
        QVERIFY(!came);
    }

    void errorsSayWhatTheServerSaid_data() {
        QTest::addColumn<QByteArray>("manner");
        QTest::addColumn<QByteArray>("expected");
        QTest::addRow("404") << QByteArray("status-404") << QByteArray("the server answers 404");
        QTest::addRow("no range") << QByteArray("norange") << QByteArray("knows no ranges");
        QTest::addRow("shifted") << QByteArray("shifted") << QByteArray("another range");
    }
    void errorsSayWhatTheServerSaid() {
        QFETCH(QByteArray, manner);
        QFETCH(QByteArray, expected);
        HttpsMirror mirror(*m_platform.streams, m_server->address(manner.toStdString()),
                           settings());
        const absl::Status status =
            mirror.archive(wanted().sha256, 7, std::chrono::seconds(20),
                           [](std::string_view) { return absl::OkStatus(); });
        QVERIFY(absl::IsUnavailable(status));
        const QByteArray message = QByteArray::fromStdString(base::messageOf(status));
        QVERIFY2(message.contains(expected), message.constData());
    }

    void aSilentServerEndsByTheTime() {
        HttpsMirror mirror(*m_platform.streams, m_server->address("silent"), settings());
        const absl::Status status =
            mirror.archive(wanted().sha256, 0, std::chrono::milliseconds(500),
                           [](std::string_view) { return absl::OkStatus(); });
        QVERIFY2(absl::IsDeadlineExceeded(status), status.ToString().c_str());
    }

    /// By the least rate, not only by the transfer's time.
    void aSilentMirrorIsLeftLongBeforeItsTime() {
        HttpsMirror mirror(*m_platform.streams, m_server->address("silent"), settings());
        agent::package::FetchLimits limits;
        limits.leastRate = {10'000, std::chrono::milliseconds(400)};
        limits.transferTime = std::chrono::minutes(10);
        agent::package::ArchiveFetcher fetcher(*m_cache, m_master, m_clock, limits, {&mirror});
        QElapsedTimer timer;
        timer.start();
        QVERIFY(!fetcher.fetch(wanted(), nullptr).ok());
        QVERIFY(timer.elapsed() < 30'000);
    }

    void cancellingEndsASilentDownload() {
        HttpsMirror mirror(*m_platform.streams, m_server->address("silent-7"), settings());
        agent::package::FetchLimits limits;
        limits.leastRate = {1, std::chrono::minutes(10)};
        limits.transferTime = std::chrono::minutes(10);
        agent::package::ArchiveFetcher fetcher(*m_cache, m_master, m_clock, limits, {&mirror});
        absl::Status status;
        std::thread fetching([&] { status = fetcher.fetch(wanted(), nullptr); });
        while (m_server->nextRequest().find("/silent-7/") == std::string::npos) {
        }
        QElapsedTimer timer;
        timer.start();
        fetcher.cancel();
        fetching.join();
        QVERIFY2(absl::IsCancelled(status), status.ToString().c_str());
        QVERIFY(timer.elapsed() < 30'000);
        QVERIFY(absl::IsCancelled(fetcher.fetch(wanted(), nullptr)));
    }

    void aMissingProgramIsSaid() {
        HttpsMirror mirror(*m_platform.streams, m_server->address("good"),
                           {"/no/such/ifrit-fetch", ""});
        const absl::Status status =
            mirror.archive(wanted().sha256, 0, std::chrono::seconds(5),
                           [](std::string_view) { return absl::OkStatus(); });
        QCOMPARE(base::errorInfo(status).reason, std::string("PROGRAM_MISSING"));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::HttpsMirrorTest;
QTEST_GUILESS_MAIN(HttpsMirrorTest)
#include "tst_https_mirror.moc"
