// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/host_port.h"

namespace ifrit::base {

class HostPortTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsAddresses_data() {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QString>("host");  // empty: refused
        QTest::addColumn<int>("port");
        QTest::addColumn<QString>("says");
        const auto good = [](const char* address, const char* host, int port) {
            QTest::newRow(address)
                << QString::fromLatin1(address) << QString::fromLatin1(host) << port << QString();
        };
        const auto bad = [](const char* address, const char* says) {
            QTest::newRow(address)
                << QString::fromLatin1(address) << QString() << 0 << QString::fromLatin1(says);
        };
        good("m1.example:7443", "m1.example", 7443);
        good("127.0.0.1:1", "127.0.0.1", 1);
        good("[::1]:65535", "::1", 65535);
        good("[fe80::1%eth0]:80", "fe80::1%eth0", 80);
        good("master_1:80", "master_1", 80);
        good("1.2.3.4.example:80", "1.2.3.4.example", 80);
        good("255.0.0.1:80", "255.0.0.1", 80);
        bad("999.0.0.0:80", "four numbers of 0 to 255");
        bad("1.2.3:80", "four numbers of 0 to 255");
        bad("1.2.3.4.5:80", "four numbers of 0 to 255");
        bad("1..2.3:80", "four numbers of 0 to 255");
        bad("1.2.3.:80", "four numbers of 0 to 255");
        bad("17555:80", "four numbers of 0 to 255");
        bad("m1", "the port is missing");
        bad(":80", "the host is missing");
        bad("[]:80", "the host is missing");
        bad("m1:", "1 to 65535");
        bad("m1:0", "1 to 65535");
        bad("m1:65536", "1 to 65535");
        bad("m1:80x", "1 to 65535");
        bad("m1:+80", "1 to 65535");
        bad("::1:17555", "brackets");
        bad("a:b:c:80", "brackets");
        bad("[::1:80", "']' is missing");
        bad("[m1]:80", "an IPv6 address");
        bad("host name:80", "none of a name");
        bad(" m1:80", "none of a name");
        bad("user@m1:80", "none of a name");
        bad("https://m1:80", "brackets");
        bad("m1/x:80", "none of a name");
    }
    void readsAddresses() {
        QFETCH(QString, address);
        QFETCH(QString, host);
        QFETCH(int, port);
        QFETCH(QString, says);
        const auto parsed = parseHostPort(address.toStdString());
        QCOMPARE(parsed.ok(), !host.isEmpty());
        if (!parsed.ok()) {
            QCOMPARE(errorInfo(parsed.status()).reason, std::string("ADDRESS_INVALID"));
            const QString message = QString::fromStdString(messageOf(parsed.status()));
            QVERIFY2(message.contains(says), qPrintable(message));
            return;
        }
        QCOMPARE(QString::fromStdString(parsed->host), host);
        QCOMPARE(int(parsed->port), port);
    }

    void anyFreePortIsForWhoListens() {
        QVERIFY(!parseHostPort("0.0.0.0:0").ok());
        QVERIFY(parseHostPort("0.0.0.0:0", PortZero::AnyFree).ok());
        QVERIFY(!parseHostPort("0.0.0.0:", PortZero::AnyFree).ok());
    }
};

}  // namespace ifrit::base

QTEST_GUILESS_MAIN(ifrit::base::HostPortTest)
#include "tst_host_port.moc"
