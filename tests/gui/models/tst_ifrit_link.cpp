// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/ifrit_link.h"
#include "shared/base/status.h"

using namespace ifrit;
using gui::models::IfritLink;
using gui::models::IfritLinks;
using Kind = IfritLink::Kind;

class TestIfritLink : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isReadAndWritten_data();
    void isReadAndWritten();
    void addCarriesTheCa();
    void whatIsWrongIsRefused_data();
    void whatIsWrongIsRefused();
};

void TestIfritLink::isReadAndWritten_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QString>("what");
    QTest::newRow("cluster") << QStringLiteral("ifrit://open/demo") << int(Kind::Cluster)
                             << QString();
    QTest::newRow("machine") << QStringLiteral("ifrit://open/cn-north-1/machine/i-0c77b2")
                             << int(Kind::Machine) << QStringLiteral("i-0c77b2");
    QTest::newRow("a v6 machine") << QStringLiteral("ifrit://open/demo/machine/fd00::7")
                                  << int(Kind::Machine) << QStringLiteral("fd00::7");
    QTest::newRow("release") << QStringLiteral("ifrit://open/demo/release/12") << int(Kind::Release)
                             << QStringLiteral("12");
}

void TestIfritLink::isReadAndWritten() {
    QFETCH(QString, text);
    QFETCH(int, kind);
    QFETCH(QString, what);
    const auto link = IfritLinks::parse(text);
    QVERIFY2(link.ok(), std::string(link.status().message()).c_str());
    QCOMPARE(static_cast<int>(link->kind), kind);
    QCOMPARE(link->kind == Kind::Release ? QString::number(link->number) : link->uuid, what);
    QCOMPARE(IfritLinks::textOf(*link), text);
}

void TestIfritLink::addCarriesTheCa() {
    IfritLink link;
    link.kind = Kind::Add;
    link.cluster = QStringLiteral("demo");
    link.clusterKind = QStringLiteral("production");
    link.address = QStringLiteral("[fd00::1]:7443");
    // Bytes that base64 writes with + and /, over more than a line of PEM.
    QByteArray der;
    for (int i = 0; i < 200; ++i)
        der.append(static_cast<char>(250 + i % 6));
    const QString text =
        QStringLiteral("ifrit://add?cluster=demo&kind=production&address=[fd00::1]:7443&ca=") +
        QString::fromLatin1(
            der.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    const auto parsed = IfritLinks::parse(text);
    QVERIFY2(parsed.ok(), std::string(parsed.status().message()).c_str());
    QCOMPARE(parsed->address, link.address);
    QVERIFY(parsed->caPem.starts_with("-----BEGIN CERTIFICATE-----\n"));
    QVERIFY(parsed->caPem.ends_with("\n-----END CERTIFICATE-----\n"));
    const auto again = IfritLinks::parse(IfritLinks::textOf(*parsed));
    QVERIFY(again.ok());
    QVERIFY(*again == *parsed);
}

void TestIfritLink::whatIsWrongIsRefused_data() {
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const QString& text) { QTest::newRow(name) << text; };
    row("nothing", {});
    row("another scheme", QStringLiteral("https://open/demo"));
    row("no place", QStringLiteral("ifrit://demo"));
    row("a verb", QStringLiteral("ifrit://freeze/demo"));
    row("a user", QStringLiteral("ifrit://ada@open/demo"));
    row("a password", QStringLiteral("ifrit://ada:x@open/demo"));
    row("a port", QStringLiteral("ifrit://open:80/demo"));
    row("a fragment", QStringLiteral("ifrit://open/demo#x"));
    row("a query where none is known", QStringLiteral("ifrit://open/demo?yes=1"));
    row("no cluster", QStringLiteral("ifrit://open/"));
    row("a path out", QStringLiteral("ifrit://open/../etc"));
    row("an encoded slash", QStringLiteral("ifrit://open/a%2F..%2Fb"));
    row("capitals", QStringLiteral("ifrit://open/DEMO"));
    row("half a machine", QStringLiteral("ifrit://open/demo/machine"));
    row("an empty uuid", QStringLiteral("ifrit://open/demo/machine/"));
    row("an option for a uuid", QStringLiteral("ifrit://open/demo/machine/--yes"));
    row("more behind", QStringLiteral("ifrit://open/demo/machine/a/log"));
    row("a release by name", QStringLiteral("ifrit://open/demo/release/last"));
    row("a release of 0", QStringLiteral("ifrit://open/demo/release/0"));
    row("a release with a sign", QStringLiteral("ifrit://open/demo/release/+1"));
    row("a release too large", QStringLiteral("ifrit://open/demo/release/99999999999999999999999"));
    const QString add = QStringLiteral("ifrit://add?cluster=demo&kind=test&address=a:1");
    row("add without a CA", add);
    row("add with an empty CA", add + QStringLiteral("&ca="));
    row("add with no base64", add + QStringLiteral("&ca=%21%21"));
    row("add with two addresses", add + QStringLiteral("&address=b:1&ca=AAAA"));
    row("add with a token", add + QStringLiteral("&ca=AAAA&token=x"));
    row("add with a path", QStringLiteral("ifrit://add/x?cluster=demo&kind=test&address=a:1&ca=A"));
    row("too long", add + QStringLiteral("&ca=") + QString(9'000, QLatin1Char('A')));
}

void TestIfritLink::whatIsWrongIsRefused() {
    QFETCH(QString, text);
    const auto link = IfritLinks::parse(text);
    QVERIFY(!link.ok());
    QVERIFY(!link.status().message().empty());
}

QTEST_GUILESS_MAIN(TestIfritLink)
#include "tst_ifrit_link.moc"
