// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/platform/linux/proc_stat.h"
#include "agent/platform/posix/small_file.h"

using namespace ifrit::agent::platform;

class ProcStatTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheFields_data();
    void readsTheFields();
    void refusesWhatIsCut();
    void ownLineIsReadable();
    void theRealUserIsRead();
};

namespace {
const char kFields[] =
    " S 7 42 43 0 -1 4194304 100 0 0 0 11 22 0 0 20 0 8 0 987654321 1000000 250 "
    "18446744073709551615"
    " 1 1 0\n";
}

void ProcStatTest::readsTheFields_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("plain") << QByteArray("cat");
    QTest::newRow("blank") << QByteArray("tmux: server");
    QTest::newRow("parentheses") << QByteArray("a) R 1 (b");
    QTest::newRow("newline") << QByteArray("a\nb");
    QTest::newRow("empty") << QByteArray();
}

void ProcStatTest::readsTheFields() {
    QFETCH(QByteArray, name);
    const auto stat = parseProcStat("99 (" + name.toStdString() + ")" + kFields);
    QVERIFY(stat.has_value());
    QCOMPARE(stat->state, 'S');
    QCOMPARE(stat->parentPid, 7);
    QCOMPARE(stat->sessionId, 43);
    QCOMPARE(stat->userTicks, std::uint64_t{11});
    QCOMPARE(stat->systemTicks, std::uint64_t{22});
    QCOMPARE(stat->threads, std::uint32_t{8});
    QCOMPARE(stat->startTime, std::uint64_t{987654321});
    QCOMPARE(stat->rssPages, std::uint64_t{250});
}

void ProcStatTest::refusesWhatIsCut() {
    // 22 fields follow the name up to the last that is used.
    const std::string whole = "99 (cat) S 7 42 43 0 -1 4194304 100 0 0 0 11 22 0 0 20 0 1 0 98 1 2";
    QVERIFY(parseProcStat(whole).has_value());
    for (std::size_t length = 0; length + 1 < whole.size(); ++length)
        QVERIFY2(!parseProcStat(whole.substr(0, length)), std::to_string(length).c_str());
}

void ProcStatTest::ownLineIsReadable() {
    const auto text = readSmallFile("/proc/self/stat");
    QVERIFY(text && parseProcStat(*text));
    QVERIFY(!readSmallFile("/proc/self/no-such-file"));
}

void ProcStatTest::theRealUserIsRead() {
    // A program chooses its name; the kernel writes the ends of lines in it as \n.
    const std::string status = "Name:\tUid:\t7\\nUid:\t8\nUmask:\t0022\nUid:\t210\t0\t0\t0\n";
    QCOMPARE(parseRealUser(status), std::optional<std::uint32_t>(210));
    QCOMPARE(parseRealUser("Name:\tcat\nUid:\t4294967294\t0\n"),
             std::optional<std::uint32_t>(4294967294U));
    for (const char* bad : {"", "Uid:\t7\n", "Name:\tcat\nUid:\tx\n", "Name:\tcat\nGid:\t7\n"})
        QVERIFY2(!parseRealUser(bad), bad);
}

QTEST_GUILESS_MAIN(ProcStatTest)
#include "tst_proc_stat.moc"
