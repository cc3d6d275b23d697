// SPDX-License-Identifier: Apache-2.0
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>
#include <cstring>

#include "shared/base/service_notifier.h"

using namespace ifrit::base;

class ServiceNotifierTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sendsToPathAndAbstractSocket_data();
    void sendsToPathAndAbstractSocket();
    void withoutASocketNothingHappens();
    void watchdogIsHalfOfWhatIsAsked();
};

void ServiceNotifierTest::sendsToPathAndAbstractSocket_data() {
    QTest::addColumn<bool>("abstractName");
    QTest::newRow("path") << false;
    QTest::newRow("abstract") << true;
}

void ServiceNotifierTest::sendsToPathAndAbstractSocket() {
    QFETCH(bool, abstractName);
    const QTemporaryDir dir;
    std::string name = dir.filePath(QStringLiteral("notify")).toStdString();
    if (abstractName) name[0] = '@';
    const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    if (abstractName) address.sun_path[0] = '\0';
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    QCOMPARE(::bind(socket, reinterpret_cast<sockaddr*>(&address), length), 0);
    ServiceNotifier(name).send("READY=1");
    char got[64] = {};
    QCOMPARE(::recv(socket, got, sizeof got, 0), ssize_t{7});
    QCOMPARE(std::string(got), std::string("READY=1"));
    ::close(socket);
}

void ServiceNotifierTest::withoutASocketNothingHappens() {
    const int before = ::dup(0);
    ::close(before);
    for (const std::string& name :
         {std::string(), std::string("/no/such/socket"), std::string("@"), std::string(200, 'x')})
        ServiceNotifier(name).send("READY=1");
    const int after = ::dup(0);
    ::close(after);
    QCOMPARE(after, before);  // no descriptor was lost
}

void ServiceNotifierTest::watchdogIsHalfOfWhatIsAsked() {
    QVERIFY(!watchdogInterval(nullptr, nullptr, 5));
    QVERIFY(watchdogInterval("30000000", nullptr, 5) == std::chrono::milliseconds(15'000));
    QVERIFY(watchdogInterval("30000000", "5", 5).has_value());
    QVERIFY(!watchdogInterval("30000000", "6", 5));
    QVERIFY(!watchdogInterval("junk", nullptr, 5));
}

QTEST_GUILESS_MAIN(ServiceNotifierTest)
#include "tst_service_notifier.moc"
