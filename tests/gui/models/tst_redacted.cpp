// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "gui/models/redacted.h"

using ifrit::gui::models::redacted;

class TestRedacted : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void secretsGo_data();
    void secretsGo();
    void whatHelpsStays_data();
    void whatHelpsStays();
};

void TestRedacted::secretsGo_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("secret");
    const auto row = [](const char* name, const char* text, const char* secret) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(secret);
    };
    row("a private key",
        "a\n-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM\n-----END PRIVATE KEY-----\nb",
        "MIGHAgEAMBMGByqGSM");
    row("half a private key", "-----BEGIN EC PRIVATE KEY-----\nMIGHAgEAMBMGByq", "MIGHAgEAMBMGByq");
    row("a bearer", "authorization: Bearer abc.def", "abc.def");
    row("a value", "password=hunter2 user=ada", "hunter2");
    row("a quoted value", "token = \"one two\"", "one two");
    row("JSON", "{\"refresh_token\": \"xyz\", \"n\": 1}", "xyz");
    row("a setting", "IFRIT_KEY_PASSPHRASE: correct-horse", "correct-horse");
    row("a URL", "https://ada:hunter2@mirror.example/x", "hunter2");
    row("a long run", "sent Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZmdoaWo to it",
        "Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZmdoaWo");
}

void TestRedacted::secretsGo() {
    QFETCH(QString, text);
    QFETCH(QString, secret);
    QVERIFY(text.contains(secret));
    const QString out = redacted(text);
    QVERIFY2(!out.contains(secret), qPrintable(out));
    QVERIFY2(out.contains(QStringLiteral("[removed]")), qPrintable(out));
}

void TestRedacted::whatHelpsStays_data() {
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* text) {
        QTest::newRow(name) << QString::fromUtf8(text);
    };
    row("a sentence", "the master at 10.4.0.1:7443 cannot be reached: connection refused");
    row("a uuid", "request 3f2a9f0e-7b1c-4c58-9a35-1f4f6a7e9c11");
    row("a digest", "9f3c1e77a0d24b5586e0c1f24d9a6b3358f1c7720ee94a1bb0d1f3c5a7e92b64");
    row("a path", "/home/ada/.config/ifrit/bundles/production-cn-north-1-first.bundle");
    row("a URL", "https://mirror.example/ifrit/x?y=1");
    row("words about secrets", "the password was wrong; no token");
    row("a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    row("Chinese", "连接已断开：令牌已过期");
}

void TestRedacted::whatHelpsStays() {
    QFETCH(QString, text);
    QCOMPARE(redacted(text), text);
}

QTEST_GUILESS_MAIN(TestRedacted)
#include "tst_redacted.moc"
