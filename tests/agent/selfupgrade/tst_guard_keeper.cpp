// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/mutex.h>

#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <optional>

#include "agent/guard/guard_record.h"
#include "agent/guard/key_value_file.h"
#include "agent/selfupgrade/guard_keeper.h"
#include "tests/agent/support/fake_machine.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/agent/support/wait_until.h"

using namespace ifrit;
using namespace ifrit::agent;
using platform::ExitNotice;
using platform::ProcessId;
using selfupgrade::GuardKeeper;
using namespace std::chrono_literals;

namespace {

// wait() lasts until the test ends it, and says how long it would have lasted.
class HeldExits final : public platform::ExitWatcher {
public:
    absl::Status watch(const ProcessId& process) override {
        const absl::MutexLock lock(&m_mutex);
        m_watched = process;
        return refused;
    }
    void forget(const ProcessId&) override {
        const absl::MutexLock lock(&m_mutex);
        m_watched.reset();
    }
    std::vector<ExitNotice> wait(std::chrono::milliseconds timeout) override {
        const absl::MutexLock lock(&m_mutex);
        m_wait = timeout;
        m_mutex.Await(absl::Condition(&m_passed));
        m_passed = false;
        m_wait.reset();
        return std::exchange(m_notices, {});
    }
    void release(const ProcessId&) override {}
    void wake() override {
        const absl::MutexLock lock(&m_mutex);
        m_passed = true;
    }

    /// The time is over, or `notice` comes.
    void pass(std::optional<ExitNotice> notice = std::nullopt) {
        const absl::MutexLock lock(&m_mutex);
        if (notice) m_notices.push_back(*notice);
        m_passed = true;
    }
    /// How long it waits, once it does.
    std::chrono::milliseconds waitsFor() {
        const absl::MutexLock lock(&m_mutex);
        const auto waits = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
            return m_wait.has_value() && !m_passed;
        };
        m_mutex.AwaitWithTimeout(absl::Condition(&waits), absl::Seconds(20));
        return m_wait.value_or(-1ms);
    }
    std::optional<ProcessId> watched() const {
        const absl::MutexLock lock(&m_mutex);
        return m_watched;
    }
    absl::Status refused;  ///< of every watch()

private:
    mutable absl::Mutex m_mutex;
    bool m_passed ABSL_GUARDED_BY(m_mutex) = false;
    std::optional<std::chrono::milliseconds> m_wait ABSL_GUARDED_BY(m_mutex);
    std::optional<ProcessId> m_watched ABSL_GUARDED_BY(m_mutex);
    std::vector<ExitNotice> m_notices ABSL_GUARDED_BY(m_mutex);
};

}  // namespace

class GuardKeeperTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_keeper.reset(); }
    void itSleepsWhileGuardRuns();
    void aDeadGuardIsStartedAgainWhenInitDoesNot();
    void aGuardThatComesBackIsWatched();
    void aGuardThatComesUpIsLookedAtEachSecond();
    void withoutAWatchItLooksEachSecond();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    ProcessId newGuard() {
        const ProcessId guard = m_machine->addForeign(1s);
        if (!guard::writeGuardRecord(root(), {guard, {"/opt/ifrit-guard", "--root", "/r"}}).ok())
            qFatal("no record");
        return guard;
    }
    void begin() {
        m_keeper = std::make_unique<GuardKeeper>(GuardKeeper::Parts{
            root(), m_clock, *m_machine, *m_machine, *m_machine, *m_exits, m_self});
    }
    void endGuard() {
        m_machine->end(m_guard, {platform::ExitStatus::Kind::Killed, 9});
        m_exits->pass(ExitNotice{m_guard, {}});
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    tests::ManualClock m_clock;
    std::unique_ptr<tests::FakeMachine> m_machine;  ///< touched while the keeper waits
    std::unique_ptr<HeldExits> m_exits;
    ProcessId m_self;
    ProcessId m_guard;
    std::unique_ptr<GuardKeeper> m_keeper;
};

void GuardKeeperTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_dir->path()).mkdir(QStringLiteral("ifrit")));
    m_machine = std::make_unique<tests::FakeMachine>();
    m_exits = std::make_unique<HeldExits>();
    m_self = m_machine->addForeign(1s);
    QVERIFY(guard::writeStartedAgent(root(), m_self).ok());
    m_guard = newGuard();
}

void GuardKeeperTest::itSleepsWhileGuardRuns() {
    begin();
    QVERIFY(m_exits->waitsFor() >= 10s);
    QVERIFY(m_exits->watched() == m_guard);
    m_exits->pass();
    QVERIFY(m_exits->waitsFor() >= 10s);
    QCOMPARE(m_machine->launches(), std::size_t{2});  // itself and guard, by the test
    m_keeper.reset();                                 // and it is not asleep then
    QVERIFY(!m_exits->watched());
}

void GuardKeeperTest::aDeadGuardIsStartedAgainWhenInitDoesNot() {
    begin();
    m_exits->waitsFor();
    endGuard();
    QCOMPARE(m_exits->waitsFor(), 1'000ms);  // at once
    m_clock.advance(1s);
    m_exits->pass();
    QCOMPARE(m_exits->waitsFor(), 1'000ms);
    QCOMPARE(m_machine->launches(), std::size_t{2});
    m_clock.advance(1s);
    m_exits->pass();
    m_exits->waitsFor();
    QCOMPARE(m_machine->launches(), std::size_t{3});
    const std::vector<std::string> command{"/opt/ifrit-guard", "--stand-in", "--root", "/r"};
    QCOMPARE(m_machine->latest().spec.command, command);
}

void GuardKeeperTest::aGuardThatComesBackIsWatched() {
    begin();
    m_exits->waitsFor();
    endGuard();
    m_exits->waitsFor();
    const ProcessId next = newGuard();
    m_clock.advance(1s);
    m_exits->pass();
    QVERIFY(m_exits->waitsFor() >= 10s);
    QVERIFY(m_exits->watched() == next);
}

void GuardKeeperTest::aGuardThatComesUpIsLookedAtEachSecond() {
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
        m_clock.steadyNow().time_since_epoch());
    const std::string file = root() + "/ifrit/guard-successor";
    QVERIFY(guard::writeKeyValues(file, {{"since_ms", std::to_string(since.count())}}).ok());
    begin();
    QCOMPARE(m_exits->waitsFor(), 1'000ms);
    QCOMPARE(m_machine->count(platform::Signal::Kill), 0);
    m_clock.advance(50s);
    m_exits->pass();
    QCOMPARE(m_exits->waitsFor(), 1'000ms);
    QCOMPARE(m_machine->count(platform::Signal::Kill), 1);
}

void GuardKeeperTest::withoutAWatchItLooksEachSecond() {
    m_exits->refused = absl::ResourceExhaustedError("no descriptor");
    begin();
    QCOMPARE(m_exits->waitsFor(), 1'000ms);
}

QTEST_GUILESS_MAIN(GuardKeeperTest)
#include "tst_guard_keeper.moc"
