// SPDX-License-Identifier: Apache-2.0
// faults.md C5: whatever is done to an installed version is undone from its archive.
#include <fcntl.h>
#include <sys/stat.h>

#include <QTest>
#include <functional>

#include "agent/integrity/file_restorer.h"
#include "tests/agent/integrity/installed_package.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

struct Damage {
    const char* name;
    std::function<void(const fs::path&)> act;
};

const std::vector<Damage>& damages() {
    static const std::vector<Damage> kDamages{
        {"content", [](const fs::path& root) { std::ofstream(root / "bin/app") << "evil"; }},
        {"a byte",
         [](const fs::path& root) { std::ofstream(root / "licence", std::ios::in) << "D"; }},
        {"a deleted file", [](const fs::path& root) { fs::remove(root / "licence"); }},
        {"a deleted directory", [](const fs::path& root) { fs::remove_all(root / "etc"); }},
        {"the whole version", [](const fs::path& root) { fs::remove_all(root); }},
        {"a mode",
         [](const fs::path& root) { fs::permissions(root / "licence", fs::perms(0666)); }},
        {"setuid", [](const fs::path& root) { ::chmod((root / "bin/app").c_str(), 04755); }},
        {"the mode of a directory",
         [](const fs::path& root) { fs::permissions(root / "etc", fs::perms(0777)); }},
        {"the mode of the version",
         [](const fs::path& root) { fs::permissions(root, fs::perms(0700)); }},
        {"an added file", [](const fs::path& root) { std::ofstream(root / "bin/evil") << "x"; }},
        {"an added link",
         [](const fs::path& root) { fs::create_symlink("/etc", root / "etc/conf.d/link"); }},
        {"an added fifo", [](const fs::path& root) { ::mkfifo((root / "pipe").c_str(), 0600); }},
        {"added directories",
         [](const fs::path& root) {
             InstalledPackage::put(root / "more/and/more/file", "x", 0644);
             InstalledPackage::put(root / "more/other", "x", 0644);
         }},
        {"a link that points elsewhere",
         [](const fs::path& root) {
             fs::remove(root / "run");
             fs::create_symlink("/bin/sh", root / "run");
         }},
        {"a link in place of a file",
         [](const fs::path& root) {
             fs::remove(root / "bin/app");
             fs::create_symlink("/bin/sh", root / "bin/app");
         }},
        {"a link in place of a directory",
         [](const fs::path& root) {
             fs::rename(root / "etc", root.parent_path() / "outside");
             fs::create_symlink("../outside", root / "etc");
         }},
        {"a link in place of the version",
         [](const fs::path& root) {
             fs::rename(root, root.parent_path() / "outside");
             fs::create_symlink("outside", root);
         }},
        {"a file in place of a directory",
         [](const fs::path& root) {
             fs::remove_all(root / "etc");
             std::ofstream(root / "etc") << "x";
         }},
        {"a full directory in place of a file",
         [](const fs::path& root) {
             fs::remove(root / "licence");
             InstalledPackage::put(root / "licence/a/b", "x", 0644);
         }},
        {"empty directories in place of a link",
         [](const fs::path& root) {
             fs::remove(root / "run");
             fs::create_directories(root / "run/a/b");
         }},
        {"everything at once",
         [](const fs::path& root) {
             InstalledPackage::put(root / "more/file", "x", 0644);
             std::ofstream(root / "bin/app") << "evil";
             fs::remove_all(root / "etc");
             fs::permissions(root / "licence", fs::perms(0600));
             fs::remove(root / "run");
         }},
    };
    return kDamages;
}

}  // namespace

class FileRestorerTest : public QObject {
    Q_OBJECT

    std::unique_ptr<InstalledPackage> m_package;
    int m_undone = 0;

    absl::Status restore() {
        const auto drifts = m_package->drift();
        return agent::integrity::restoreFiles(
            {m_package->root.string(), (m_package->base / ".repair").string(),
             m_package->archive.string(), m_package->manifest, drifts});
    }

private Q_SLOTS:
    void init() { m_package = std::make_unique<InstalledPackage>(); }

