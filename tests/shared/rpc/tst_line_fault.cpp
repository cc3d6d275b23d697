// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/status.h"
#include "shared/rpc/line_fault.h"

namespace ifrit::rpc {

class LineFaultTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsTheWordsOfTheTransport() {
        const auto of = [](absl::StatusCode code, const char* words) {
            return lineFaultOf(absl::Status(code, words));
        };
        using Code = absl::StatusCode;
        QVERIFY(lineFaultOf(absl::OkStatus()) == LineFault::None);
        QVERIFY(of(Code::kUnavailable,
                   "failed to connect to all addresses; last error: UNKNOWN: Ssl handshake failed: "
                   "SSL_ERROR_SSL: error:0A000086:SSL routines::certificate verify failed") ==
                LineFault::Untrusted);
        QVERIFY(of(Code::kUnavailable,
                   "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:25435: "
                   "Peer name localhost is not in peer certificate") == LineFault::Untrusted);
        QVERIFY(of(Code::kUnavailable,
                   "Ssl handshake failed: SSL_ERROR_SSL: error:0A00010B:wrong version number") ==
                LineFault::NoTls);
        QVERIFY(of(Code::kUnavailable, "failed to connect to all addresses") ==
                LineFault::Unreachable);
        QVERIFY(of(Code::kDeadlineExceeded, "Deadline Exceeded") == LineFault::NoAnswer);
        QVERIFY(of(Code::kCancelled, "CANCELLED") == LineFault::CutOff);
        QVERIFY(of(Code::kPermissionDenied, "ssl") == LineFault::None);
    }
    void saysWhyNobodyIsReached_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("why");
        const auto row = [](const char* words, const char* why) {
            QTest::newRow(why) << QString::fromUtf8(words) << QString::fromUtf8(why);
        };
        row("failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to "
            "connect to remote host: Connection refused",
            "Connection refused");
        row("DNS resolution failed for m.invalid:7443: C-ares status is not ARES_SUCCESS "
            "qtype=AAAA name=m.invalid is_balancer=0: Domain name not found",
            "Domain name not found");
        row("failed to connect to all addresses; last error: UNAVAILABLE: closed",
            "UNAVAILABLE: closed");
        row("Socket closed", "Socket closed");
    }
    void saysWhyNobodyIsReached() {
        QFETCH(QString, words);
        QFETCH(QString, why);
        QCOMPARE(QString::fromStdString(whyUnreachable(
                     absl::Status(absl::StatusCode::kUnavailable, words.toStdString()))),
                 why);
    }
    void aPeerThatGaveItsReasonIsNoMatterOfTheLine() {
        QVERIFY(lineFaultOf(base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "",
                                            "the database is away")) == LineFault::None);
    }
};

}  // namespace ifrit::rpc

QTEST_GUILESS_MAIN(ifrit::rpc::LineFaultTest)
#include "tst_line_fault.moc"
