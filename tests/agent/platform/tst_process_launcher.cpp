// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

#include "tests/agent/support/few_descriptors.h"
#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/without_calls.h"
#include "tests/support/address_sanitizer.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::agent::platform;

class ProcessLauncherTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *makePlatform(); }
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }
    void surroundingsAreAsTheSpecSays();
    void noDescriptorIsInheritedOnAnOldKernel_data();
    void noDescriptorIsInheritedOnAnOldKernel();
    void anEarlyHangupWaits();
    void failuresNameTheStep_data();
    void failuresNameTheStep();
    void identityIsKnownBeforeTheProgramRuns();
    void refusedLaunchRunsNothing();
    void deathOfTheLauncherEndsAHeldChild();
    void runsAsAnotherAccount();
    void theCheckedProgramRuns();
    void aProgramThatFailsItsCheckIsNotRun();
    void aProgramSwappedAfterItsCheckNeverRuns_data();
    void aProgramSwappedAfterItsCheckNeverRuns();
    void whereTracingIsRefusedTheCheckedProgramRunsAllTheSame();
    void aCheckedScriptRuns();
    void aSignalBeforeTheProgramTakesItsCourse();

private:
    std::string output() const { return m_dir->filePath(QStringLiteral("out")).toStdString(); }
    LaunchSpec spec(std::vector<std::string> arguments) const {
        LaunchSpec made;
        made.command = {tests::misbehavingAgent()};
        made.command.insert(made.command.end(), arguments.begin(), arguments.end());
        made.outputFile = output();
        return made;
    }
    int endOf(const ProcessId& process) const {
        int status = -1;
        ::waitpid(process.pid, &status, 0);
        return status;
    }

    Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
};

void ProcessLauncherTest::surroundingsAreAsTheSpecSays() {
    const int leaked = ::open("/dev/null", O_RDONLY);  // without O_CLOEXEC
    struct sigaction ignored {};
    ignored.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignored, nullptr);
    sigset_t blocked;
    sigset_t before;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    ::setenv("HOME", "/of/the/launcher", 1);

    LaunchSpec surroundings = spec({"surroundings"});
    surroundings.workingDirectory = "/tmp";
    surroundings.environment = {{"VARIABLE", "a b=c"}};
    surroundings.limits.openFiles = 77;
    const auto process = m_platform.launcher->launch(surroundings);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    ::close(leaked);
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    QCOMPARE(endOf(*process), 0);
    QCOMPARE(tests::fileText(output()),
             std::string("leads session: 1\ndirectory: /tmp\nuid: ") + std::to_string(::getuid()) +
                 "\nopen files: 77\nSIGTERM blocked: 0\nSIGPIPE default: 1\nVARIABLE=a b=c\n"
                 "HOME=(none)\ninherited descriptors: 0\n");
}

void ProcessLauncherTest::noDescriptorIsInheritedOnAnOldKernel_data() {
    QTest::addColumn<bool>("isListed");
    QTest::addColumn<int>("leaked");
    QTest::newRow("low") << true << 60;
    // Also one that is above what the limit is now.
    QTest::newRow("high") << true << 5'000;
    QTest::newRow("low, nothing lists them") << false << 60;
}
/// Before close_range(2) each number was tried, up to a limit that may be 2^30, while the launcher
/// waited.
void ProcessLauncherTest::noDescriptorIsInheritedOnAnOldKernel() {
    QFETCH(bool, isListed);
    QFETCH(int, leaked);
    QVERIFY(::dup2(STDIN_FILENO, leaked) == leaked);
    LaunchSpec shell = spec({});
    shell.command = {
        "/bin/sh", "-c",
        "test -e /proc/self/fd/2 && ! test -e /proc/self/fd/" + std::to_string(leaked)};
    int end = -1;
    const auto launch = [&] {
        const tests::FewDescriptors few(100);
        const auto process = m_platform.launcher->launch(shell);
        if (process.ok()) end = endOf(*process);
    };
    isListed ? tests::withoutCalls({SYS_close_range}, ENOSYS, launch)
             : tests::withoutCalls({SYS_close_range, SYS_getdents64}, ENOSYS, launch);
    ::close(leaked);
    QCOMPARE(end, 0);
}