    void everyDamageIsUndone_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < static_cast<int>(damages().size()); ++i)
            QTest::addRow("%s", damages()[static_cast<std::size_t>(i)].name) << i;
    }
    void everyDamageIsUndone() {
        QFETCH(int, index);
        QVERIFY(m_package->drift().empty());
        damages()[static_cast<std::size_t>(index)].act(m_package->root);
        QVERIFY(!m_package->drift().empty());
        const absl::Status status = restore();
        QVERIFY2(status.ok(), status.ToString().c_str());
        QVERIFY(m_package->drift().empty());
        QVERIFY(!fs::exists(m_package->base / ".repair"));
        ++m_undone;
    }
    void cleanupTestCase() {
        printFaultRow("C5", "files are put back", m_undone, static_cast<int>(damages().size()),
                      "kinds of damage");
    }

    void nothingBehindALinkIsTouched() {
        const fs::path outside = m_package->base / "outside";
        fs::rename(m_package->root / "etc", outside);
        InstalledPackage::put(outside / "mine", "kept", 0600);
        fs::create_symlink("../outside", m_package->root / "etc");
        QVERIFY(restore().ok());
        QVERIFY(fs::exists(outside / "mine") && fs::exists(outside / "conf.d/app.toml"));
        QVERIFY(fs::is_directory(fs::symlink_status(m_package->root / "etc")));
    }

    void whoHoldsTheOldFileOpenWritesIntoNothing() {
        fs::permissions(m_package->root / "licence", fs::perms(0666));
        std::ofstream writer(m_package->root / "licence", std::ios::in);
        QVERIFY(restore().ok());
        writer << "EVIL" << std::flush;
        QVERIFY(m_package->drift().empty());
    }

    void aBadArchiveChangesNothing_data() {
        QTest::addColumn<QByteArray>("reason");
        QTest::addColumn<int>("cut");
        QTest::newRow("changed") << QByteArray("PACKAGE_ARCHIVE") << 0;
        QTest::newRow("cut") << QByteArray("PACKAGE_DIGEST") << 10;
    }
    void aBadArchiveChangesNothing() {
        QFETCH(QByteArray, reason);
        QFETCH(int, cut);
        std::string bytes = *base::readFile(m_package->archive.string(), 64U << 20);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        std::ofstream(m_package->archive) << bytes.substr(static_cast<std::size_t>(cut));
        fs::remove(m_package->root / "licence");
        const absl::Status status = restore();
        QCOMPARE(QByteArray::fromStdString(base::errorInfo(status).reason), reason);
        QCOMPARE(m_package->drift().size(), std::size_t(1));
        QVERIFY(!fs::exists(m_package->base / ".repair"));
    }

    void withoutAnArchiveItSaysSo() {
        fs::remove(m_package->archive);
        fs::remove(m_package->root / "licence");
        QVERIFY(absl::IsNotFound(restore()));
    }

    void whatNeedsNoArchiveIsMendedWithoutOne() {
        fs::remove(m_package->archive);
        std::ofstream(m_package->root / "bin/evil") << "x";
        fs::permissions(m_package->root / "bin", fs::perms(0777));
        QVERIFY(restore().ok());
        QVERIFY(m_package->drift().empty());
    }

    void leftoversOfAKillAreNoHindrance() {
        InstalledPackage::put(m_package->base / ".repair/bin/app", "half", 0600);
        fs::remove(m_package->root / "bin/app");
        QVERIFY(restore().ok());
        QVERIFY(m_package->drift().empty());
    }

    void aDirectoryThatHoldsWhatNobodyListedStays() {
        // Too deep to be looked into: nobody knows what is in there, so a person must decide.
        fs::path deep = m_package->root / "deep";
        for (int i = 0; i < agent::integrity::TreeScanner::kMaxDepth + 2; ++i)
            deep /= "d";
        InstalledPackage::put(deep / "file", "x", 0644);
        fs::remove(m_package->root / "licence");
        const absl::Status status = restore();
        QCOMPARE(base::errorInfo(status).reason, std::string("REPAIR_BLOCKED"));
        QVERIFY(fs::exists(deep / "file"));
        QVERIFY2(fs::exists(m_package->root / "licence"), "the rest is mended all the same");
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::FileRestorerTest)
#include "tst_file_restorer.moc"
