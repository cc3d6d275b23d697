// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/deadline.h"

#include <grpcpp/client_context.h>

#include <QTest>

#include "shared/rpc/channel.h"

using namespace ifrit;
using namespace std::chrono_literals;

class DeadlineTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aCallEndsByTheSteadyClock();
    void ofADeadlineSomethingIsLeft();
};

void DeadlineTest::aCallEndsByTheSteadyClock() {
    grpc::ClientContext context;
    rpc::setDeadline(context, 60s);
    QCOMPARE(context.raw_deadline().clock_type, GPR_CLOCK_MONOTONIC);
    const auto left = rpc::timeLeft(context.raw_deadline());
    QVERIFY(left > 30s && left <= 60s);
}

void DeadlineTest::ofADeadlineSomethingIsLeft() {
    QVERIFY(rpc::timeLeft(rpc::deadlineIn(-5s)) <= -5s);
    QVERIFY(rpc::timeLeft(gpr_inf_future(GPR_CLOCK_REALTIME)) > 24h);
    QVERIFY(rpc::timeLeft(gpr_inf_past(GPR_CLOCK_REALTIME)) < 0s);
    const auto byWall =
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_hours(1, GPR_TIMESPAN));
    const auto left = rpc::timeLeft(byWall);
    QVERIFY(left > 30min && left < 61min);
}

QTEST_GUILESS_MAIN(DeadlineTest)
#include "tst_deadline.moc"
