// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "agent/platform/linux/linux_process_launcher.h"
#include "agent/platform/linux/pidfd.h"
#include "agent/platform/platform.h"
#include "agent/platform/posix/hanging_children.h"
#include "agent/platform/posix/unique_fd.h"
#include "shared/base/exhaustion.h"
#include "tests/support/address_sanitizer.h"

namespace ifrit::tests {

using namespace agent::platform;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

/// A lease on a file holds whoever else opens it in the kernel, as a server does that does not
/// answer: until the lease is given up, or for /proc/sys/fs/lease-break-time (45 s).
class Lease {
public:
    explicit Lease(const std::string& path) : m_file(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        m_isHeld = ::fcntl(m_file.get(), F_SETLEASE, F_WRLCK) == 0;
    }
    bool isHeld() const { return m_isHeld; }

private:
    UniqueFd m_file;
    bool m_isHeld = false;
};

class HangingLaunchTest : public QObject {
    Q_OBJECT

    const Platform m_platform = *makePlatform();
    std::unique_ptr<QTemporaryDir> m_directory;

    std::string path(const char* name) const {
        return m_directory->filePath(QString::fromLatin1(name)).toStdString();
    }
    /// A program of the system, with the name of its dynamic loader replaced by one of ours.
    bool makeProgram(const std::string& program, const std::string& loader) const {
        QFile from(QStringLiteral("/bin/true"));
        if (!from.open(QIODevice::ReadOnly)) return false;
        QByteArray bytes = from.readAll();
        const auto begin = bytes.indexOf("/lib");
        const auto end = bytes.indexOf('\0', begin);
        if (begin < 0 || loader.size() > static_cast<std::size_t>(end - begin)) return false;
        bytes.replace(begin, end - begin,
                      QByteArray::fromStdString(loader).leftJustified(
                          static_cast<qsizetype>(end - begin), '\0'));
        QFile to(QString::fromStdString(program));
        return to.open(QIODevice::WriteOnly) && to.write(bytes) == bytes.size() &&
               to.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    }

private Q_SLOTS:
    void init() {
        ::signal(SIGIO, SIG_IGN);  // whoever holds a lease is told by it
        m_directory = std::make_unique<QTemporaryDir>(QStringLiteral("/dev/shm/h-XXXXXX"));
        QVERIFY(m_directory->isValid());
    }

    /// Callers hold locks: an agent on a mount that is gone must not hold all others.
    void aLaunchThatHangsEndsInTime_data() {
        QTest::addColumn<bool>("isChecked");
        QTest::newRow("its program") << false;
        QTest::newRow("a checked program") << true;
    }
    void aLaunchThatHangsEndsInTime() {
        QFETCH(bool, isChecked);
        if (isChecked && kHasAddressSanitizer)
            QSKIP("the sanitizer must trace the program at its end");
        const std::string loader = path("ld");
        const std::string program = path("program");
        QVERIFY(QFile::copy(QStringLiteral("/bin/true"), QString::fromStdString(loader)));
        QVERIFY(makeProgram(program, loader));
        LinuxProcessLauncher launcher(*m_platform.processes, milliseconds(200));
        LaunchSpec spec;
        spec.command = {program};
        spec.workingDirectory = m_directory->path().toStdString();
        if (isChecked) spec.checkProgram = [](int) { return absl::OkStatus(); };

        const Lease lease(loader);
        QVERIFY(lease.isHeld());
        pid_t child = 0;
        const auto begin = SteadyClock::now();
        const auto hung = launcher.launch(spec, [&](const ProcessId& held) {
            child = held.pid;
            return absl::OkStatus();
        });
        // Far below what the lease takes.
        QVERIFY(SteadyClock::now() - begin < std::chrono::seconds(30));
        QCOMPARE(base::errorInfo(hung.status()).reason, std::string(kStartHangs));
        QVERIFY(base::isExhaustion(hung.status()));
        const std::string message = base::messageOf(hung.status());
        QVERIFY2(message.find(program) != std::string::npos, message.c_str());
        QVERIFY2(message.find(spec.workingDirectory) != std::string::npos, message.c_str());
        // It never gets to its program, and another program is not held up by it.
        LaunchSpec other;
        other.command = {"/bin/true"};
        const auto started = launcher.launch(other);
        QVERIFY2(started.ok(), base::messageOf(started.status()).c_str());
        ::waitpid(started->pid, nullptr, 0);
        QTRY_VERIFY(isReaped(child));
    }

