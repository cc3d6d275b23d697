// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/domain/download_rate.h"

namespace ifrit::domain {

class DownloadRateTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadInTheUnitsThatPeopleWrite_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qulonglong>("bytes");
        const auto row = [](const char* text, qulonglong bytes) {
            QTest::newRow(text) << QString::fromLatin1(text) << bytes;
        };
        row("2MB/s", 2'000'000);
        row("2MiB/s", 2'097'152);
        row("512KiB/s", 524'288);
        row("2mb/S", 2'000'000);
        row("2 MB/s", 2'000'000);
        row("2MB", 2'000'000);
        row("1.5MB/s", 1'500'000);
        row("0.125MiB/s", 131'072);
        row("65536B/s", 65'536);
        row("65536", 65'536);
        row("1TiB/s", 1ULL << 40U);
        row("none", 0);
        row("0", 0);
    }
    void isReadInTheUnitsThatPeopleWrite() {
        QFETCH(QString, text);
        QFETCH(qulonglong, bytes);
        const auto rate = parseDownloadRate(text.toStdString());
        QVERIFY2(rate.ok(), rate.status().ToString().c_str());
        QCOMPARE(qulonglong{*rate}, bytes);
    }

    void isRefusedWithASentence_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        for (const char* text :
             {"", "fast", "-2MB/s", "2MB/m", "2Mbit/s", "1.5", "1.5B/s", "1.MB/s", "1.2345MB/s",
              "2MB/s/s", "2TiB/s", "99999999999999999999MB/s"})
            QTest::newRow(text) << QString::fromLatin1(text)
                                << QStringLiteral("is not a download rate: write 2MB/s");
        QTest::newRow("below") << QStringLiteral("65535")
                               << QStringLiteral(
                                      "of 65535 bytes a second; it must be 65536 to "
                                      "1099511627776, or 0 for none");
    }
    void isRefusedWithASentence() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const absl::Status status = parseDownloadRate(text.toStdString()).status();
        QVERIFY(absl::IsInvalidArgument(status));
        QCOMPARE(base::errorInfo(status).reason, std::string("RATE_INVALID"));
        const QString message = QString::fromStdString(base::messageOf(status));
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void isWrittenSoThatItIsReadBackEqual_data() {
        QTest::addColumn<qulonglong>("bytes");
        QTest::addColumn<QString>("text");
        const auto row = [](qulonglong bytes, const char* text) {
            QTest::newRow(text) << bytes << QString::fromLatin1(text);
        };
        row(0, "none");
        row(2'000'000, "2MB/s");
        row(2'097'152, "2MiB/s");
        row(1'500'000, "1500KB/s");
        row(65'536, "64KiB/s");
        row(65'537, "65537B/s");
        row(1ULL << 40U, "1TiB/s");
    }
    void isWrittenSoThatItIsReadBackEqual() {
        QFETCH(qulonglong, bytes);
        QFETCH(QString, text);
        QCOMPARE(QString::fromStdString(formatDownloadRate(bytes)), text);
        QCOMPARE(qulonglong{parseDownloadRate(text.toStdString()).value()}, bytes);
    }
};

}  // namespace ifrit::domain

QTEST_GUILESS_MAIN(ifrit::domain::DownloadRateTest)
#include "tst_download_rate.moc"
