// SPDX-License-Identifier: Apache-2.0
#include "agent/link/connection.h"

#include <QTest>
#include <atomic>
#include <thread>

#include "tests/agent/support/fake_master.h"

using namespace ifrit;
using namespace ifrit::agent::link;

/// What other threads do with a connection while "link" changes it.
class ConnectionTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noLineIsMadeOfWhatWasReplaced();
    void noLineIsMadeAfterTheEnd();
};

void ConnectionTest::noLineIsMadeOfWhatWasReplaced() {
    constexpr int kTimes = 50'000;
    tests::FakeConnector connector(nullptr);
    std::string last;  // of the newest line; made under the connection's lock, read after it
    connector.onConnect = [&](const Endpoint&, const MachineIdentity& identity) {
        connector.connected.clear();
        last = identity.certificatePem;
        return std::make_shared<tests::FakeMaster>("");
    };
    Connection connection(connector, {{"one:1"}, ""}, "m1");
    std::atomic<bool> ends{false};
    std::thread work([&] {
        while (!ends)
            (void)connection.client();
    });
    int stale = 0;
    for (int i = 0; i < kTimes; ++i) {
        const std::string certificate = std::to_string(i);
        connection.setIdentity({"", certificate, ""});
        const auto client = connection.client();
        if (last != certificate) ++stale;
    }
    ends = true;
    work.join();
    QCOMPARE(stale, 0);
}

void ConnectionTest::noLineIsMadeAfterTheEnd() {
    tests::FakeConnector connector(std::make_shared<tests::FakeMaster>(""));
    Connection connection(connector, {{"one:1"}, ""}, "m1");
    connection.setIdentity({"", "mine", ""});
    const auto client = connection.client();
    QVERIFY(client.ok());
    connection.shutDown();
    QVERIFY(static_cast<tests::FakeMaster&>(**client).away);
    QVERIFY(absl::IsCancelled(connection.client().status()));
}

QTEST_GUILESS_MAIN(ConnectionTest)
#include "tst_connection.moc"
