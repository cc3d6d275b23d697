// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <QTest>

#include "shared/log/journal_formatter.h"

namespace ifrit::log {

class TestJournalFormatter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void linesBeginWithTheirPriority_data() {
        QTest::addColumn<int>("level");
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("debug") << int(spdlog::level::debug) << QByteArray("<7>a | b\n");
        QTest::newRow("info") << int(spdlog::level::info) << QByteArray("<6>a | b\n");
        QTest::newRow("warning") << int(spdlog::level::warn) << QByteArray("<4>a | b\n");
        QTest::newRow("error") << int(spdlog::level::err) << QByteArray("<3>a | b\n");
    }
    void linesBeginWithTheirPriority() {
        QFETCH(int, level);
        QFETCH(QByteArray, line);
        const spdlog::details::log_msg message("x", static_cast<spdlog::level::level_enum>(level),
                                               "a\nb");
        spdlog::memory_buf_t out;
        JournalFormatter().format(message, out);
        QCOMPARE(QByteArray(out.data(), static_cast<qsizetype>(out.size())), line);
    }

    void onlyTheNamedStreamIsTheJournal() {
        struct stat found {};
        QCOMPARE(::fstat(STDERR_FILENO, &found), 0);
        const std::string name = std::to_string(found.st_dev) + ':' + std::to_string(found.st_ino);
        QVERIFY(isJournal(name.c_str()));
        QVERIFY(!isJournal((name + '0').c_str()));
        QVERIFY(!isJournal(nullptr));
    }
};

}  // namespace ifrit::log

QTEST_GUILESS_MAIN(ifrit::log::TestJournalFormatter)
#include "tst_journal_formatter.moc"
