// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <filesystem>

#include "tests/fault/masters_cluster.h"
#include "tests/support/test_manifest.h"

using namespace ifrit::tests;

namespace {

/// Of the archives below `directory`, by their names, which are their digests.
std::vector<std::filesystem::path> archivesIn(const std::string& directory) {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
        // One that is on its way is beside its place.
        const bool isWhole = entry.path().extension() != ".part";
        if (entry.is_regular_file() && isWhole) out.push_back(entry.path());
    }
    return out;
}

}  // namespace

/// A backup through one of two real masters that has not every archive.
class TestBackupMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatOnlyTheOtherMasterHoldsIsInTheBackup() {
        MastersCluster cluster;
        QVERIFY(QTest::qWaitFor([&] { return cluster.leader() < 2; }, kPatience));
        QVERIFY(cluster.publish(0, "1", noiseOf(700'000)).ok());
        const std::string lacking = cluster.path("master1");
        QVERIFY(QTest::qWaitFor(
            [&] {
                return std::filesystem::exists(lacking + "/packages/sha256") &&
                       archivesIn(lacking + "/packages").size() == 1;
            },
            kPatience));
        const std::filesystem::path archive = archivesIn(lacking + "/packages").front();
        std::filesystem::remove(archive);
        const std::string said =
            cluster.run({"backup", "--dir", lacking, "--out", cluster.path("backup")});
        QVERIFY2(said.find("exporter 1: from " + cluster.address(0)) != std::string::npos,
                 said.c_str());
        QVERIFY2(said.find("without their archives") == std::string::npos, said.c_str());
        const auto kept = archivesIn(cluster.path("backup") + "/packages");
        QCOMPARE(kept.size(), std::size_t(1));
        QCOMPARE(kept.front().filename().string(), archive.filename().string());
    }
};

QTEST_GUILESS_MAIN(TestBackupMasters)
#include "tst_backup_masters.moc"
