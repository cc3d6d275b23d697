// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "agent/app/runtime.h"
#include "tests/agent/support/local_machine.h"

namespace ifrit::tests {

using agent::app::LocalMachine;

class LocalMachineTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;

    std::string path(const char* name) const {
        return m_directory->filePath(QString::fromLatin1(name)).toStdString();
    }
    agent::app::Config config() const {
        agent::app::Config made;
        made.root = path("root");
        made.masters = {"master:1"};
        made.uuid = "m1";
        made.trustedKeys = path("keys");
        return made;
    }

private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }

    /// "Stop it" alone would be undone by ifrit-guard.
    void theSecondOnARootIsToldToStopTheGuard() {
        const auto first = LocalMachine::open(config(), "test");
        QVERIFY2(first.ok(), first.status().ToString().c_str());
        const absl::Status second = LocalMachine::open(config(), "test").status();
        QCOMPARE(base::errorInfo(second).reason, std::string("LOCKED"));
        const std::string message = base::messageOf(second);
        QVERIFY2(message.find("stop ifrit-guard first") != std::string::npos, message.c_str());
        QVERIFY2(message.find(fmt::format("process {};", ::getpid())) != std::string::npos,
                 message.c_str());
    }

    void whatItEnrolsWithIsNamedWhereItIsMissing_data() {
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("ca");
        QTest::newRow("not set") << QString() << QString();
        QTest::newRow("not there") << QStringLiteral("token") << QStringLiteral("ca.pem");
    }
    void whatItEnrolsWithIsNamedWhereItIsMissing() {
        QFETCH(QString, token);
        QFETCH(QString, ca);
        agent::app::Config made = config();
        if (!token.isEmpty()) made.joinTokenFile = path(qPrintable(token));
        if (!ca.isEmpty()) made.caFile = path(qPrintable(ca));
        const auto machine = LocalMachine::open(made, "test");
        QVERIFY2(machine.ok(), machine.status().ToString().c_str());
        const agent::link::EnrolmentSettings settings = agent::app::enrolmentSettings(**machine);
        QCOMPARE(base::errorInfo(settings.joinToken().status()).reason,
                 std::string("NO_JOIN_TOKEN"));
        QCOMPARE(base::errorInfo(settings.caPem().status()).reason, std::string("NO_CA"));
    }
};

}  // namespace ifrit::tests

QTEST_GUILESS_MAIN(ifrit::tests::LocalMachineTest)
#include "tst_local_machine.moc"
