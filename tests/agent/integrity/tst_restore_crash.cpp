// SPDX-License-Identifier: Apache-2.0
// FAULTS.md D1 for repairs: killed before every system call that changes the disk, each file is the
// damaged one or the signed one, never a part, and the next repair leaves nothing to do.
#include <QProcess>
#include <QStandardPaths>
#include <QtTest/QtTest>

#include "shared/crypto/sha256.h"
#include "tests/agent/integrity/installed_package.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

namespace {

namespace fs = std::filesystem;

/// strace counts each of them by itself.
constexpr const char* kChanges[] = {"mkdir",     "mkdirat", "openat",   "write",    "fchmod",
                                    "fchown",    "fsync",   "rename",   "renameat", "renameat2",
                                    "symlinkat", "unlink",  "unlinkat", "rmdir"};

}  // namespace

class RestoreCrashTest : public QObject {
    Q_OBJECT

    std::unique_ptr<InstalledPackage> m_package;

    fs::path staging() const { return m_package->base / ".repair"; }
    QStringList driver() const {
        QStringList words{QStringLiteral(IFRIT_BINARY_DIR "/tests/restore_driver")};
        for (const fs::path& path :
             {m_package->root, staging(), m_package->archive, m_package->manifestFile})
            words << QString::fromStdString(path.string());
        return words;
    }
    static int run(QStringList words) {
        QProcess process;
        const QString program = words.takeFirst();
        process.start(program, words);
        if (!process.waitForFinished(60'000)) return -1;
        return process.exitStatus() == QProcess::CrashExit ? 137 : process.exitCode();
    }
    void damage() {
        InstalledPackage::put(m_package->root / "bin/evil", "x", 0755);
        InstalledPackage::put(m_package->root / "more/file", "x", 0644);
        InstalledPackage::put(m_package->root / "bin/app", kEvil, 0755);
        fs::remove_all(m_package->root / "etc");
        fs::permissions(m_package->root, fs::perms(0777));
    }
    /// Each listed file is as it was damaged or as it was signed.
    void checkWhole(const QByteArray& where) {
        const auto app = base::readFile((m_package->root / "bin/app").string(), 1U << 20);
        QVERIFY2(app.ok() && (*app == kEvil || crypto::sha256Hex(*app) == m_appDigest), where);
        const fs::path toml = m_package->root / "etc/conf.d/app.toml";
        if (fs::exists(toml)) {
            QVERIFY2(*base::readFile(toml.string(), 100) == "x = 1\n", where);
        }
    }

    /// How often the repair makes this call: killed before each in turn.
    int killBeforeEach(const QString& strace, const char* change) {
        for (int point = 1;; ++point) {
            damage();
            const QString inject = QStringLiteral("inject=%1:signal=KILL:when=%2");
            QStringList words{strace, QStringLiteral("-qq"), QStringLiteral("-o"),
                              QStringLiteral("/dev/null"), QStringLiteral("-e")};
            words << inject.arg(QLatin1String(change)).arg(point);
            const int code = run(words + driver());
            const QByteArray where = QByteArray(change) + ' ' + QByteArray::number(point);
            checkWhole(where);
            if (code == 0) return point - 1;
            if (code != 137 || run(driver()) != 0 || !m_package->drift().empty() ||
                fs::exists(staging())) {
                QTest::qFail(where, __FILE__, __LINE__);
                return 0;
            }
        }
    }

    static constexpr char kEvil[] = "evil";
    std::string m_appDigest;

private Q_SLOTS:
    void killedBeforeEveryChange() {
        const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
        QVERIFY2(!strace.isEmpty(), "strace is needed; tools/setup installs it");
        m_package = std::make_unique<InstalledPackage>();
        m_appDigest = *crypto::sha256File(m_package->root / "bin/app");
        int points = 0;
        for (const char* change : kChanges)
            points += killBeforeEach(strace, change);
        QVERIFY2(!QTest::currentTestFailed() && points > 50, "too few points were tried");
        printFaultRow("D1", "repair", points, points, "crash points");
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::RestoreCrashTest)
#include "tst_restore_crash.moc"
