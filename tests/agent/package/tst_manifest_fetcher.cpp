// SPDX-License-Identifier: Apache-2.0
#include <QTemporaryDir>
#include <QtTest/QtTest>
#include <filesystem>

#include "agent/package/manifest_fetcher.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/package_factory.h"

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

    std::string fetch() {
        const agent::package::ManifestStore store(m_root / "agents");
        agent::package::ManifestFetcher fetcher(*m_master, store, m_root / "keys", m_type);
        const absl::Status status = fetcher.fetch(m_entry);
        return status.ok() ? "OK" : base::errorInfo(status).reason;
    }
    void verifyNothingOnDisk() const { QVERIFY(!fs::exists(m_root / "agents")); }

private Q_SLOTS:
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
        QCOMPARE(fetch(), std::string("PACKAGE_DIGEST"));
        verifyNothingOnDisk();
    }

    void aChangedSignatureIsRefused() {
        m_master->alterManifest = [](agent::package::ManifestOffer& offer) {
            offer.manifest.signature[5] ^= 1;
        };
        QCOMPARE(fetch(), std::string("PACKAGE_SIGNATURE"));
        verifyNothingOnDisk();
    }

    void anUnknownPublisherIsRefused() {
        fs::remove_all(m_root / "keys");
        PackageFactory(m_root / "other", MISBEHAVING_AGENT).trustOn(m_root);
        QCOMPARE(fetch(), std::string("PACKAGE_UNKNOWN_KEY"));
        verifyNothingOnDisk();
    }

    void withoutAnyKeyItSaysSo() {
        fs::remove_all(m_root / "keys");
        QCOMPARE(fetch(), std::string("PACKAGE_NO_KEYS"));
    }

    void anotherAgentsPackageIsRefused() {
        m_entry.agent = "logger";
        QCOMPARE(fetch(), std::string(agent::reconcile::kPackageMismatch));
        verifyNothingOnDisk();
    }

    void anotherVersionThanToldIsRefused() {
        m_entry.version = "2";
        QCOMPARE(fetch(), std::string(agent::reconcile::kPackageMismatch));
        verifyNothingOnDisk();
    }

    /// faults.md A2: nothing on the disk changes, not even by its manifest.
    void aPackageForAnotherMachineTypeIsRefused() {
        m_type = "WINDOWS";
        QCOMPARE(fetch(), std::string(agent::reconcile::kPreflightType));
        verifyNothingOnDisk();
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
