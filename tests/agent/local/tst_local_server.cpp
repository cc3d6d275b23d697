// SPDX-License-Identifier: Apache-2.0
#include <grp.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <atomic>
#include <thread>

#include "agent/local/local_client.h"
#include "agent/local/local_server.h"
#include "shared/base/accept_pause.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/failing_accept.h"

using namespace ifrit;
using agent::local::askLocally;
using agent::local::LocalRequest;
using agent::local::LocalServer;

namespace {

absl::StatusOr<std::string> echo(const LocalRequest& request) {
    if (request.verb == "refuse") return base::notFound("NOT_HERE", "", "not here");
    if (request.verb == "long") return std::string(3'000'000, 'x');
    return request.verb;
}

std::string reasonOf(const absl::StatusOr<std::string>& answer) {
    return base::errorInfo(answer.status()).reason;
}

}  // namespace

class LocalServerTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    std::string path() const {
        return m_directory.filePath(QStringLiteral("x.sock")).toStdString();
    }

private Q_SLOTS:
    void answersOneAfterTheOther() {
        const auto server = LocalServer::start(path(), echo);
        QVERIFY2(server.ok(), server.status().ToString().c_str());
        QCOMPARE(*askLocally(path(), {"status", {}}), std::string("status"));
        QCOMPARE(reasonOf(askLocally(path(), {"refuse", {}})), std::string("NOT_HERE"));
        QCOMPARE(askLocally(path(), {"long", {}})->size(), std::size_t(3'000'000));
        std::vector<std::thread> callers;
        std::atomic<int> good{0};
        for (int i = 0; i < 6; ++i)
            callers.emplace_back([&] { good += askLocally(path(), {"status", {}}).ok() ? 1 : 0; });
        for (std::thread& caller : callers)
            caller.join();
        QCOMPARE(good.load(), 6);
    }

    void nobodyElseMayConnect() {
        const auto server = LocalServer::start(path(), echo);
        const QFile::Permissions others = QFile::Permissions(0x0077);
        QCOMPARE(QFile::permissions(QString::fromStdString(path())) & others, QFile::Permissions());
    }

    void whoIsNeitherRootNorUsIsRefused() {
        if (::geteuid() != 0) return;
        QVERIFY(QFile::setPermissions(m_directory.path(), QFile::Permissions(0x7777)));
        const auto server = LocalServer::start(path(), echo);
        // With the file's mode out of the way the peer's own id must still keep it out.
        QVERIFY(QFile::setPermissions(QString::fromStdString(path()), QFile::Permissions(0x7777)));
        const pid_t child = ::fork();
        if (child == 0) {
            constexpr uid_t kNobody = 65534;
            const bool isNobody = ::setgroups(0, nullptr) == 0 &&
                                  ::setresgid(kNobody, kNobody, kNobody) == 0 &&
                                  ::setresuid(kNobody, kNobody, kNobody) == 0;
            const auto answer = askLocally(path(), {"status", {}});
            ::_exit(isNobody && reasonOf(answer) == "LOCAL_DENIED" ? 7 : 1);
        }
        int ended = 0;
        QCOMPARE(::waitpid(child, &ended, 0), child);
        QCOMPARE(WEXITSTATUS(ended), 7);
    }

    void whoDoesNotAnswerIsNotAway() {
        const auto silent = agent::local::listenLocally(path());
        const auto answer = askLocally(path(), {"status", {}}, std::chrono::milliseconds(20));
        QCOMPARE(reasonOf(answer), std::string("LOCAL_TIMEOUT"));
        const std::string said = base::messageOf(answer.status());
        QVERIFY2(said.find("ifrit-agent runs, and has not answered") == 0, said.c_str());
    }

    void withoutAServerItSaysSo() {
        QCOMPARE(reasonOf(askLocally(path(), {"status", {}})), std::string("LOCAL_AWAY"));
        { const auto server = LocalServer::start(path(), echo); }
        QVERIFY2(!QFile::exists(QString::fromStdString(path())), "an ended server takes it along");
        // A killed one leaves its socket.
        { const auto dead = agent::local::listenLocally(path()); }
        QVERIFY(QFile::exists(QString::fromStdString(path())));
        QCOMPARE(reasonOf(askLocally(path(), {"status", {}})), std::string("LOCAL_AWAY"));
        const auto server = LocalServer::start(path(), echo);
        QVERIFY(askLocally(path(), {"status", {}}).ok());
    }

    void aPathLongerThanAnAddressWorks() {
        QString deep = m_directory.path();
        for (int i = 0; i < 8; ++i)
            deep += QStringLiteral("/a-rather-long-directory-name");
        QVERIFY(QDir().mkpath(deep));
        const std::string where = deep.toStdString() + "/x.sock";
        const auto server = LocalServer::start(where, echo);
        QVERIFY2(server.ok(), server.status().ToString().c_str());
        QVERIFY(askLocally(where, {"status", {}}).ok());
    }

    void whoDawdlesIsLeftAndTheNextOneServed() {
        const auto server = LocalServer::start(path(), echo);
        const auto silent = agent::local::connectLocally(path());
        QVERIFY(silent.ok());
        QVERIFY(askLocally(path(), {"status", {}}).ok());
    }

    void whereNobodyCanBeAcceptedItWaits() {
        const auto server = LocalServer::start(path(), echo);
        tests::FailingAccept want(ENOMEM);
        const auto begin = std::chrono::steady_clock::now();
        const auto caller = agent::local::connectLocally(path());
        QVERIFY(tests::waitUntil([&] { return want.count() >= 3; }));
        QVERIFY2(std::chrono::steady_clock::now() - begin >= 2 * base::kAcceptPause,
                 "it asks again without a pause");
        want.end();
        QVERIFY(askLocally(path(), {"status", {}}).ok());
    }

    void longRequestsAreRefused() {
        const auto server = LocalServer::start(path(), echo);
        const auto answer = askLocally(path(), {std::string(100'000, 'x'), {}});
        QVERIFY(!answer.ok());
        QVERIFY(askLocally(path(), {"status", {}}).ok());
    }
};

QTEST_GUILESS_MAIN(LocalServerTest)
#include "tst_local_server.moc"
