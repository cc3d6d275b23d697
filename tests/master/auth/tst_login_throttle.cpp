// SPDX-License-Identifier: Apache-2.0
#include "master/auth/login_throttle.h"

#include <QTest>

#include "shared/base/status.h"
#include "tests/agent/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master::auth;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const std::string kHere = "10.0.0.1:4711";

/// One wrong password; false: it was not even checked.
bool guess(LoginThrottle& throttle, const std::string& user, const std::string& address = kHere) {
    if (!throttle.begin(user, address).ok()) return false;
    throttle.failed(user, address);
    return true;
}

}  // namespace

class TestLoginThrottle : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void waitsDoubleAndEnd();
    void newPortIsTheSameAddress();
    void otherUserAndOtherAddressMayTry();
    void addressThatTriesManyUsersWaits();
    void userThatManyAddressesTryWaits();
    void successForgets();
    void quietTimeForgets();
    void boundedAtOnce();
    void countsWhatItTurnedAway();
    void madeUpNamesDoNotGrowIt();
    void hosts();
};

void TestLoginThrottle::waitsDoubleAndEnd() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    for (int i = 0; i < 4; ++i)
        QVERIFY(guess(throttle, "ada"));
    const absl::Status delayed = throttle.begin("ada", kHere);
    QCOMPARE(delayed.code(), absl::StatusCode::kResourceExhausted);
    QCOMPARE(base::errorInfo(delayed).reason, std::string("LOGIN_DELAYED"));
    QVERIFY(base::messageOf(delayed).find("1 s") != std::string::npos);
    clock.advance(milliseconds(999));
    QVERIFY(!guess(throttle, "ada"));
    clock.advance(milliseconds(1));
    QVERIFY(guess(throttle, "ada"));  // the fifth failure: now 2 s
    clock.advance(milliseconds(1'999));
    QVERIFY(!guess(throttle, "ada"));
    clock.advance(milliseconds(1));
    for (int i = 0; i < 20; ++i) {
        QVERIFY(guess(throttle, "ada"));
        clock.advance(seconds(60));  // never longer than a minute
    }
    QVERIFY(throttle.begin("ada", kHere).ok());
}

void TestLoginThrottle::newPortIsTheSameAddress() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    for (int i = 0; i < 4; ++i)
        QVERIFY(guess(throttle, "ada", "10.0.0.1:" + std::to_string(5000 + i)));
    QVERIFY(!guess(throttle, "ada", "10.0.0.1:6000"));
}

void TestLoginThrottle::otherUserAndOtherAddressMayTry() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    while (guess(throttle, "ada")) {
    }
    QVERIFY(guess(throttle, "ada", "10.0.0.2:1"));
    QVERIFY(guess(throttle, "bob"));
}

void TestLoginThrottle::addressThatTriesManyUsersWaits() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    int tried = 0;
    while (tried < 100 && guess(throttle, "user" + std::to_string(tried)))
        ++tried;
    QCOMPARE(tried, 21);
    QVERIFY(guess(throttle, "user1", "10.0.0.2:1"));
}

void TestLoginThrottle::userThatManyAddressesTryWaits() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    int tried = 0;
    while (tried < 100 && guess(throttle, "ada", "10.0.1." + std::to_string(tried) + ":1"))
        ++tried;
    QCOMPARE(tried, 51);
}

void TestLoginThrottle::successForgets() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 3; ++i)
            QVERIFY(guess(throttle, "ada"));
        QVERIFY(throttle.begin("ada", kHere).ok());
        throttle.succeeded("ada", kHere);
    }
}

void TestLoginThrottle::quietTimeForgets() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    while (guess(throttle, "ada")) {
    }
    clock.advance(minutes(16));
    for (int i = 0; i < 4; ++i)
        QVERIFY(guess(throttle, "ada"));
}

void TestLoginThrottle::boundedAtOnce() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    QVERIFY(throttle.begin("ada", kHere).ok());
    QVERIFY(throttle.begin("bob", kHere).ok());
    const absl::Status busy = throttle.begin("cy", kHere);
    QCOMPARE(base::errorInfo(busy).reason, std::string("LOGIN_BUSY"));
    throttle.undecided();
    QVERIFY(throttle.begin("cy", kHere).ok());
}

void TestLoginThrottle::countsWhatItTurnedAway() {
    tests::ManualClock clock;
    LoginThrottle throttle(clock, {});
    while (guess(throttle, "ada")) {
    }
    QVERIFY(!guess(throttle, "ada"));
    QCOMPARE(throttle.takeRefused(), std::uint64_t{2});
    QCOMPARE(throttle.takeRefused(), std::uint64_t{0});
}

void TestLoginThrottle::madeUpNamesDoNotGrowIt() {
    tests::ManualClock clock;
    LoginThrottle::Policy policy;
    policy.entries = 100;
    policy.freePerAddress = 1'000'000;
    LoginThrottle throttle(clock, policy);
    while (guess(throttle, "ada")) {
    }
    // Names that were tried once wait for nothing and go first; the one that waits stays.
    for (int i = 0; i < 1'000; ++i)
        QVERIFY(guess(throttle, "made-up-" + std::to_string(i), "10.0.0.2:1"));
    QVERIFY(!guess(throttle, "ada"));
}

void TestLoginThrottle::hosts() {
    QCOMPARE(hostOf("127.0.0.1:40312"), std::string("127.0.0.1"));
    QCOMPARE(hostOf("[::1]:40312"), std::string("::1"));
    QCOMPARE(hostOf("unix"), std::string("unix"));
    QCOMPARE(hostOf(""), std::string());
}

QTEST_GUILESS_MAIN(TestLoginThrottle)
#include "tst_login_throttle.moc"
