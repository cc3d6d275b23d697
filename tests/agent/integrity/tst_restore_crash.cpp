// SPDX-License-Identifier: Apache-2.0
// faults.md D1 and D3 for repairs: killed before every system call that changes the disk, or told
// that it failed, each file is the damaged one or the signed one, never a part, and the next repair
// leaves nothing to do.
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "shared/crypto/sha256.h"
#include "tests/agent/integrity/installed_package.h"
#include "tests/support/built_programs.h"
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

    QString m_strace;
    std::unique_ptr<InstalledPackage> m_package;

    fs::path staging() const { return m_package->base / ".repair"; }
    QStringList driver() const {
        QStringList words{QString::fromStdString(built("tests/restore_driver"))};
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
        return process.exitStatus() == QProcess::CrashExit ? kKilled : process.exitCode();
    }
    void damage() {
        InstalledPackage::put(m_package->root / "bin/evil", "x", 0755);
        InstalledPackage::put(m_package->root / "more/file", "x", 0644);
        InstalledPackage::put(m_package->root / "bin/app", kEvil, 0755);
        fs::remove_all(m_package->root / "etc");
        fs::permissions(m_package->root, fs::perms(0777));
    }
    /// Each listed file is as it was damaged or as it was signed.
    bool isWhole() const {
        const auto app = base::readFile((m_package->root / "bin/app").string(), 1U << 20);
        if (!app.ok() || (*app != kEvil && crypto::sha256Hex(*app) != m_appDigest)) return false;
        const fs::path toml = m_package->root / "etc/conf.d/app.toml";
        return !fs::exists(toml) || *base::readFile(toml.string(), 100) == "x = 1\n";
    }

    fs::path trace() const { return m_package->base / "trace"; }
    bool wasInjected(int code) const {
        return code == kKilled ||
               base::readFile(trace().string(), 16U << 20)->find("(INJECTED)") != std::string::npos;
    }

    /// Of each time that the repair makes this call, in a run of its own, it is met by `fault`.
    void injectIntoEach(const char* change, const char* fault, FaultTally& points) {
        for (int point = 1;; ++point) {
            damage();
            const QString inject = QStringLiteral("inject=%1:%2:when=%3")
                                       .arg(QLatin1String(change), QLatin1String(fault))
                                       .arg(point);
            const int code = run(QStringList{m_strace, QStringLiteral("-qq"), QStringLiteral("-o"),
                                             QString::fromStdString(trace().string()),
                                             QStringLiteral("-e"), inject} +
                                 driver());
            const bool whole = isWhole();
            if (!wasInjected(code)) {
                QVERIFY2(code == 0 && whole, inject.toLatin1());
                return;
            }
            const bool mended = run(driver()) == 0 && m_package->drift().empty();
            points.count(whole && mended && !fs::exists(staging()), inject.toStdString());
        }
    }

    static constexpr int kKilled = 137;
    static constexpr char kEvil[] = "evil";
    std::string m_appDigest;

private Q_SLOTS:
    void initTestCase() {
        m_strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
        QVERIFY2(!m_strace.isEmpty(), "strace is needed; tools/setup installs it");
    }
    void init() {
        m_package = std::make_unique<InstalledPackage>();
        m_appDigest = *crypto::sha256File(m_package->root / "bin/app");
    }

    void killedBeforeEveryChange() {
        FaultTally points;
        for (const char* change : kChanges)
            injectIntoEach(change, "signal=KILL", points);
        points.print("D1", "repair", "crash points");
        QCOMPARE(points.failed(), std::string());
        QVERIFY2(points.total() > 50, "too few points were tried");
    }

    void everyChangeFails_data() {
        QTest::addColumn<QByteArray>("error");
        for (const char* error : {"ENOSPC", "EIO", "EROFS"})
            QTest::newRow(error) << QByteArray(error);
    }
    void everyChangeFails() {
        QFETCH(QByteArray, error);
        FaultTally points;
        for (const char* change : kChanges) {
            // Opening fails for the program loader as well, which says nothing of the repair.
            if (std::string_view(change) == "openat") continue;
            injectIntoEach(change, "error=" + error, points);
        }
        points.print("D3", ("repair, " + error).toStdString(), "failing calls");
        QCOMPARE(points.failed(), std::string());
        QVERIFY2(points.total() > 20, "too few points were tried");
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::RestoreCrashTest)
#include "tst_restore_crash.moc"
