// SPDX-License-Identifier: Apache-2.0
// What can be changed on the way, changed everywhere: each byte, each length, each cut.
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/package/archive_fetcher.h"
#include "agent/package/manifest_fetcher.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/package_factory.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;
namespace reconcile = agent::reconcile;

constexpr std::size_t kArchiveBytes = 1'500;

/// Sends the text from the offset on, and ends after `lasts` bytes of it.
class OneArchive final : public agent::package::PackageSource {
public:
    std::string bytes;
    std::size_t lasts = std::string::npos;
    std::uint64_t lastOffset = 0;

    absl::StatusOr<agent::package::ManifestOffer> manifest(const std::string&) override {
        return absl::UnimplementedError("not asked here");
    }
    absl::Status archive(const std::string&, std::uint64_t offset, std::chrono::milliseconds,
                         const ArchiveSink& sink) override {
        lastOffset = offset;
        const std::string part = bytes.substr(std::min<std::size_t>(offset, bytes.size()), lasts);
        if (!part.empty()) {
            if (const absl::Status sunk = sink(part); !sunk.ok()) return sunk;
        }
        return lasts == std::string::npos ? absl::OkStatus() : absl::UnavailableError("cut");
    }
};

/// Offers one manifest, whatever is asked for.
class ChangedMaster final : public agent::package::PackageSource {
public:
    explicit ChangedMaster(agent::package::ManifestOffer offer) : m_offer(std::move(offer)) {}
    absl::StatusOr<agent::package::ManifestOffer> manifest(const std::string&) override {
        return m_offer;
    }
    absl::Status archive(const std::string&, std::uint64_t, std::chrono::milliseconds,
                         const ArchiveSink&) override {
        return absl::UnavailableError("not asked here");
    }

private:
    const agent::package::ManifestOffer m_offer;
};

}  // namespace

class FetchFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    ManualClock m_clock;
    int m_tried = 0;
    int m_held = 0;

    void count(bool held) {
        ++m_tried;
        m_held += held ? 1 : 0;
    }
    static std::string content() {
        std::string bytes(kArchiveBytes, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 41 + i / 7);
        return bytes;
    }
    std::string fetch(OneArchive& source) {
        const agent::package::PackageCache cache(m_root.string());
        agent::package::ArchiveFetcher fetcher(cache, source, m_clock, {});
        const absl::Status status =
            fetcher.fetch({"manifest", crypto::sha256Hex(content()), kArchiveBytes}, nullptr);
        return status.ok() ? "OK" : base::errorInfo(status).reason;
    }
    bool nothingStayed() const { return fs::is_empty(m_root); }

private Q_SLOTS:
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        m_tried = m_held = 0;
    }

    void eachByteOfAnArchiveChanged() {
        for (std::size_t at = 0; at < kArchiveBytes; ++at) {
            OneArchive source;
            source.bytes = content();
            source.bytes[at] = static_cast<char>(source.bytes[at] ^ (1 << at % 8));
            count(fetch(source) == reconcile::kPackageDigest && nothingStayed());
        }
        QCOMPARE(m_held, m_tried);
        printFaultRow("A1", "a byte of the archive changed", m_held, m_tried, "bytes");
    }

    void anArchiveOfEachOtherLength() {
        for (std::size_t length = 0; length <= 2 * kArchiveBytes; ++length) {
            if (length == kArchiveBytes) continue;
            OneArchive source;
            source.bytes = (content() + content()).substr(0, length);
            const std::string reason = fetch(source);
            const bool isShort = length < kArchiveBytes;
            count(reason == (isShort ? reconcile::kDownloadFailed : reconcile::kDownloadTooLong) &&
                  (isShort || nothingStayed()));
            for (const auto& entry : fs::directory_iterator(m_root))
                fs::remove_all(entry.path());
        }
        QCOMPARE(m_held, m_tried);
        printFaultRow("A1", "the archive cut or extended", m_held, m_tried, "lengths");
    }

    void resumesAfterACutAtEachByte() {
        for (std::size_t cut = 1; cut < kArchiveBytes; ++cut) {
            OneArchive source;
            source.bytes = content();
            source.lasts = cut;
            const bool broke = fetch(source) == reconcile::kDownloadFailed;
            source.lasts = std::string::npos;
            const bool whole = fetch(source) == "OK" && source.lastOffset == cut;
            count(broke && whole);
            for (const auto& entry : fs::directory_iterator(m_root))
                fs::remove_all(entry.path());
        }
        QCOMPARE(m_held, m_tried);
        printFaultRow("D7", "a download cut at byte k and resumed", m_held, m_tried, "bytes");
    }

    /// The master that sends it lies about the digest too, so that the signature alone decides.
    void eachByteOfASignedManifestChanged() {
        const PackageFactory packages(m_root / "packages", MISBEHAVING_AGENT);
        packages.trustOn(m_root);
        FakeMaster master(packages.directory());
        const TestPackage package = packages.make("1", "hang");
        const agent::package::ManifestStore store((m_root / "agents").string());
        const std::size_t bytes = master.manifest(package.digest)->manifest.bytes.size();
        QVERIFY(bytes > 200);
        for (std::size_t at = 0; at < bytes; ++at) {
            domain::DesiredEntry entry;
            entry.agent = "exporter";
            entry.version = "1";
            agent::package::ManifestOffer offer = *master.manifest(package.digest);
            offer.manifest.bytes[at] = static_cast<char>(offer.manifest.bytes[at] ^ (1 << at % 8));
            entry.manifestDigest = ::ifrit::package::manifestDigest(offer.manifest);
            ChangedMaster changed{offer};
            agent::package::ManifestFetcher asked(changed, store, (m_root / "keys").string(),
                                                  "LINUX");
            const absl::Status status = asked.fetch(entry);
            count(base::errorInfo(status).reason == reconcile::kPackageSignature &&
                  !fs::exists(m_root / "agents"));
        }
        QCOMPARE(m_held, m_tried);
        printFaultRow("A2", "a signed byte of the manifest changed", m_held, m_tried, "bytes");
    }
};

}  // namespace ifrit::tests

using ifrit::tests::FetchFaultsTest;
QTEST_GUILESS_MAIN(FetchFaultsTest)
#include "tst_fetch_faults.moc"
