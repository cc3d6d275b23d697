// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <cerrno>

#include "shared/base/backoff.h"
#include "shared/base/hex.h"
#include "shared/base/status.h"

namespace ifrit::base {

using namespace std::chrono_literals;

class TestBackoff : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void growsToTheCapAndStaysWithin_data() {
        QTest::addColumn<double>("random");
        QTest::newRow("least") << 0.0;
        QTest::newRow("middle") << 0.5;
        QTest::newRow("most") << 0.999999;
    }
    void growsToTheCapAndStaysWithin() {
        QFETCH(double, random);
        Backoff backoff({500ms, 60'000ms, 50ms}, [random] { return random; });
        auto ceiling = 500ms;
        for (int i = 0; i < 100; ++i) {
            const auto delay = backoff.next();
            QVERIFY(delay >= 50ms && delay <= ceiling);
            if (random == 0.0) QVERIFY(delay == 50ms);
            if (random > 0.9) QVERIFY(delay >= ceiling - 2ms);
            ceiling = std::min<std::chrono::milliseconds>(ceiling * 2, 60'000ms);
        }
        QCOMPARE(backoff.failures(), 100U);
        backoff.reset();
        QVERIFY(backoff.next() <= 500ms);
    }

    void hexRoundTrips() {
        std::string all;
        for (int i = 0; i < 256; ++i)
            all.push_back(static_cast<char>(i));
        QCOMPARE(fromHex(toHex(all)).value(), all);
        QCOMPARE(fromHex("0aFf").value(), std::string("\x0a\xff"));
        for (const char* bad : {"0", "0g", " 0", "0x00"})
            QVERIFY(!fromHex(bad).has_value());
    }

    void statusesKeepReasonAndSubject() {
        const absl::Status status = notFound("THING_UNKNOWN", "t-1", "there is no {}", "t-1");
        QCOMPARE(status.code(), absl::StatusCode::kNotFound);
        QVERIFY((errorInfo(status) == ErrorInfo{"THING_UNKNOWN", "t-1"}));
        const absl::Status more = annotate(status, "release 7");
        QCOMPARE(messageOf(more), std::string("release 7: there is no t-1"));
        QVERIFY(errorInfo(more) == errorInfo(status));
        QVERIFY(annotate(absl::OkStatus(), "x").ok());
        QCOMPARE(errnoStatus(ENOSPC, "write").code(), absl::StatusCode::kResourceExhausted);
        QCOMPARE(errnoStatus(ENOENT, "open").code(), absl::StatusCode::kNotFound);
    }
};

}  // namespace ifrit::base

QTEST_GUILESS_MAIN(ifrit::base::TestBackoff)
#include "tst_backoff.moc"
