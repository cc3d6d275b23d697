// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/base/utf8.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::rpc {

class TestStatusAdapter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void roundTripsEveryCode() {
        for (int code = 1; code <= 16; ++code) {
            const base::CallDetails info{"req-1",
                                         std::chrono::milliseconds(1500),
                                         1363,
                                         17,
                                         {"resumed", "bob", 1'700'000'000'123}};
            const absl::Status status = base::withCallDetails(
                base::makeError(static_cast<absl::StatusCode>(code), "SOME_REASON", "thing-7",
                                "sentence with \"quotes\" and \xE4\xB8\xAD"),
                info);
            const absl::Status back = fromGrpc(toGrpc(status));
            QCOMPARE(static_cast<int>(back.code()), code);
            QCOMPARE(base::messageOf(back), base::messageOf(status));
            QVERIFY(base::errorInfo(back) == base::errorInfo(status));
            QVERIFY(base::callDetails(back) == info);
        }
    }

    /// Whatever a caller put into it: gRPC ends the connection of one whose metadata is too large.
    void whatIsTooLongForMetadataIsCutBetweenCharacters() {
        std::string name;
        while (name.size() < 64 * 1024)
            name += "\xE4\xB8\xAD";
        const grpc::Status sent = toGrpc(base::withCallDetails(
            base::makeError(absl::StatusCode::kInvalidArgument, "NAME", name, "no " + name),
            {name, {}, 0, 0}));
        // The sentence with %XX for each byte, the details in base 64.
        QVERIFY(sent.error_message().size() * 3 + sent.error_details().size() * 4 / 3 < 7'500);
        const absl::Status back = fromGrpc(sent);
        QVERIFY(base::isUtf8(base::messageOf(back)));
        QVERIFY(base::isUtf8(base::errorInfo(back).subject));
        QCOMPARE(base::messageOf(back).substr(0, 300), ("no " + name).substr(0, 300));
        QVERIFY(QByteArray::fromStdString(base::messageOf(back)).endsWith("..."));
    }

    void okStaysOk() {
        QVERIFY(fromGrpc(toGrpc(absl::OkStatus())).ok());
        QVERIFY(base::withCallDetails(absl::OkStatus(), {"r", {}, 0, 0}).ok());
    }

    void aForeignPeersStatusKeepsCodeAndSentence() {
        const absl::Status back =
            fromGrpc({grpc::StatusCode::UNAVAILABLE, "proxy says no", "\xff not protobuf"});
        QCOMPARE(back.code(), absl::StatusCode::kUnavailable);
        QCOMPARE(base::messageOf(back), std::string("proxy says no"));
        QVERIFY(base::errorInfo(back) == base::ErrorInfo{});
    }

    void onlyWhatTheLineDidIsRetried() {
        for (int code = 0; code <= 16; ++code) {
            const absl::Status status(static_cast<absl::StatusCode>(code), "x");
            QCOMPARE(isRetryable(status), code == 14 || code == 1);
            const absl::Status told = base::makeError(status.code(), "CALLER_GONE", "", "x");
            QCOMPARE(isRetryable(told), code == 14);
        }
    }
};

}  // namespace ifrit::rpc

QTEST_GUILESS_MAIN(ifrit::rpc::TestStatusAdapter)
#include "tst_status_adapter.moc"
