// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/base/wording.h"

using namespace std::chrono_literals;

namespace ifrit::base {

class TestWording : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void oneIsNotMany() {
        QCOMPARE(countOf(1, "packages"), std::string("1 package"));
        QCOMPARE(countOf(0, "packages"), std::string("0 packages"));
        QCOMPARE(countOf(1, "entries"), std::string("1 entry"));
        QCOMPARE(countOf(2, "entries"), std::string("2 entries"));
        QCOMPARE(countOf(1, "batches"), std::string("1 batch"));
        QCOMPARE(countOf(1, "addresses"), std::string("1 address"));
        QCOMPARE(countOf(1, "virtual nodes"), std::string("1 virtual node"));
    }

    void durationsHaveTwoUnitsAtMost() {
        const auto is = [](std::chrono::milliseconds length, const char* text) {
            QCOMPARE(sayDuration(length), std::string(text));
        };
        is(0ms, "0 ms");
        is(250ms, "250 ms");
        is(42s, "42 s");
        is(60s, "1 min");
        is(3592s, "59 min 52 s");
        is(2h, "2 h");
        is(2h + 5s, "2 h");
        is(2h + 10min + 5s, "2 h 10 min");
        is(52h, "2 d 4 h");
        is(24h * 30, "30 d");
    }
};

}  // namespace ifrit::base

QTEST_GUILESS_MAIN(ifrit::base::TestWording)
#include "tst_wording.moc"
