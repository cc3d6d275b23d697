// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>

#include "agent/supervise/probe_check.h"
#include "agent/supervise/program_check.h"
#include "shared/base/clock.h"
#include "shared/crypto/sha256.h"
#include "tests/agent/support/launched_agent.h"

using namespace ifrit;
using namespace ifrit::agent;
using namespace ifrit::agent::supervise;
using namespace std::chrono_literals;

namespace {

constexpr char kSigned[] = "#!/bin/sh\necho signed\n";
constexpr char kOther[] = "#!/bin/sh\necho other > ran\n";

/// The machine's time, or later.
class LaterClock final : public base::Clock {
public:
    base::WallTime now() const override { return m_system.now() + later; }
    base::SteadyTime steadyNow() const override { return m_system.steadyNow() + later; }
    std::chrono::milliseconds later{0};

private:
    base::SystemClock m_system;
};

}  // namespace

/// That of a package's own programs nothing but the signed ones is run.
class SignedProgramsTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_path = m_dir->filePath(QStringLiteral("probe")).toStdString();
        write(kSigned);
        m_digest = crypto::sha256Hex(kSigned);
        m_clock.later = 0s;
    }
    void whatIsNotSignedIsRefused();
    void aProgramOfNobodyIsNotChecked() { QVERIFY(!programCheck("/bin/true", "")); }
    void whatWasReadIsReadAgainWhenItChanges();
    void whatChangedJustNowIsReadAgain();
    void aRefusalIsRemembered();
    void aFileOfATimeToComeIsRemembered();
    void aSwappedProbeDoesNotRun();

private:
    void write(const std::string& text) const {
        std::ofstream(m_path, std::ios::trunc) << text;
        std::filesystem::permissions(m_path, std::filesystem::perms::owner_all);
    }
    /// With a descriptor that cannot be read, only a check that does not read succeeds.
    absl::Status run(const platform::LaunchSpec::ProgramCheck& check, int flags) const {
        const int descriptor = ::open(m_path.c_str(), flags | O_CLOEXEC);
        const absl::Status status = check(descriptor);
        ::close(descriptor);
        return status;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
    std::string m_digest;
    LaterClock m_clock;
};

void SignedProgramsTest::whatIsNotSignedIsRefused() {
    const auto check = programCheck(m_path, m_digest);
    QVERIFY(run(check, O_RDONLY).ok());
    write(kOther);
    const absl::Status refused = run(check, O_RDONLY);
    QCOMPARE(base::errorInfo(refused).reason, std::string("PROGRAM_CHANGED"));
    QVERIFY(isRefusedProgram(refused));
    QVERIFY(!isRefusedProgram(absl::OkStatus()));
}

void SignedProgramsTest::whatWasReadIsReadAgainWhenItChanges() {
    m_clock.later = 10s;
    const auto check = rememberingProgramCheck(m_path, m_digest, m_clock);
    QVERIFY(!run(check, O_WRONLY).ok());
    QVERIFY(run(check, O_RDONLY).ok());
    QVERIFY(run(check, O_WRONLY).ok());
    // Of the same size, and with the times of the earlier one where they can be set.
    struct stat before {};
    QCOMPARE(::stat(m_path.c_str(), &before), 0);
    std::string same = kSigned;
    same.back() = ' ';
    write(same);
    const timespec times[] = {before.st_atim, before.st_mtim};
    QCOMPARE(::utimensat(AT_FDCWD, m_path.c_str(), times, 0), 0);
    QVERIFY(isRefusedProgram(run(check, O_RDONLY)));
}

void SignedProgramsTest::whatChangedJustNowIsReadAgain() {
    const auto check = rememberingProgramCheck(m_path, m_digest, m_clock);
    QVERIFY(run(check, O_RDONLY).ok());
    QVERIFY(!run(check, O_WRONLY).ok());
}

/// A probe is asked every second, and its file may wait long until it is put back.
void SignedProgramsTest::aRefusalIsRemembered() {
    m_clock.later = 10s;
    const auto check = rememberingProgramCheck(m_path, m_digest, m_clock);
    write(kOther);
    const absl::Status unread = run(check, O_WRONLY);
    QVERIFY(!unread.ok() && !isRefusedProgram(unread));
    QVERIFY(isRefusedProgram(run(check, O_RDONLY)));
    QVERIFY(isRefusedProgram(run(check, O_WRONLY)));
    std::filesystem::remove(m_path);
    write(kSigned);
    QVERIFY(run(check, O_RDONLY).ok());
}

/// Our clock was set back.
void SignedProgramsTest::aFileOfATimeToComeIsRemembered() {
    m_clock.later = -1h;
    const auto check = rememberingProgramCheck(m_path, m_digest, m_clock);
    QVERIFY(run(check, O_RDONLY).ok());
    QVERIFY(run(check, O_WRONLY).ok());
}

void SignedProgramsTest::aSwappedProbeDoesNotRun() {
    const auto machine = *platform::makePlatform();
    ProbeRequest request;
    request.probe.kind = domain::Probe::Kind::Exec;
    request.probe.command = {m_path};
    request.probe.timeout = 20s;
    request.environment = {{"PATH", "/usr/bin:/bin"}};
    request.workingDirectory = m_dir->path().toStdString();
    request.checkProgram = rememberingProgramCheck(m_path, m_digest, m_clock);
    const ProbeResult good = checkProbe(request, *machine.commands);
    QVERIFY2(good.ok && !good.isRefused, good.message.c_str());
    write(kOther);
    const ProbeResult swapped = checkProbe(request, *machine.commands);
    QVERIFY(!std::filesystem::exists(request.workingDirectory + "/ran"));
    // It says nothing of the agent.
    QVERIFY2(!swapped.ok && !swapped.asked && !swapped.isWant, swapped.message.c_str());
    QVERIFY(swapped.isRefused);
}

QTEST_GUILESS_MAIN(SignedProgramsTest)
#include "tst_signed_programs.moc"