void ProcessLauncherTest::anEarlyHangupWaits() {
    LaunchSpec early = spec({"surroundings"});
    early.hangup = LaunchSpec::Hangup::Waits;
    const auto hangUp = [](const ProcessId& held) {
        ::kill(held.pid, SIGHUP);
        return absl::OkStatus();
    };
    const auto process = m_platform.launcher->launch(early, hangUp);
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    QCOMPARE(endOf(*process), 0);
    QVERIFY(tests::fileText(output()).find("SIGTERM blocked: 0\n") != std::string::npos);
}

void ProcessLauncherTest::failuresNameTheStep_data() {
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("directory");
    QTest::addColumn<QString>("outputFile");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("said");
    const int notFound = static_cast<int>(absl::StatusCode::kNotFound);
    QTest::newRow("missing") << "/no/such/program"
                             << ""
                             << "" << notFound << "/no/such/program";
    QTest::newRow("not executable")
        << "/etc/passwd"
        << ""
        << "" << static_cast<int>(absl::StatusCode::kPermissionDenied) << "/etc/passwd";
    QTest::newRow("relative") << "program"
                              << ""
                              << "" << static_cast<int>(absl::StatusCode::kInvalidArgument)
                              << "absolute path";
    QTest::newRow("empty") << ""
                           << ""
                           << "" << static_cast<int>(absl::StatusCode::kInvalidArgument)
                           << "absolute path";
    QTest::newRow("NUL") << QString(QStringLiteral("/bin/true") + QChar(0)) << ""
                         << "" << static_cast<int>(absl::StatusCode::kInvalidArgument)
                         << "holds a NUL";
    QTest::newRow("directory") << "/bin/true"
                               << "/no/such/directory"
                               << "" << notFound << "/no/such/directory";
    QTest::newRow("output") << "/bin/true"
                            << ""
                            << "/no/such/file" << notFound << "/no/such/file";
}

void ProcessLauncherTest::failuresNameTheStep() {
    QFETCH(QString, program);
    QFETCH(QString, directory);
    QFETCH(QString, outputFile);
    QFETCH(int, code);
    QFETCH(QString, said);
    LaunchSpec bad;
    bad.command = {program.toStdString()};
    bad.workingDirectory = directory.toStdString();
    bad.outputFile = outputFile.toStdString();
    const auto process = m_platform.launcher->launch(bad);
    QCOMPARE(static_cast<int>(process.status().code()), code);
    const auto message = QString::fromStdString(base::messageOf(process.status()));
    QVERIFY2(message.contains(said), qPrintable(message));
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);  // no zombie left
}

void ProcessLauncherTest::identityIsKnownBeforeTheProgramRuns() {
    ProcessId early;
    std::string outputThen = "unread";
    const auto process =
        m_platform.launcher->launch(spec({"say", "hello"}), [&](const ProcessId& held) {
            early = held;
            outputThen = tests::fileText(output());
            return m_platform.processes->isAlive(held) ? absl::OkStatus()
                                                       : absl::InternalError("not alive");
        });
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    QVERIFY(*process == early);
    QCOMPARE(outputThen, std::string());
    QCOMPARE(endOf(*process), 0);
    QCOMPARE(tests::fileText(output()), std::string("hello\n"));
}

void ProcessLauncherTest::refusedLaunchRunsNothing() {
    const auto process = m_platform.launcher->launch(spec({"say", "hello"}), [](const ProcessId&) {
        return base::failedPrecondition("NO", "", "not now");
    });
    QCOMPARE(base::errorInfo(process.status()).reason, std::string("NO"));
    QCOMPARE(::waitpid(-1, nullptr, WNOHANG), -1);
    QCOMPARE(tests::fileText(output()), std::string());
}

