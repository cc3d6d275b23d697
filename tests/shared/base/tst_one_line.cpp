// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/one_line.h"

/// That what a program prints commands nobody's terminal, and looks like no line of ours.
class OneLineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void texts_data();
    void texts();
};

void OneLineTest::texts_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("line");
    const auto row = [](const char* name, const QByteArray& text, const QByteArray& line) {
        QTest::newRow(name) << text << line;
    };
    row("nothing", "", "");
    row("blanks", " \t\r\n", "");
    row("plain", "disk is full", "disk is full");
    row("lines", "\none\r\n two\t three \n", "one two three");
    row("terminal", "\x1b[2J\x1b]0;owned\x07", "?[2J?]0;owned?");
    row("null and delete", QByteArray("a\0b\x7f", 4), "a?b?");
    row("other scripts", "磁盘已满 é 🙂", "磁盘已满 é 🙂");
    row("C1 in UTF-8",
        "a\xc2\x9b"
        "2J",
        "a?2J");
    row("C1 as a byte",
        "a\x9b"
        "2J",
        "a?2J");
    row("no-break space",
        "a\xc2\xa0"
        "b",
        "a\xc2\xa0"
        "b");
    row("line separator",
        "a\xe2\x80\xa8"
        "b",
        "a?b");
    row("direction",
        "a\xe2\x80\xae\xe2\x81\xa6"
        "b",
        "a??b");
    row("cut", "a\xe2\x80", "a??");
}

void OneLineTest::texts() {
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, line);
    QCOMPARE(QByteArray::fromStdString(ifrit::base::oneLine(text.toStdString())), line);
}

QTEST_GUILESS_MAIN(OneLineTest)
#include "tst_one_line.moc"
