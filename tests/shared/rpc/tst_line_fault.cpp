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
                   "Ssl handshake failed: SSL_ERROR_SSL: error:0A00010B:wrong version number") ==
                LineFault::NoTls);
        QVERIFY(of(Code::kUnavailable, "failed to connect to all addresses") ==
                LineFault::Unreachable);
        QVERIFY(of(Code::kDeadlineExceeded, "Deadline Exceeded") == LineFault::NoAnswer);
        QVERIFY(of(Code::kCancelled, "CANCELLED") == LineFault::CutOff);
        QVERIFY(of(Code::kPermissionDenied, "ssl") == LineFault::None);
    }
    void aPeerThatGaveItsReasonIsNoMatterOfTheLine() {
        QVERIFY(lineFaultOf(base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "",
                                            "the database is away")) == LineFault::None);
    }
};

}  // namespace ifrit::rpc

QTEST_GUILESS_MAIN(ifrit::rpc::LineFaultTest)
#include "tst_line_fault.moc"
