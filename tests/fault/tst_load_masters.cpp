// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/masters.grpc.pb.h>

#include <csignal>

#include <QTest>

#include "shared/rpc/channel.h"
#include "tests/fault/masters_cluster.h"
#include "tests/master/rpc/polls_in.h"

using namespace ifrit;
using namespace ifrit::tests;
using ifrit::master::rpc::pollsIn;

/// Clusters/ListMasterLoads over two real masters: each tells of both.
class TestLoadMasters : public QObject {
    Q_OBJECT

    v1::ListMasterLoadsResponse ask(std::size_t at, grpc::Status* status = nullptr) const {
        v1::ListMasterLoadsResponse response;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status ended =
            v1::Clusters::NewStub(m_cluster->root(at))->ListMasterLoads(&context, {}, &response);
        if (status != nullptr) *status = ended;
        return response;
    }

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
        QVERIFY(QTest::qWaitFor(
            [this] { return ask(0).masters_size() == 2 && ask(1).masters_size() == 2; },
            kPatience));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void eachTellsOfBothAndTheAskedOneComesFirst() {
        // Polls of one master are not the other's.
        const auto machine = m_cluster->enrol("m1", 1);
        machine->moveTo(1);
        constexpr int kPolls = 5;
        for (int i = 0; i < kPolls; ++i)
            QVERIFY(machine->sync());
        QCOMPARE(machine->retried(), 0);
        v1::ListMasterLoadsResponse told;
        QVERIFY(QTest::qWaitFor(
            [&] {
                told = ask(0);
                return told.masters_size() == 2 && pollsIn(told.masters(1)) >= kPolls;
            },
            kPatience));
        const std::size_t leader = m_cluster->leader();
        for (const std::size_t at : {0, 1}) {
            const auto& row = told.masters(static_cast<int>(at));
            QCOMPARE(row.address(), m_cluster->address(at));
            QVERIFY(!row.server_version().empty());
            QVERIFY(!row.unreachable());
            QCOMPARE(row.leads(), at == leader);
        }
        QCOMPARE(pollsIn(told.masters(0)), std::uint64_t(0));
        bool isTimed = false;
        for (const v1::LoadSample& sample : told.masters(1).samples()) {
            QVERIFY(sample.poll_p99_us() >= sample.poll_p50_us());
            isTimed = isTimed || sample.poll_p50_us() > 0;
        }
        QVERIFY(isTimed);
        QCOMPARE(ask(1).masters(0).address(), m_cluster->address(1));
    }

    void oneThatDoesNotAnswerIsNamed() {
        const std::size_t stopped = m_cluster->follower();
        const std::size_t asked = 1 - stopped;
        m_cluster->process(stopped).signal(SIGSTOP);
        grpc::Status status;
        const v1::ListMasterLoadsResponse told = ask(asked, &status);
        m_cluster->process(stopped).signal(SIGCONT);
        QVERIFY2(status.ok(), status.error_message().c_str());
        QCOMPARE(told.masters_size(), 2);
        QVERIFY(!told.masters(0).unreachable());
        const v1::MasterLoad& row = told.masters(1);
        QCOMPARE(row.address(), m_cluster->address(stopped));
        QVERIFY(row.unreachable());
        QVERIFY(!row.leads());
        QCOMPARE(row.samples_size(), 0);
        QVERIFY(!row.server_version().empty());
        QVERIFY(QTest::qWaitFor(
            [&] {
                const auto again = ask(asked);
                return again.masters_size() == 2 && !again.masters(1).unreachable();
            },
            kPatience));
    }

    void onlyMastersAreToldDirectly() {
        v1::MasterLoad response;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status status =
            v1::Masters::NewStub(m_cluster->root(0))->GetLoad(&context, {}, &response);
        QCOMPARE(int(status.error_code()), int(grpc::StatusCode::PERMISSION_DENIED));
    }

private:
    std::unique_ptr<MastersCluster> m_cluster;
};

QTEST_GUILESS_MAIN(TestLoadMasters)
#include "tst_load_masters.moc"
