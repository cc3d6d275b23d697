// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "agent/package/archive_fetcher.h"
#include "agent/reconcile/reasons.h"
#include "shared/crypto/sha256.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;
namespace reconcile = agent::reconcile;

constexpr std::size_t kSize = 200'000;

std::string pattern() {
    std::string bytes(kSize, '\0');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 251);
    return bytes;
}

/// Sends a text, cut after a number of bytes per connection, in small pieces.
class CutSource final : public agent::package::PackageSource {
public:
    std::string bytes = pattern();
    std::size_t cutAfter = kSize * 2;  ///< bytes a connection lives for
    std::size_t piece = 4096;
    int connections = 0;
    std::vector<std::uint64_t> offsets;
    std::function<void()> beforePiece;
    absl::Status ending = absl::UnavailableError("cut");

    absl::StatusOr<agent::package::ManifestOffer> manifest(const std::string&) override {
        return absl::UnimplementedError("not asked here");
    }
    absl::Status archive(const std::string&, std::uint64_t offset, std::chrono::milliseconds,
                         const ArchiveSink& sink) override {
        ++connections;
        offsets.push_back(offset);
        const std::size_t end = std::min(bytes.size(), static_cast<std::size_t>(offset) + cutAfter);
        for (std::size_t at = offset; at < end; at += piece) {
            if (beforePiece) beforePiece();
            if (auto sunk = sink(bytes.substr(at, std::min(piece, end - at))); !sunk.ok()) {
                return sunk;
            }
        }
        return end == bytes.size() ? absl::OkStatus() : ending;
    }
};

/// The same, as a mirror.
class CutMirror final : public agent::package::ArchiveMirror {
public:
    CutSource source;
    const std::string& address() const override { return m_address; }
    absl::Status archive(const std::string& sha256, std::uint64_t offset,
                         std::chrono::milliseconds timeout,
                         const agent::package::PackageSource::ArchiveSink& sink) override {
        return source.archive(sha256, offset, timeout, sink);
    }

private:
    const std::string m_address = "https://mirror.test";
};

std::string reasonOf(const absl::Status& status) {
    return base::errorInfo(status).reason;
}

}  // namespace

class ArchiveFetcherTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<agent::package::PackageCache> m_cache;
    ManualClock m_clock;
    CutSource m_source;

    agent::package::ArchiveDescription wanted() const {
        return {"manifest", crypto::sha256Hex(pattern()), kSize, 0};
    }
    absl::Status fetch() { return fetchWith({}); }
    absl::Status fetchWith(const agent::package::ArchiveFetcher::Mirrors& mirrors) {
        return agent::package::ArchiveFetcher(*m_cache, m_source, m_clock, {}, mirrors)
            .fetch(wanted(), nullptr);
    }
    std::string cached() const {
        std::ifstream file(m_cache->archivePath(wanted().sha256), std::ios::binary);
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    bool directoryIsEmpty() const { return QDir(m_directory->path()).isEmpty(); }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_cache = std::make_unique<agent::package::PackageCache>(m_directory->path().toStdString());
        m_source = CutSource();
    }

    void resumesAfterACutAtAnyByte_data() {
        QTest::addColumn<int>("cutAfter");
        for (const int cut : {1, 4095, 4096, 4097, 65'535, 65'536, 100'000, int(kSize) - 1})
            QTest::addRow("after %d bytes", cut) << cut;
    }
    void resumesAfterACutAtAnyByte() {
        QFETCH(int, cutAfter);
        m_source.cutAfter = static_cast<std::size_t>(cutAfter);
        absl::Status status = fetch();
        if (cutAfter < 65'536) {
            QCOMPARE(reasonOf(status), std::string(reconcile::kDownloadFailed));
            QVERIFY(absl::IsUnavailable(status));
            QCOMPARE(m_cache->bytesOf(wanted().sha256), std::uint64_t(cutAfter));
            m_source.cutAfter = kSize;
            status = fetch();  // as after a restart: a new fetcher, the same directory
            QCOMPARE(m_source.offsets.back(), std::uint64_t(cutAfter));
        }
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(cached() == pattern());
        QVERIFY(m_source.connections >= 2);
    }

    void whatIsThereIsNotFetchedAgain() {
        QVERIFY(fetch().ok());
        QVERIFY(fetch().ok());
        QCOMPARE(m_source.connections, 1);
    }

    void changedBytesAreThrownAway() {
        m_source.bytes[kSize / 2] ^= 1;
        const absl::Status status = fetch();
        QCOMPARE(reasonOf(status), std::string(reconcile::kPackageDigest));
        QVERIFY(directoryIsEmpty());
    }

    void aPartThatWasChangedOnDiskIsFoundByTheDigest() {
        m_source.cutAfter = 10'000;
        QVERIFY(!fetch().ok());
        std::ofstream(m_cache->partPath(wanted().sha256), std::ios::binary | std::ios::in) << "XX";
        m_source.cutAfter = kSize;
        QVERIFY(fetch().ok());
        QCOMPARE(m_source.offsets, (std::vector<std::uint64_t>{0, 10'000, 0}));
        QVERIFY(cached() == pattern());
    }

    void anOverlongArchiveStopsAtTheSignedSize() {
        m_source.bytes += std::string(50'000'000, 'x');
        m_source.cutAfter = m_source.bytes.size();
        int pieces = 0;
        m_source.beforePiece = [&] { ++pieces; };
        QCOMPARE(reasonOf(fetch()), std::string(reconcile::kDownloadTooLong));
        QVERIFY(pieces <= int(kSize / m_source.piece) + 1);
        QVERIFY(directoryIsEmpty());
    }

    void aPartThatIsTooLongStartsAnew() {
        std::ofstream(m_cache->partPath(wanted().sha256)) << std::string(kSize + 1, 'x');
        QVERIFY(fetch().ok());
        QCOMPARE(m_source.offsets.front(), std::uint64_t(0));
    }

    void aTricklingSourceIsGivenUpAndWhatCameIsKept() {
        m_source.piece = 100;
        m_source.beforePiece = [this] { m_clock.advance(std::chrono::seconds(1)); };
        const absl::Status status = fetch();
        QCOMPARE(reasonOf(status), std::string(reconcile::kDownloadTooSlow));
        QVERIFY(absl::IsUnavailable(status));
        const std::uint64_t kept = m_cache->bytesOf(wanted().sha256);
        QVERIFY(kept > 0 && kept <= 2'100);
    }

    /// A source that ends nothing and sends nothing ends by the transfer's time.
    void aSilentSourceIsGivenUp() {
        m_source.cutAfter = 70'000;  // much came at first, then the deadline
        m_source.ending = absl::DeadlineExceededError("silence");
        QCOMPARE(reasonOf(fetch()), std::string(reconcile::kDownloadTooSlow));
        QCOMPARE(m_cache->bytesOf(wanted().sha256), std::uint64_t(70'000));
    }

    void aLongTransferGoesOnWhereItsTimeEnded() {
        m_source.cutAfter = 150'000;  // more than 60 s times 2,048 bytes
        m_source.ending = absl::DeadlineExceededError("time over");
        const absl::Status status = fetch();
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(m_source.offsets, (std::vector<std::uint64_t>{0, 150'000}));
    }

    void mirrorsComeFirstAndTheNextOneGoesOn() {
        CutMirror first;
        CutMirror second;
        first.source.cutAfter = 10'000;
        second.source.cutAfter = 20'000;
        const absl::Status status = fetchWith({&first, &second});
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(first.source.offsets, (std::vector<std::uint64_t>{0}));
        QCOMPARE(second.source.offsets, (std::vector<std::uint64_t>{10'000}));
        QCOMPARE(m_source.offsets, (std::vector<std::uint64_t>{30'000}));
        QVERIFY(cached() == pattern());
    }

    void aMirrorsBadBytesAreNotTheNextOnesFault_data() {
        QTest::addColumn<int>("cutAfter");
        QTest::addRow("cut") << 10'000;
        QTest::addRow("whole") << int(kSize);
    }
    void aMirrorsBadBytesAreNotTheNextOnesFault() {
        QFETCH(int, cutAfter);
        CutMirror bad;
        bad.source.bytes[5] ^= 1;
        bad.source.cutAfter = static_cast<std::size_t>(cutAfter);
        const absl::Status status = fetchWith({&bad});
        QVERIFY2(status.ok(), status.ToString().c_str());
        QCOMPARE(m_source.offsets.back(), std::uint64_t(0));
        QVERIFY(cached() == pattern());
    }

    void aSlowMirrorIsLeftForTheNext() {
        CutMirror slow;
        slow.source.piece = 1;
        slow.source.beforePiece = [this] { m_clock.advance(std::chrono::seconds(1)); };
        QVERIFY(fetchWith({&slow}).ok());
        QVERIFY(m_source.offsets.front() <= 20);
    }

    void anEndlessMirrorStopsAtTheSignedSize() {
        CutMirror endless;
        endless.source.bytes += std::string(5'000'000, 'x');
        endless.source.cutAfter = endless.source.bytes.size();
        QVERIFY(fetchWith({&endless}).ok());
        QVERIFY(cached() == pattern());
    }

    void aFullDiskIsNoSourcesFault() {
        CutMirror mirror;
        fs::create_directory(m_cache->partPath(wanted().sha256));  // cannot be opened as a file
        QVERIFY(!fetchWith({&mirror}).ok());
        QCOMPARE(mirror.source.connections + m_source.connections, 0);
    }

    void oneDownloadServesAllWhoWantIt() {
        agent::package::ArchiveFetcher fetcher(*m_cache, m_source, m_clock, {});
        std::vector<std::thread> threads;
        std::atomic<int> fetched{0};
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { fetched += fetcher.fetch(wanted(), nullptr).ok() ? 1 : 0; });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(fetched.load(), 4);
        QCOMPARE(m_source.connections, 1);
    }

    void allDownloadsTogetherKeepTheRate() {
        agent::package::FetchLimits limits;
        limits.mostBytesPerSecond = 50'000;
        std::chrono::nanoseconds slept{0};
        limits.sleep = [&](std::chrono::nanoseconds time) {
            slept += time;
            m_clock.advance(std::chrono::ceil<std::chrono::milliseconds>(time));
        };
        agent::package::ArchiveFetcher fetcher(*m_cache, m_source, m_clock, limits);
        QVERIFY(fetcher.fetch(wanted(), nullptr).ok());
        const double seconds = std::chrono::duration<double>(slept).count();
        QVERIFY2(seconds > 3.7 && seconds < 4.1, std::to_string(seconds).c_str());
    }

    void theLowerOfMachineAndReleaseHolds_data() {
        QTest::addColumn<qulonglong>("machine");
        QTest::addColumn<qulonglong>("release");
        QTest::addColumn<bool>("mirrored");
        QTest::addColumn<double>("seconds");
        for (const bool mirrored : {false, true}) {
            const char* from = mirrored ? "mirror" : "master";
            QTest::addRow("release alone, %s", from) << 0ULL << 50'000ULL << mirrored << 4.0;
            QTest::addRow("release lower, %s", from) << 100'000ULL << 50'000ULL << mirrored << 4.0;
            QTest::addRow("machine lower, %s", from) << 50'000ULL << 100'000ULL << mirrored << 4.0;
            QTest::addRow("neither, %s", from) << 0ULL << 0ULL << mirrored << 0.0;
        }
    }
    void theLowerOfMachineAndReleaseHolds() {
        QFETCH(qulonglong, machine);
        QFETCH(qulonglong, release);
        QFETCH(bool, mirrored);
        QFETCH(double, seconds);
        agent::package::FetchLimits limits;
        limits.mostBytesPerSecond = machine;
        limits.sleep = [&](std::chrono::nanoseconds time) {
            m_clock.advance(std::chrono::ceil<std::chrono::milliseconds>(time));
        };
        CutMirror mirror;
        agent::package::ArchiveFetcher::Mirrors mirrors;
        if (mirrored) mirrors.push_back(&mirror);
        agent::package::ArchiveFetcher fetcher(*m_cache, m_source, m_clock, limits, mirrors);
        agent::package::ArchiveDescription archive = wanted();
        archive.mostBytesPerSecond = release;
        const base::SteadyTime begun = m_clock.steadyNow();
        QVERIFY(fetcher.fetch(archive, nullptr).ok());
        QCOMPARE(mirror.source.connections, mirrored ? 1 : 0);
        const double took = std::chrono::duration<double>(m_clock.steadyNow() - begun).count();
        QVERIFY2(took >= seconds - 0.3 && took <= seconds + 0.1, std::to_string(took).c_str());
    }

    void progressIsToldInBytes() {
        std::uint64_t last = 0;
        agent::package::ArchiveFetcher fetcher(*m_cache, m_source, m_clock, {});
        QVERIFY(fetcher
                    .fetch(wanted(),
                           [&](std::uint64_t done, std::uint64_t total) {
                               QVERIFY(done > last && total == kSize);
                               last = done;
                           })
                    .ok());
        QCOMPARE(last, std::uint64_t(kSize));
    }

    void theCacheKeepsOnlyWhatItIsTold() {
        QVERIFY(fetch().ok());
        std::ofstream(m_directory->filePath(QStringLiteral("stray.part")).toStdString()) << "x";
        QVERIFY(m_cache->keepOnly({wanted().sha256}).ok());
        QCOMPARE(QDir(m_directory->path()).entryList(QDir::Files).size(), 1);
        QVERIFY(m_cache->has(wanted().sha256, kSize));
        QVERIFY(!m_cache->has(wanted().sha256, kSize + 1));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ArchiveFetcherTest;
QTEST_GUILESS_MAIN(ArchiveFetcherTest)
#include "tst_archive_fetcher.moc"