void ProcessLauncherTest::deathOfTheLauncherEndsAHeldChild() {
    int report[2];
    QCOMPARE(::pipe(report), 0);
    const pid_t launcher = ::fork();
    if (launcher == 0) {
        // Dies at the worst moment: the child exists, and nothing has recorded it.
        m_platform.launcher
            ->launch(spec({"say", "hello"}),
                     [&](const ProcessId& held) {
                         [[maybe_unused]] const ssize_t written =
                             ::write(report[1], &held.pid, sizeof held.pid);
                         ::kill(::getpid(), SIGKILL);
                         return absl::OkStatus();
                     })
            .IgnoreError();
        ::_exit(0);
    }
    std::int32_t held = 0;
    QCOMPARE(::read(report[0], &held, sizeof held), ssize_t{sizeof held});
    ::close(report[0]);
    ::close(report[1]);
    ::waitpid(launcher, nullptr, 0);
    QVERIFY(tests::waitUntil([&] {
        const auto found = m_platform.processes->identify(held);
        return !found.ok() || !m_platform.processes->isAlive(*found);
    }));
    QCOMPARE(tests::fileText(output()), std::string());
}

void ProcessLauncherTest::runsAsAnotherAccount() {
    QCOMPARE(base::errorInfo(m_platform.users->find("no-such-user-here").status()).reason,
             std::string("NO_SUCH_USER"));
    const auto nobody = m_platform.users->find("nobody");
    QVERIFY(nobody.ok());
    LaunchSpec other = spec({"surroundings"});
    other.command[0] = "/usr/bin/id";  // nobody may not enter the build directory
    other.command[1] = "-u";
    other.account = *nobody;
    const auto process = m_platform.launcher->launch(other);
    if (::getuid() != 0) {
        QVERIFY(absl::IsPermissionDenied(process.status()));
        QVERIFY(base::messageOf(process.status()).find("nobody") != std::string::npos);
        return;
    }
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    QCOMPARE(endOf(*process), 0);
    QCOMPARE(tests::fileText(output()), std::to_string(nobody->userId) + "\n");
}

void ProcessLauncherTest::theCheckedProgramRuns() {
    LaunchSpec checked = spec({"exit", "3"});
    int checks = 0;
    checked.checkProgram = [&](int descriptor) -> absl::Status {
        ++checks;
        char magic[4] = {};
        if (::pread(descriptor, magic, sizeof magic, 0) != 4 || magic[1] != 'E')
            return absl::InternalError("no program");
        return absl::OkStatus();
    };
    const auto process = m_platform.launcher->launch(checked);
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    const int status = endOf(*process);
    QVERIFY(WIFEXITED(status));
    QCOMPARE(WEXITSTATUS(status), 3);
    QCOMPARE(checks, 1);
}

void ProcessLauncherTest::aProgramThatFailsItsCheckIsNotRun() {
    LaunchSpec checked = spec({"exit", "3"});
    checked.checkProgram = [](int) { return absl::DataLossError("not the signed one"); };
    QVERIFY(absl::IsDataLoss(m_platform.launcher->launch(checked).status()));
    QVERIFY(!QFile::exists(QString::fromStdString(output())));
}

