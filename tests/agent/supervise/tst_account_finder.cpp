// SPDX-License-Identifier: Apache-2.0
// A directory of users that is away holds up nobody but those whose users are in it.
#include <absl/synchronization/notification.h>

#include <QTest>
#include <atomic>

#include "agent/supervise/threaded_account_finder.h"
#include "tests/agent/supervise/supervised_machine.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

using agent::supervise::Phase;
using agent::supervise::RunSpec;
using agent::supervise::ThreadedAccountFinder;
using namespace std::chrono_literals;

namespace {

/// Knows everybody, and takes its time for "remote".
class SlowDirectory final : public agent::platform::UserDirectory {
public:
    absl::Notification answers;
    mutable std::atomic<int> remoteLooks{0};
    absl::StatusOr<agent::platform::Account> find(const std::string& name) const override {
        if (name == "remote") {
            ++remoteLooks;
            answers.WaitForNotification();
        }
        return agent::platform::Account{name, "/home/" + name, 99, 99, {}};
    }
};

}  // namespace

class AccountFinderTest : public QObject, private SupervisedMachine {
    Q_OBJECT

    RunSpec owned() const {
        RunSpec made = spec();
        made.user = "metrics";
        return made;
    }

private Q_SLOTS:
    void init() { makeMachine(); }

    void aUserOfThisMachineDoesNotWaitForARemoteOne() {
        SlowDirectory users;
        std::atomic<int> remote{0};
        std::atomic<int> local{0};
        {
            ThreadedAccountFinder finder(users);
            const auto count = [](std::atomic<int>& found) {
                return [&found](const auto& account) { found += account.ok() ? 1 : 0; };
            };
            finder.find("remote", count(remote));
            QVERIFY(waitUntil([&] { return users.remoteLooks == 1; }));
            finder.find("remote", count(remote));
            finder.find("local", count(local));
            QVERIFY(waitUntil([&] { return local == 1; }));
            QCOMPARE(remote.load(), 0);
            users.answers.Notify();
            QVERIFY(waitUntil([&] { return remote == 2; }));
            QVERIFY2(users.remoteLooks == 1, "who asks meanwhile gets the same answer");
            finder.find("remote", count(remote));
        }
        QVERIFY2(remote == 3, "its end waits for those that look");
    }

    /// Whoever starts an agent waits, and nobody else.
    void aStartDoesNotWaitUnderTheLock() {
        bool isSeen = false;
        m_machine->onUserLookUp = [&] { isSeen = !m_supervisor->snapshot("log"); };
        QVERIFY(m_supervisor->start(owned()).ok());
        QVERIFY(isSeen);
        QVERIFY(now().phase == Phase::Running);
        QCOMPARE(m_machine->latest().spec.account->userId, 99U);
    }

    void aRestartThatWaitsForItsUserHoldsUpNoOther() {
        RunSpec other = spec();
        other.agent = "other";
        QVERIFY(m_supervisor->start(owned()).ok());
        QVERIFY(m_supervisor->start(other).ok());
        m_accounts->hangs = true;
        for (const char* agent : {"log", "other"})
            m_machine->end(m_supervisor->snapshot(agent)->process,
                           {agent::platform::ExitStatus::Kind::Exited, 1});
        step();
        advance(1s);
        QCOMPARE(m_machine->userLookUps, 1);
        QVERIFY(m_supervisor->snapshot("other")->phase == Phase::Running);
        QVERIFY(now().phase == Phase::Clearing);
        QCOMPARE(now().healthMessage, std::string("waits for the account of its user, metrics"));
        advance(1h);
        QCOMPARE(m_accounts->asked.size(), std::size_t{1});
        m_accounts->answer();
        step();
        QVERIFY(now().phase == Phase::Running);
        QVERIFY(m_machine->latest().spec.account.has_value());
        QCOMPARE(now().restarts, 1U);
    }

    void aUserWhoIsGoneAtARestartCountsAsAFailedStart() {
        QVERIFY(m_supervisor->start(owned()).ok());
        m_machine->userError = base::failedPrecondition("NO_SUCH_USER", "metrics", "is gone");
        crash();
        advance(1s);
        step();
        QVERIFY(now().phase == Phase::BackingOff);
        QCOMPARE(now().lastExit, std::string("is gone"));
        QCOMPARE(now().restarts, 2U);
    }

    void whoWaitedForStraysAsksForItsUserAnew() {
        const agent::platform::ProcessId stray = m_machine->addForeign(1h);
        m_machine->latest().session = stray.pid;
        m_machine->strays.push_back(stray);
        m_machine->obedient = false;
        QVERIFY(m_supervisor->start(owned()).ok());
        QVERIFY(now().phase == Phase::Clearing);
        QCOMPARE(m_machine->userLookUps, 1);
        m_machine->strays.clear();
        m_machine->process(stray).ended = true;
        advance(1min);
        step();
        QVERIFY(now().phase == Phase::Running);
        QCOMPARE(m_machine->userLookUps, 2);
    }

    void anAnswerThatComesTooLateStartsNothing() {
        QVERIFY(m_supervisor->start(owned()).ok());
        m_accounts->hangs = true;
        crash();
        advance(1s);
        QVERIFY(m_supervisor->stop("log").ok());
        step();
        QVERIFY(now().phase == Phase::Stopped);
        const auto late = std::exchange(m_accounts->asked, {});
        late[0].second(agent::platform::Account{"metrics", "", 99, 99, {}});
        step();
        QVERIFY(now().phase == Phase::Stopped);
        // Nor another run of the same agent, which waits for an answer of its own.
        QVERIFY(m_supervisor->start(owned()).ok());
        crash();
        advance(1s);
        late[0].second(agent::platform::Account{"metrics", "", 98, 98, {}});
        step();
        QVERIFY(now().phase == Phase::Clearing);
        m_accounts->answer();
        step();
        QCOMPARE(m_machine->latest().spec.account->userId, 99U);
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::AccountFinderTest)
#include "tst_account_finder.moc"
