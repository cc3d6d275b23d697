// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/rpc/channel.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/polls_in.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

/// Clusters/ListMasterLoads of a master that is alone.
class TestMasterLoads : public QObject {
    Q_OBJECT

    static v1::ListMasterLoadsResponse ask(const std::shared_ptr<grpc::Channel>& channel,
                                           std::uint64_t withinMs = 0) {
        v1::ListMasterLoadsRequest request;
        request.set_within_ms(withinMs);
        v1::ListMasterLoadsResponse response;
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
        const grpc::Status status =
            v1::Clusters::NewStub(channel)->ListMasterLoads(&context, request, &response);
        return status.ok() ? response : v1::ListMasterLoadsResponse();
    }

private Q_SLOTS:
    void aMasterTellsWhatItDid() {
        ServerFixture fixture;
        const auto root = fixture.root();
        QVERIFY(tests::waitUntil([&] { return ask(root).masters(0).samples_size() > 0; }));
        FakeMachine machine(fixture, "m1");
        QVERIFY(machine.enrol().ok());
        for (int i = 0; i < 3; ++i)
            QVERIFY(machine.sync().ok());
        v1::MasterLoad load;
        QVERIFY(tests::waitUntil([&] {
            load = ask(root).masters(0);
            return pollsIn(load) == 3;
        }));
        QCOMPARE(load.address(), fixture.address());
        QCOMPARE(load.server_version(), std::string("0.1"));
        QVERIFY(load.leads());
        QVERIFY(!load.unreachable());
        std::uint64_t others = 0;
        std::int64_t last = 0;
        for (const v1::LoadSample& sample : load.samples()) {
            QVERIFY(sample.at_ms() > last);
            last = sample.at_ms();
            QVERIFY(sample.span_ms() >= 50);
            others += sample.other_calls();
            // The fixture counts every poll above its only bound.
            QCOMPARE(sample.poll_p50_us(), sample.polls() > 0 ? 7U : 0U);
            QCOMPARE(sample.poll_p99_us(), sample.polls() > 0 ? 7U : 0U);
        }
        // Enrol, and the questions before.
        QVERIFY(others >= 2);
    }

    void onlyWhatIsAskedForIsTold() {
        ServerFixture fixture;
        const auto root = fixture.root();
        QVERIFY(tests::waitUntil([&] { return ask(root).masters(0).samples_size() > 4; }));
        QVERIFY(ask(root, 1).masters(0).samples_size() <= 1);
        QVERIFY(ask(root, ~std::uint64_t(0)).masters(0).samples_size() > 4);
    }
};

QTEST_GUILESS_MAIN(TestMasterLoads)
#include "tst_master_loads.moc"
