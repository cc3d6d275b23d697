// SPDX-License-Identifier: Apache-2.0
// A database that neither answers nor refuses, as behind a black hole (row G2).
#include <QTest>

#include "shared/rpc/channel.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestHangingDatabase : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theMasterLivesAndAnswersMachines() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m1");
        QVERIFY(machine.enrol().ok());
        const absl::MutexLock hangs(&fixture.database->mutex);
        // The round stands in its first call; the clock of streams and of the watchdog turns.
        QVERIFY(tests::waitUntil([&] {
            const Server::Alive alive = fixture.server->alive();
            return alive.sinceRound > std::chrono::milliseconds(1'500) &&
                   alive.sinceTick < std::chrono::milliseconds(500);
        }));
        // Nor does who asks how it is, or for the list of releases, wait.
        QCOMPARE(fixture.server->figures().machinesByState.at("unmanaged"), std::uint64_t(1));
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
        v1::SyncResponse response;
        QVERIFY(v1::MachineLink::NewStub(machine.channel)->Sync(&context, {}, &response).ok());
    }

    /// Sync and Watch are admitted on gRPC's own threads: a few strangers would hold up them all.
    void strangersAreRefusedWithoutAsking() {
        ServerFixture fixture;
        const auto stranger = fixture.channelAs(crypto::Role::Machine, "");
        const auto root = fixture.root();
        const absl::MutexLock hangs(&fixture.identities.mutex);
        for (const bool isSync : {true, false}) {
            const auto codeOf = [isSync](const std::shared_ptr<grpc::Channel>& channel,
                                         const std::string& bearer) {
                const auto stub = v1::MachineLink::NewStub(channel);
                grpc::ClientContext context;
                ifrit::rpc::setDeadline(context, std::chrono::seconds(10));
                if (!bearer.empty()) context.AddMetadata("authorization", "Bearer " + bearer);
                v1::SyncResponse response;
                if (isSync) return stub->Sync(&context, {}, &response).error_code();
                v1::GenerationNotice notice;
                const auto stream = stub->Watch(&context, {});
                while (stream->Read(&notice)) {
                }
                return stream->Finish().error_code();
            };
            QCOMPARE(codeOf(stranger, "ifritses_" + std::string(43, 'x')),
                     grpc::StatusCode::UNAUTHENTICATED);
            QCOMPARE(codeOf(root, {}), grpc::StatusCode::PERMISSION_DENIED);
            QCOMPARE(codeOf(root, "a token of it"), grpc::StatusCode::PERMISSION_DENIED);
        }
    }
};

QTEST_GUILESS_MAIN(TestHangingDatabase)
#include "tst_hanging_database.moc"
