// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <unistd.h>

#include <QProcess>
#include <QTest>

#include "agent/guard/guard_record.h"
#include "agent/guard/key_value_file.h"
#include "agent/guard/slots.h"
#include "tests/agent/support/launched_agent.h"
#include "tests/agent/support/notify_socket.h"

using namespace ifrit;
using namespace ifrit::agent;
using platform::ProcessId;

/// The real program with a real, misbehaving ifrit-agent.
class GuardTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { m_platform = *platform::makePlatform(); }
    void init();
    void cleanup();
    void wrongFlagsAreExit78();
    void helpAndVersion();
    void missingAgentDoesNotEndIt();
    void killedAgentIsBackSoon();
    void killedGuardLeavesTheAgentAndTheNextAdoptsIt();
    void secondGuardIsRefused();
    void stopEndsTheAgentFirst();
    void agentThatIgnoresTermIsKilled();
    void managedAgentsSurviveBoth();
    void readyAndWatchdogAreSent();
    void thePackagedUnitListens();
    void trialThatCrashesIsPutBack();
    void trialThatIsNotConfirmedIsPutBack();
    void trialWithoutAMasterIsPutBack();
    void trialThatEatsItsProcessorIsPutBack();
    void confirmedTrialStays();
    void aSwitchIsCarriedOutAtOnce();
    void aProgramThatIsGoneGivesWayToTheOneBesideUs();
    void aVersionThatIsNotCurrentIsEnded();
    void aStandInGivesWayToInit();
    void theConfirmedVersionsGuardTakesOver();
    void aGuardThatDoesNotRunIsNotTaken();
    void aGuardThatDiesIsTriedTwice();

private:
    std::string root() const { return m_dir->path().toStdString(); }
    std::unique_ptr<QProcess> guardWith(const QStringList& agentArguments,
                                        const QStringList& flags = {}, bool started = true);
    std::optional<ProcessId> agent() const;
    ProcessId awaitAgent() const;
    bool awaitOtherAgentThan(const ProcessId& old) const;
    void installSlot(const std::string& slot, const std::string& script) const;
    bool logSays(QProcess& guard, const char* words);
    bool proveUntil(QProcess& guard, guard::Slots& slots, bool synced, const char* words);
    void installGuard(const std::string& script) const;

    platform::Platform m_platform;
    std::unique_ptr<QTemporaryDir> m_dir;
    QByteArray m_log;
};

void GuardTest::init() {
    m_dir = std::make_unique<QTemporaryDir>();
    m_log.clear();
}

void GuardTest::cleanup() {
    const auto all = m_platform.processes->withEnvironment("GUARD_TEST", root());
    for (const ProcessId& left : *all)
        m_platform.signaller->signal(left, platform::Signal::Kill).IgnoreError();
}

std::unique_ptr<QProcess> GuardTest::guardWith(const QStringList& agentArguments,
                                               const QStringList& flags, bool started) {
    auto guard = std::make_unique<QProcess>();
    guard->setProcessChannelMode(QProcess::MergedChannels);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("GUARD_TEST"), QString::fromStdString(root()));
    environment.insert(QStringLiteral("NOTIFY_SOCKET"), QString::fromStdString(root() + "/notify"));
    environment.insert(QStringLiteral("WATCHDOG_USEC"), QStringLiteral("100000"));
    guard->setProcessEnvironment(environment);
    QStringList arguments{QStringLiteral("--root"), m_dir->path(), QStringLiteral("--agent"),
                          QString::fromStdString(tests::misbehavingAgent())};
    arguments << flags << QStringLiteral("--") << agentArguments;
    guard->start(QStringLiteral(IFRIT_GUARD), arguments);
    if (started && !guard->waitForStarted()) qFatal("ifrit-guard does not start");
    return guard;
}

std::optional<ProcessId> GuardTest::agent() const {
    const auto state = guard::readKeyValues(root() + "/ifrit/guard-state");
    if (!state.ok()) return std::nullopt;
    const ProcessId recorded{std::stoi(state->at("pid")), std::stoull(state->at("start_time")),
                             state->at("boot")};
    if (!m_platform.processes->isAlive(recorded)) return std::nullopt;
    return recorded;
}

ProcessId GuardTest::awaitAgent() const {
    ProcessId found;
    tests::waitUntil([&] {
        const auto now = agent();
        if (now) found = *now;
        return now.has_value();
    });
    return found;
}

