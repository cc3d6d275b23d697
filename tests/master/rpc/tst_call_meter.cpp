// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestCallMeter : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyCallIsTold() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m1");
        QVERIFY(machine.enrol().ok());
        QVERIFY(machine.sync().ok());
        {
            grpc::ClientContext context;
            v1::Release release;
            const auto stub = v1::Releases::NewStub(machine.channel);
            QVERIFY(!stub->CreateRelease(&context, {}, &release).ok());
        }
        {
            grpc::ClientContext context;
            const auto stub = v1::MachineLink::NewStub(machine.channel);
            const auto stream = stub->Watch(&context, {});
            QVERIFY(
                tests::waitUntil([&] { return fixture.server->figures().machineStreams == 1; }));
            context.TryCancel();
            (void)stream->Finish();
        }
        for (const char* call :
             {"ifrit.v1.Enrolment/Enrol 0", "ifrit.v1.MachineLink/Sync 0",
              "ifrit.v1.Releases/CreateRelease 7", "ifrit.v1.MachineLink/Watch 1 stream"})
            QVERIFY2(tests::waitUntil([&] { return fixture.calls.has(call); }), call);
        // Its handler measures it, so the interceptor must not.
        QCOMPARE(fixture.calls.totals().polls, std::uint64_t(1));
        const services::ClusterFigures figures = fixture.server->figures();
        QCOMPARE(figures.cluster, std::string("test"));
        std::uint64_t machines = 0;
        for (const auto& [state, count] : figures.machinesByState)
            machines += count;
        QCOMPARE(machines, std::uint64_t(1));
        QVERIFY(!figures.stopping);
        fixture.stop();
        QVERIFY(fixture.server->figures().stopping);
    }

    void aRefusedPollIsTold() {
        ServerFixture fixture;
        grpc::ClientContext context;
        v1::SyncResponse response;
        const auto stub =
            v1::MachineLink::NewStub(fixture.channelAs(crypto::Role::Operator, "root"));
        QCOMPARE(stub->Sync(&context, {}, &response).error_code(),
                 grpc::StatusCode::PERMISSION_DENIED);
        QVERIFY(tests::waitUntil([&] { return fixture.calls.has("ifrit.v1.MachineLink/Sync 7"); }));
        QCOMPARE(fixture.calls.totals().polls, std::uint64_t(1));
    }
};

QTEST_GUILESS_MAIN(TestCallMeter)
#include "tst_call_meter.moc"