// faults.md A13: file swapped between verify and use.
void ProcessLauncherTest::aProgramSwappedAfterItsCheckNeverRuns_data() {
    QTest::addColumn<bool>("inPlace");
    QTest::newRow("another file under its name") << false;
    QTest::newRow("other bytes in the same file") << true;
}
void ProcessLauncherTest::aProgramSwappedAfterItsCheckNeverRuns() {
    QFETCH(bool, inPlace);
    const QString program = m_dir->filePath(QStringLiteral("program"));
    const QString other = m_dir->filePath(QStringLiteral("other"));
    const QString original = QString::fromStdString(tests::misbehavingAgent());
    // Were it run, it would say so in its output file.
    constexpr int kAttempts = 50;
    tests::FaultTally swaps;
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        QFile::remove(program);
        QVERIFY(QFile::copy(original, program));
        QFile::remove(other);
        QVERIFY(QFile::copy(QStringLiteral("/bin/echo"), other));
        LaunchSpec checked = spec({"it ran"});
        checked.command[0] = program.toStdString();
        checked.checkProgram = [](int) { return absl::OkStatus(); };
        // As late as it can be: the process is there and waits for its program.
        const auto process = m_platform.launcher->launch(checked, [&](const ProcessId&) {
            if (!inPlace) {
                QFile::remove(program);
                QFile::rename(other, program);
            } else {
                QFile bytes(other);
                QFile target(program);
                const bool written = bytes.open(QIODevice::ReadOnly) &&
                                     target.open(QIODevice::WriteOnly) &&
                                     target.write(bytes.readAll()) > 0;
                if (!written) return absl::InternalError("the test could not swap it");
            }
            return absl::OkStatus();
        });
        const std::string reason = base::errorInfo(process.status()).reason;
        const std::string said = tests::fileText(output());
        swaps.count(reason == "PROGRAM_SWAPPED" && said.empty(), reason + ", it says: " + said);
    }
    swaps.print("A13", inPlace ? "written to before its start" : "replaced before its start",
                "swaps");
    QCOMPARE(swaps.failed(), std::string());
}

void ProcessLauncherTest::whereTracingIsRefusedTheCheckedProgramRunsAllTheSame() {
    if (tests::kHasAddressSanitizer) QSKIP("the sanitizer must trace the program at its end");
    // A process that is traced already, as each child of a traced program is, cannot ask for it.
    const QString strace = QStandardPaths::findExecutable(QStringLiteral("strace"));
    QVERIFY2(!strace.isEmpty(), "strace is needed; tools/setup installs it");
    const QString trace = m_dir->filePath(QStringLiteral("trace"));
    QProcess traced;
    traced.start(strace, {QStringLiteral("-f"), QStringLiteral("-o"), trace, QStringLiteral("-e"),
                          QStringLiteral("trace=ptrace"), QCoreApplication::applicationFilePath(),
                          QStringLiteral("theCheckedProgramRuns")});
    QVERIFY(traced.waitForFinished(30'000));
    QVERIFY2(traced.exitCode() == 0, traced.readAllStandardOutput());
    const std::string calls = tests::fileText(trace.toStdString());
    QVERIFY2(calls.find("PTRACE_TRACEME") != std::string::npos &&
                 calls.find("EPERM") != std::string::npos,
             calls.c_str());
}

void ProcessLauncherTest::aCheckedScriptRuns() {
    const QString script = m_dir->filePath(QStringLiteral("script"));
    QFile file(script);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("#!/bin/sh\necho $0\n");
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    LaunchSpec checked = spec({});
    checked.command = {script.toStdString()};
    checked.checkProgram = [](int) { return absl::OkStatus(); };
    const auto process = m_platform.launcher->launch(checked);
    QVERIFY2(process.ok(), base::messageOf(process.status()).c_str());
    QCOMPARE(endOf(*process), 0);
    QCOMPARE(tests::fileText(output()), script.toStdString() + "\n");
}

void ProcessLauncherTest::aSignalBeforeTheProgramTakesItsCourse() {
    LaunchSpec checked = spec({"hang"});
    checked.checkProgram = [](int) { return absl::OkStatus(); };
    const auto process = m_platform.launcher->launch(checked, [](const ProcessId& held) {
        ::kill(held.pid, SIGTERM);
        return absl::OkStatus();
    });
    QVERIFY(!process.ok() || WIFSIGNALED(endOf(*process)));
}

QTEST_GUILESS_MAIN(ProcessLauncherTest)
#include "tst_process_launcher.moc"