bool GuardTest::awaitOtherAgentThan(const ProcessId& old) const {
    return tests::waitUntil(
        [&] {
            const auto now = agent();
            return now && *now != old;
        },
        std::chrono::seconds(5));
}

bool GuardTest::logSays(QProcess& guard, const char* words) {
    return tests::waitUntil([&] {
        guard.waitForReadyRead(10);
        m_log += guard.readAll();
        return m_log.contains(words);
    });
}

void GuardTest::installSlot(const std::string& slot, const std::string& script) const {
    const std::string bin = root() + "/ifrit/slots/" + slot + "/bin";
    QVERIFY(m_platform.directories->create(bin, 0755).ok());
    QFile file(QString::fromStdString(bin + "/ifrit-agent"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString("#!/bin/sh\n" + script + "\n"));
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
}

void GuardTest::wrongFlagsAreExit78() {
    QProcess guard;
    guard.start(QStringLiteral(IFRIT_GUARD), {QStringLiteral("--rot")});
    QVERIFY(guard.waitForFinished());
    QCOMPARE(guard.exitCode(), 78);
    QVERIFY(guard.readAllStandardError().contains("--rot"));
    guard.start(QStringLiteral(IFRIT_GUARD),
                {QStringLiteral("--root"), QStringLiteral("/dev/null/x")});
    QVERIFY(guard.waitForFinished());
    QCOMPARE(guard.exitCode(), 78);
    QVERIFY(guard.readAllStandardError().contains("/dev/null/x"));
}

void GuardTest::helpAndVersion() {
    QProcess guard;
    guard.start(QStringLiteral(IFRIT_GUARD), {QStringLiteral("--help")});
    QVERIFY(guard.waitForFinished());
    QCOMPARE(guard.exitCode(), 0);
    QVERIFY(guard.readAllStandardOutput().contains("--stop-timeout"));
    guard.start(QStringLiteral(IFRIT_GUARD), {QStringLiteral("--version")});
    QVERIFY(guard.waitForFinished());
    QVERIFY(guard.readAllStandardOutput().startsWith("ifrit-guard "));
}

void GuardTest::missingAgentDoesNotEndIt() {
    const auto guard =
        guardWith({}, {QStringLiteral("--agent"), QStringLiteral("/no/such/ifrit-agent")});
    QVERIFY(logSays(*guard, "/no/such/ifrit-agent cannot be started"));
    m_log.clear();
    QVERIFY(logSays(*guard, "next attempt in"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
    QCOMPARE(guard->exitCode(), 0);
}

void GuardTest::killedAgentIsBackSoon() {
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*guard, "ready"));
    const ProcessId first = awaitAgent();
    QVERIFY(first.valid());
    QVERIFY(m_platform.signaller->signal(first, platform::Signal::Kill).ok());
    QVERIFY(awaitOtherAgentThan(first));
    QVERIFY(logSays(*guard, "killed by signal 9 (SIGKILL)"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::killedGuardLeavesTheAgentAndTheNextAdoptsIt() {
    auto first = guardWith({QStringLiteral("hang")});
    // Recorded is not yet running: held before its program it would die with the guard.
    QVERIFY(logSays(*first, "ready"));
    const ProcessId agentBefore = awaitAgent();
    QVERIFY(agentBefore.valid());
    first->kill();
    QVERIFY(first->waitForFinished());
    QVERIFY(agent() == agentBefore);
    const auto second = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*second, "adopted"));
    QVERIFY(agent() == agentBefore);
    // And it is watched, though it is not this guard's child.
    QVERIFY(m_platform.signaller->signal(agentBefore, platform::Signal::Kill).ok());
    QVERIFY(awaitOtherAgentThan(agentBefore));
    second->terminate();
    QVERIFY(second->waitForFinished());
    QVERIFY(!agent());
}

void GuardTest::secondGuardIsRefused() {
    const auto first = guardWith({QStringLiteral("hang")});
    const ProcessId running = awaitAgent();
    QVERIFY(running.valid());
    const auto second = guardWith({QStringLiteral("hang")});
    QVERIFY(second->waitForFinished());
    QCOMPARE(second->exitCode(), 75);
    const QByteArray said = second->readAll();
    QVERIFY2(said.contains("pid " + QByteArray::number(first->processId())), said.constData());
    QVERIFY(agent() == running);
    first->terminate();
    QVERIFY(first->waitForFinished());
}

void GuardTest::stopEndsTheAgentFirst() {
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*guard, "ready"));
    const ProcessId running = awaitAgent();
    QVERIFY(running.valid());
    QCOMPARE(::kill(running.pid, SIGSTOP), 0);  // must be woken to see its signal
    guard->terminate();
    QVERIFY(guard->waitForFinished());
    QCOMPARE(guard->exitCode(), 0);
    QVERIFY(!m_platform.processes->isAlive(running));
}