    /// Of a hard mount nothing ends them: each retry would add one.
    void whatStillHangsIsNotStartedAgain() {
        const pid_t child = ::fork();
        if (child == 0) {
            ::alarm(60);  // not longer than a test that fails
            ::pause();
            ::_exit(0);
        }
        HangingChildren hanging;
        LaunchSpec spec;
        spec.command = {"/bin/true", "--argument"};
        spec.workingDirectory = "/data";
        QVERIFY(!hanging.of(spec));
        hanging.add(spec, child);
        QCOMPARE(hanging.of(spec), std::optional(child));
        LaunchSpec elsewhere = spec;
        elsewhere.workingDirectory = "/other";
        QVERIFY(!hanging.of(elsewhere));
        LaunchSpec another = spec;
        another.command = {"/bin/false"};
        QVERIFY(!hanging.of(another));

        ::kill(child, SIGKILL);
        siginfo_t ended{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
        QVERIFY(!hanging.of(spec));
        QCOMPARE(::waitpid(child, nullptr, WNOHANG), -1);  // it is reaped
    }

    /// Of a program that was there already it is what it was told to do that hangs.
    void whatHangsIsKnownByItsWholeCommand_data() {
        QTest::addColumn<bool>("byHandle");
        QTest::newRow("by a handle") << true;
        QTest::newRow("by its number") << false;
    }
    void whatHangsIsKnownByItsWholeCommand() {
        QFETCH(bool, byHandle);
        const pid_t child = ::fork();
        if (child == 0) {
            ::alarm(60);  // not longer than a test that fails
            ::pause();
            ::_exit(0);
        }
        HangingChildren hanging(HangingChildren::Alike::Command);
        LaunchSpec spec;
        spec.command = {"/bin/sh", "-c", "probe"};
        hanging.add(spec, child, byHandle ? openPidfd(child) : UniqueFd());
        QCOMPARE(hanging.of(spec), std::optional(child));
        LaunchSpec another = spec;
        another.command.back() = "another probe";
        QVERIFY(!hanging.of(another));

        ::kill(child, SIGKILL);
        siginfo_t ended{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
        QVERIFY(!hanging.of(spec));
        QCOMPARE(::waitpid(child, nullptr, WNOHANG), -1);  // it is reaped
    }

    /// Whoever reaped it in another way has left its number to anybody, as to another child of
    /// ours.
    void aHandleIsOfItsOwnChildAlone() {
        const pid_t gone = ::fork();
        if (gone == 0) ::_exit(0);
        UniqueFd handle = openPidfd(gone);
        QVERIFY(handle.valid());
        QCOMPARE(::waitpid(gone, nullptr, 0), gone);
        const pid_t another = ::fork();
        if (another == 0) {
            ::alarm(60);  // not longer than a test that fails
            ::pause();
            ::_exit(0);
        }
        HangingChildren hanging;
        LaunchSpec spec;
        spec.command = {"/bin/true"};
        hanging.add(spec, another, std::move(handle));
        QVERIFY(!hanging.of(spec));
        ::kill(another, SIGKILL);
        QCOMPARE(::waitpid(another, nullptr, 0), another);
    }

    void aLaunchThatIsNotHungIsNotHeldToIt() {
        LinuxProcessLauncher launcher(*m_platform.processes);
        LaunchSpec spec;
        spec.command = {"/bin/true"};
        spec.workingDirectory = path("none");
        const absl::Status failed = launcher.launch(spec).status();
        QCOMPARE(base::errorInfo(failed).reason, std::string("SYSTEM"));
        QVERIFY(!base::isExhaustion(failed));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::HangingLaunchTest)
#include "tst_hanging_launch.moc"
