// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/limits.h"

#include <QTest>

#include "shared/base/status.h"

using namespace ifrit;

class TestLimits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void text_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("reason");  // empty: taken
        const auto row = [](const char* name, const QByteArray& text, const char* reason = "") {
            QTest::newRow(name) << text << QByteArray(reason);
        };
        row("empty", "");
        row("plain", "it's \"quoted\"\tand\nbroken");
        row("letters and pictures", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x94\xa5");
        row("as long as it may be", QByteArray(32, 'x'));
        row("too long", QByteArray(33, 'x'), "TEXT_TOO_LONG");
        row("nul", QByteArray("a\0b", 3), "TEXT_INVALID");
        row("escape", "\x1b[31m", "TEXT_INVALID");
        row("carriage return", "a\r\n", "TEXT_INVALID");
        row("delete", "\x7f", "TEXT_INVALID");
        row("byte order mark", "\xef\xbb\xbfok", "TEXT_INVALID");
        row("byte order mark inside", "ok\xef\xbb\xbf");
        row("U+FFFE", "a\xef\xbf\xbe", "TEXT_INVALID");
        row("U+FFFF", "a\xef\xbf\xbf", "TEXT_INVALID");
        row("U+FFFD is a letter", "a\xef\xbf\xbd");
    }
    void text() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, reason);
        const absl::Status status = codec::checkText("note", text.toStdString(), 32);
        QCOMPARE(base::errorInfo(status).reason, reason.toStdString());
        if (!status.ok()) QCOMPARE(base::errorInfo(status).subject, std::string("note"));
    }
};

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