void GuardTest::agentThatIgnoresTermIsKilled() {
    const auto guard = guardWith({QStringLiteral("ignore-term")},
                                 {QStringLiteral("--stop-timeout"), QStringLiteral("1")});
    const ProcessId running = awaitAgent();
    QVERIFY(logSays(*guard, "ready"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
    QVERIFY((m_log + guard->readAll()).contains("did not end in time"));
    QVERIFY(!m_platform.processes->isAlive(running));
}

void GuardTest::managedAgentsSurviveBoth() {
    // "double-fork" leaves a process in a session of its own, as ifrit-agent leaves its agents.
    const auto guard = guardWith({QStringLiteral("double-fork")});
    const ProcessId running = awaitAgent();
    QVERIFY(logSays(*guard, "daemon "));
    const int pid = m_log.mid(m_log.indexOf("daemon ") + 7).split('\n').first().toInt();
    const auto managed = m_platform.processes->identify(pid);
    QVERIFY(managed.ok());
    guard->kill();
    QVERIFY(guard->waitForFinished());
    QVERIFY(m_platform.signaller->signal(running, platform::Signal::Kill).ok());
    QVERIFY(tests::waitUntil([&] { return !m_platform.processes->isAlive(running); }));
    QVERIFY(m_platform.processes->isAlive(*managed));
    const auto next = guardWith({QStringLiteral("hang")});
    QVERIFY(awaitOtherAgentThan(running));
    next->terminate();
    QVERIFY(next->waitForFinished());
    QVERIFY(m_platform.processes->isAlive(*managed));
}

void GuardTest::readyAndWatchdogAreSent() {
    tests::NotifySocket manager(root() + "/notify");
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(manager.hears("READY=1\n"));
    QVERIFY(manager.hears("STATUS=ifrit-agent runs as process"));
    QVERIFY(manager.hears("WATCHDOG=1\nWATCHDOG=1\n"));
    // What the manager told guard about itself is not passed on.
    const ProcessId running = awaitAgent();
    const auto heirs = *m_platform.processes->withEnvironment("WATCHDOG_USEC", "100000");
    QVERIFY(std::find(heirs.begin(), heirs.end(), running) == heirs.end());
    guard->terminate();
    QVERIFY(manager.hears("STOPPING=1\n"));
    QVERIFY(guard->waitForFinished());
}

/// What is sent is of use only where the packaged unit asks for it.
void GuardTest::thePackagedUnitListens() {
    QFile unit(QStringLiteral(IFRIT_SOURCE_DIR "/installer/systemd/ifrit-guard.service"));
    QVERIFY(unit.open(QIODevice::ReadOnly));
    const QByteArray text = unit.readAll();
    // An agent that the kernel kills for its memory takes nobody along.
    for (const char* line : {"\nType=notify\n", "\nNotifyAccess=main\n", "\nWatchdogSec=60\n",
                             "\nOOMPolicy=continue\n"})
        QVERIFY2(text.contains(line), line);
}

void GuardTest::trialThatCrashesIsPutBack() {
    installSlot("a", "exec " + tests::misbehavingAgent() + " hang");
    installSlot("b", "exit 3");
    guard::Slots slots(root(), *m_platform.directories);
    QVERIFY(m_platform.directories->switchLink("slots/a", root() + "/ifrit/current").ok());
    QVERIFY(slots.beginTrial({"b", "a", "digest-of-b", "2", std::chrono::seconds(600)}).ok());
    const auto guard = guardWith({});
    QVERIFY(logSays(*guard, "2 was put back: it ended 3 times"));
    QVERIFY(logSays(*guard, "ready"));
    QCOMPARE(slots.current(), std::string("a"));
    QCOMPARE(slots.lastPutBack()->reason, std::string("EXITED_AT_START"));
    QVERIFY(awaitAgent().valid());
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::trialThatIsNotConfirmedIsPutBack() {
    installSlot("a", "exec " + tests::misbehavingAgent() + " hang");
    installSlot("b", "exec " + tests::misbehavingAgent() + " ignore-term");
    guard::Slots slots(root(), *m_platform.directories);
    QVERIFY(slots.beginTrial({"b", "a", "digest-of-b", "2", std::chrono::seconds(1)}).ok());
    const auto guard = guardWith({}, {QStringLiteral("--stop-timeout"), QStringLiteral("1")});
    QVERIFY(logSays(*guard, "gave no sign of life within 1 s"));
    QVERIFY(logSays(*guard, "did not end in time"));
    QVERIFY(logSays(*guard, "SIGKILL"));
    QVERIFY(tests::waitUntil([&] { return agent().has_value(); }));
    QCOMPARE(slots.current(), std::string("a"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

/// What a version on trial does at each turn of its main loop, for the process that guard started.
bool GuardTest::proveUntil(QProcess& guard, guard::Slots& slots, bool synced, const char* words) {
    return tests::waitUntil([&] {
        const auto running = agent();
        const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
            std::chrono::steady_clock::now().time_since_epoch());
        if (running && !slots.prove({"digest-of-b", running->pid, now, synced}).ok()) return false;
        guard.waitForReadyRead(10);
        m_log += guard.readAll();
        return m_log.contains(words);
    });
}

void GuardTest::trialWithoutAMasterIsPutBack() {
    installSlot("b", "exec " + tests::misbehavingAgent() + " hang");
    guard::Slots slots(root(), *m_platform.directories);
    QVERIFY(slots.beginTrial({"b", "", "digest-of-b", "2", std::chrono::seconds(1)}).ok());
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(proveUntil(*guard, slots, false, "did not sync with a master within 1 s"));
    QCOMPARE(slots.lastPutBack()->reason, std::string("MASTER_NOT_REACHED"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::trialThatEatsItsProcessorIsPutBack() {
    installSlot("b", "exec " + tests::misbehavingAgent() + " spin");
    guard::Slots slots(root(), *m_platform.directories);
    guard::Trial trial{"b", "", "digest-of-b", "2", std::chrono::seconds(6)};
    trial.cpuPercent = 5;
    QVERIFY(slots.beginTrial(trial).ok());
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(proveUntil(*guard, slots, true, "% of a processor"));
    QCOMPARE(slots.lastPutBack()->reason, std::string("LIMIT_EXCEEDED"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::confirmedTrialStays() {
    installSlot("b", "exec " + tests::misbehavingAgent() + " hang");
    guard::Slots slots(root(), *m_platform.directories);
    QVERIFY(slots.beginTrial({"b", "", "digest-of-b", "2", std::chrono::seconds(1)}).ok());
    const auto guard = guardWith({});
    const ProcessId running = awaitAgent();
    QVERIFY(proveUntil(*guard, slots, true, "2 has proved itself"));
    QVERIFY(!slots.trial());
    QCOMPARE(slots.current(), std::string("b"));
    QVERIFY(agent() == running);
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

/// A version that ends with the code for it is followed by the next one without a pause.
void GuardTest::aSwitchIsCarriedOutAtOnce() {
    installSlot("a", "exec " + tests::misbehavingAgent() + " hang");
    installSlot("b", "exec " + tests::misbehavingAgent() + " exit 80");
    guard::Slots slots(root(), *m_platform.directories);
    QVERIFY(m_platform.directories->switchLink("slots/b", root() + "/ifrit/current").ok());
    const auto guard = guardWith({});
    QVERIFY(logSays(*guard, "exited with code 80; restart in"));
    QVERIFY(slots.beginTrial({"a", "b", "digest-of-a", "3", std::chrono::seconds(60)}).ok());
    QVERIFY(logSays(*guard, "3 in slot a is on trial for 60 s"));
    QVERIFY(logSays(*guard, "ready"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::aProgramThatIsGoneGivesWayToTheOneBesideUs() {
    QVERIFY(m_platform.directories->create(root() + "/ifrit", 0755).ok());
    QVERIFY(m_platform.directories->switchLink("slots/b", root() + "/ifrit/current").ok());
    const auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*guard, "/ifrit/current/bin/ifrit-agent cannot be started"));
    QVERIFY(logSays(*guard, "ready"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

/// A guard that is killed between putting a version back and ending it.
void GuardTest::aVersionThatIsNotCurrentIsEnded() {
    auto guard = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*guard, "ready"));
    const ProcessId other = awaitAgent();
    guard->kill();
    QVERIFY(guard->waitForFinished());
    installSlot("a", "exec " + tests::misbehavingAgent() + " hang");
    QVERIFY(m_platform.directories->switchLink("slots/a", root() + "/ifrit/current").ok());
    m_log.clear();
    guard = guardWith({});
    QVERIFY(logSays(*guard, "not of the current version"));
    QVERIFY(logSays(*guard, "ready"));
    QVERIFY(!m_platform.processes->isAlive(other));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::aStandInGivesWayToInit() {
    const auto standIn = guardWith({QStringLiteral("hang")}, {QStringLiteral("--stand-in")});
    QVERIFY(logSays(*standIn, "ready"));
    const ProcessId running = awaitAgent();
    const auto second = guardWith({QStringLiteral("hang")}, {QStringLiteral("--stand-in")});
    QVERIFY(second->waitForFinished());
    QCOMPARE(second->exitCode(), 75);
    const auto fromInit = guardWith({QStringLiteral("hang")});
    QVERIFY(logSays(*fromInit, "adopted"));
    QVERIFY(standIn->waitForFinished());
    QCOMPARE(standIn->exitCode(), 0);
    QVERIFY(agent() == running);
    fromInit->terminate();
    QVERIFY(fromInit->waitForFinished());
    QVERIFY(!agent());
}

/// The confirmed version brings an ifrit-guard of its own; what it is here is a script.
void GuardTest::installGuard(const std::string& script) const {
    installSlot("b", "exec " + tests::misbehavingAgent() + " hang");
    QFile file(QString::fromStdString(root() + "/ifrit/slots/b/bin/ifrit-guard"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::fromStdString("#!/bin/sh\n" + script + "\n"));
    file.close();
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    QVERIFY(m_platform.directories->switchLink("slots/b", root() + "/ifrit/current").ok());
}

void GuardTest::theConfirmedVersionsGuardTakesOver() {
    installGuard("[ \"$1\" = --check ] || echo took-over; exec " IFRIT_GUARD " \"$@\"");
    tests::NotifySocket manager(root() + "/notify");
    const auto guard = guardWith({});
    QVERIFY(logSays(*guard, "took-over"));
    QVERIFY(logSays(*guard, "ready"));
    // The first one had nothing to say yet: this is the successor's word.
    QVERIFY(manager.hears("READY=1\n") && manager.hears("WATCHDOG=1\nWATCHDOG=1\n"));
    const ProcessId running = awaitAgent();
    const auto record = guard::readGuardRecord(root());
    QVERIFY(record.ok());
    QCOMPARE(qint64(record->process.pid), guard->processId());  // the same process, init's
    QCOMPARE(record->command[0], std::string(IFRIT_GUARD));     // and the anchor starts it again
    guard->terminate();
    QVERIFY(guard->waitForFinished());
    QCOMPARE(guard->exitCode(), 0);
    QVERIFY(!m_platform.processes->isAlive(running));
}

void GuardTest::aGuardThatDoesNotRunIsNotTaken() {
    installGuard("exit 1");
    const auto guard = guardWith({});
    QVERIFY(logSays(*guard, "is not taken"));
    QVERIFY(logSays(*guard, "ready"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

void GuardTest::aGuardThatDiesIsTriedTwice() {
    installGuard("[ \"$1\" = --check ] && exit 0; echo took-over; kill -9 $$");
    for (int life = 0; life < 2; ++life) {
        const auto guard = guardWith({});
        QVERIFY(logSays(*guard, "took-over"));
        QVERIFY(guard->waitForFinished());
        m_log.clear();
    }
    const auto guard = guardWith({});
    QVERIFY(logSays(*guard, "did not come up 2 times"));
    QVERIFY(logSays(*guard, "ready"));
    QVERIFY(!m_log.contains("took-over"));
    guard->terminate();
    QVERIFY(guard->waitForFinished());
}

QTEST_GUILESS_MAIN(GuardTest)
#include "tst_guard.moc"
