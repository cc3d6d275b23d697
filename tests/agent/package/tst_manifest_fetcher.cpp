// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

#include "agent/package/manifest_fetcher.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/package_factory.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace fs = std::filesystem;

class ManifestFetcherTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    fs::path m_root;
    std::unique_ptr<PackageFactory> m_packages;
    std::unique_ptr<FakeMaster> m_master;
    domain::DesiredEntry m_entry;
    std::string m_type;
    FaultTally m_refusals;

    std::string fetch() {
        const agent::package::ManifestStore store(m_root / "agents");
        agent::package::ManifestFetcher fetcher(*m_master, store, m_root / "keys", m_type);
        const absl::Status status = fetcher.fetch(m_entry);
        return status.ok() ? "OK" : base::errorInfo(status).reason;
    }
    /// A case of faults.md A2: refused for that, and nothing on the disk changed.
    void verifyRefused(std::string_view reason) {
        const std::string got = fetch();
        const bool isClean = !fs::exists(m_root / "agents");
        m_refusals.count(got == reason && isClean, QTest::currentTestFunction());
        QCOMPARE(got, std::string(reason));
        QVERIFY(isClean);
    }

private Q_SLOTS:
    void cleanupTestCase() {
        m_refusals.print("A2", "a wrong or unknown key, another name, version or type",
                         "refused, nothing on the disk changed");
    }
    void init() {
        m_directory = std::make_unique<QTemporaryDir>();
        m_root = m_directory->path().toStdString();
        m_packages = std::make_unique<PackageFactory>(m_root / "packages", MISBEHAVING_AGENT);
        m_packages->trustOn(m_root);
        m_master = std::make_unique<FakeMaster>(m_packages->directory());
        const TestPackage package = m_packages->make("1", "hang");
        m_type = "LINUX";
        m_entry.agent = "exporter";
        m_entry.version = "1";
        m_entry.manifestDigest = package.digest;
    }

    void aGoodOneIsStoredAndReadBack() {
        QCOMPARE(fetch(), std::string("OK"));
        const agent::package::ManifestStore store(m_root / "agents");
        const auto manifest = store.load("exporter", m_entry.manifestDigest);
        QVERIFY(manifest.ok());
        QCOMPARE(manifest->version, std::string("1"));
        m_master->away = true;
        QCOMPARE(fetch(), std::string("OK"));  // from the store
    }

    void aChangedStoredOneIsNotUsed() {
        QCOMPARE(fetch(), std::string("OK"));
        std::ofstream(m_root / "agents/exporter/manifests" / (m_entry.manifestDigest + ".toml"),
                      std::ios::app)
            << "#";
        const auto manifest = agent::package::ManifestStore(m_root / "agents")
                                  .load("exporter", m_entry.manifestDigest);
        QCOMPARE(base::errorInfo(manifest.status()).reason, std::string("PACKAGE_DIGEST"));
    }

    void changedBytesAreRefused() {
        m_master->alterManifest = [](agent::package::ManifestOffer& offer) {
            offer.manifest.bytes += "# more\n";
        };
        verifyRefused("PACKAGE_DIGEST");
    }

    void aChangedSignatureIsRefused() {
        m_master->alterManifest = [](agent::package::ManifestOffer& offer) {
            offer.manifest.signature[5] ^= 1;
        };
        verifyRefused("PACKAGE_SIGNATURE");
    }

    void anUnknownPublisherIsRefused() {
        fs::remove_all(m_root / "keys");
        PackageFactory(m_root / "other", MISBEHAVING_AGENT).trustOn(m_root);
        verifyRefused("PACKAGE_UNKNOWN_KEY");
    }

    void withoutAnyKeyItSaysSo() {
        fs::remove_all(m_root / "keys");
        verifyRefused("PACKAGE_NO_KEYS");
    }

    void anotherAgentsPackageIsRefused() {
        m_entry.agent = "logger";
        verifyRefused(agent::reconcile::kPackageMismatch);
    }

    void anotherVersionThanToldIsRefused() {
        m_entry.version = "2";
        verifyRefused(agent::reconcile::kPackageMismatch);
    }

    /// Nothing on the disk changes, not even by its manifest.
    void aPackageForAnotherMachineTypeIsRefused() {
        m_type = "WINDOWS";
        verifyRefused(agent::reconcile::kPreflightType);
    }

    void anAbsentMasterIsNoVerdictOnThePackage() {
        m_master->away = true;
        QCOMPARE(fetch(), std::string(agent::reconcile::kManifestUnavailable));
    }
};

}  // namespace ifrit::tests

using ifrit::tests::ManifestFetcherTest;
QTEST_GUILESS_MAIN(ManifestFetcherTest)
#include "tst_manifest_fetcher.moc"
