// SPDX-License-Identifier: Apache-2.0
// What passes between a master and its machines beside releases: copies, logs.
#include <QTest>
#include <algorithm>
#include <functional>
#include <thread>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/server_fixture.h"
#include "tests/master/rpc/watched_events.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

bool until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (std::chrono::steady_clock::now() < end) {
        if (condition()) return true;
        std::this_thread::yield();
    }
    return false;
}

}  // namespace

class TestMachineCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoIsRemovedWhileItEnrolsIsNotThere() {
        ServerFixture fixture;
        fixture.identities.enrolled = [&fixture] {
            const absl::MutexLock lock(&fixture.database->mutex);
            fixture.database->state.machines.erase("m0");
        };
        FakeMachine machine(fixture, "m0");
        const grpc::Status refused = machine.enrol();
        QCOMPARE(refused.error_code(), grpc::StatusCode::NOT_FOUND);
        QVERIFY(!fixture.server->services().fleet().find("m0"));
        fixture.identities.enrolled = nullptr;
        QVERIFY(machine.enrol().ok());
        QVERIFY(fixture.server->services().fleet().find("m0"));
    }

    /// A desktop that looked on, or any machine, made each stop as long as its drain.
    void aDrainWaitsForNoStreamThatStands() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m0");
        QVERIFY(machine.enrol().ok());
        QVERIFY(machine.sync().ok());
        const WatchedEvents desktop(fixture.root(), "");
        QVERIFY(desktop.opened());
        grpc::ClientContext watching;
        const auto link = v1::MachineLink::NewStub(machine.channel);
        const auto watch = link->Watch(&watching, {});
        v1::GenerationNotice notice;
        grpc::Status ended;
        std::thread agent([&] {
            while (watch->Read(&notice)) {
            }
            ended = watch->Finish();
        });
        const bool stands = until([&] { return fixture.server->figures().machineStreams == 1; });
        const auto began = std::chrono::steady_clock::now();
        fixture.server->stop(std::chrono::seconds(60));
        const auto took = std::chrono::steady_clock::now() - began;
        agent.join();
        QVERIFY(stands);
        QVERIFY(took < std::chrono::seconds(30));
        QVERIFY(until([&] { return desktop.ended(); }));
        for (const grpc::Status& status : {desktop.status(), ended}) {
            const absl::Status how = ifrit::rpc::fromGrpc(status);
            QVERIFY2(absl::IsUnavailable(how), how.ToString().c_str());
            QCOMPARE(base::errorInfo(how).reason, std::string("MASTER_STOPPING"));
        }
    }

    void anAgentsLogIsFetchedFromItsMachine() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m0");
        QVERIFY(machine.enrol().ok());
        QVERIFY(machine.sync().ok());
        grpc::ClientContext watching;
        const auto link = v1::MachineLink::NewStub(machine.channel);
        v1::WatchGenerationRequest held;
        held.set_held_generation(1'000'000);
        const auto watch = link->Watch(&watching, held);
        v1::TailLogResponse tail;
        grpc::Status asked;
        std::thread person([&] {
            grpc::ClientContext context;
            v1::TailLogRequest request;
            request.set_uuid("m0");
            request.set_agent("logd");
            asked = v1::Machines::NewStub(fixture.root())->TailLog(&context, request, &tail);
        });
        // The watch tells at once; it may also have been opened after the question, and then the
        // next sync does.
        v1::SyncResponse answer;
        QVERIFY(until([&] {
            grpc::ClientContext context;
            answer.Clear();
            return link->Sync(&context, {}, &answer).ok() && answer.log_tail_requests_size() == 1;
        }));
        QCOMPARE(answer.log_tail_requests(0).agent(), std::string("logd"));
        QCOMPARE(answer.log_tail_requests(0).max_bytes(), 65'536U);
        v1::SyncRequest report;
        report.mutable_report()->set_stream_id("s");
        report.mutable_report()->set_seq(1);
        report.mutable_report()->set_full(true);
        v1::LogTail& sent = *report.mutable_report()->add_log_tails();
        sent.set_request_id(answer.log_tail_requests(0).request_id());
        sent.set_agent("logd");
        sent.set_text("bytes \xff\n");
        grpc::ClientContext context;
        QVERIFY(link->Sync(&context, report, &answer).ok());
        person.join();
        QVERIFY2(asked.ok(), asked.error_message().c_str());
        QCOMPARE(tail.text(), std::string("bytes \xff\n"));
        QCOMPARE(answer.log_tail_requests_size(), 0);
        const auto rows = fixture.database->state.audit;
        QVERIFY(std::any_of(rows.begin(), rows.end(), [](const auto& row) {
            return row.entry.verb == "machine.log" && row.entry.object == "m0/logd" &&
                   row.entry.result == "allowed";
        }));
        watching.TryCancel();
        (void)watch->Finish();
    }

    void aMachinesWatchIsPokedForALog() {
        ServerFixture fixture;
        FakeMachine machine(fixture, "m0");
        QVERIFY(machine.enrol().ok());
        QVERIFY(machine.sync().ok());
        grpc::ClientContext watching;
        v1::WatchGenerationRequest held;
        held.set_held_generation(1'000'000);
        const auto watch = v1::MachineLink::NewStub(machine.channel)->Watch(&watching, held);
        std::thread person([&] {
            const auto machines = v1::Machines::NewStub(fixture.root());
            v1::TailLogRequest request;
            request.set_uuid("m0");
            request.set_agent("logd");
            // Nobody answers in this test: asked until the watch, which may be slow to open, tells.
            for (int i = 0; i < 3; ++i) {
                grpc::ClientContext context;
                context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
                v1::TailLogResponse tail;
                (void)machines->TailLog(&context, request, &tail);
            }
        });
        v1::GenerationNotice notice;
        const bool told = watch->Read(&notice);
        watching.TryCancel();
        person.join();
        QVERIFY(told);
        QCOMPARE(notice.spread_ms(), 0U);
        QCOMPARE(notice.generation(), std::uint64_t(1'000'000));
    }

    /// Where the budget of streams is used up a machine closes its connection between polls.
    void whoFindsNoRoomForItsStreamIsToldToDisconnect() {
        ServerFixture fixture(nullptr, {.machineStreams = 1});
        FakeMachine first(fixture, "m0");
        FakeMachine second(fixture, "m1");
        QVERIFY(first.enrol().ok() && second.enrol().ok());
        QVERIFY(first.sync().ok() && second.sync().ok());
        QVERIFY(!first.last.disconnect() && !second.last.disconnect());
        const auto open = [](FakeMachine& machine, grpc::ClientContext& context) {
            return v1::MachineLink::NewStub(machine.channel)->Watch(&context, {});
        };
        grpc::ClientContext watching;
        const auto watch = open(first, watching);
        QVERIFY(until([&] { return second.sync().ok() && second.last.disconnect(); }));
        QVERIFY(first.sync().ok() && !first.last.disconnect());

        grpc::ClientContext late;
        const auto refused = open(second, late);
        v1::GenerationNotice notice;
        while (refused->Read(&notice)) {
        }
        const absl::Status status = ifrit::rpc::fromGrpc(refused->Finish());
        QCOMPARE(status.code(), absl::StatusCode::kResourceExhausted);
        QCOMPARE(base::errorInfo(status).reason, std::string("STREAM_BUDGET"));
        QVERIFY(base::callDetails(status).retryAfter.count() > 0);

        watching.TryCancel();
        while (watch->Read(&notice)) {
        }
        (void)watch->Finish();
        QVERIFY(until([&] { return second.sync().ok() && !second.last.disconnect(); }));
    }

    void explainSaysWhatTheMachineHolds() {
        auto database = std::make_shared<storage::MemoryDatabase>();
        database->state.generation = 7;
        compose::DesiredRow row;
        row.entry.agent = "logd";
        row.entry.version = "2";
        row.entry.manifestDigest = std::string(64, 'a');
        row.machineType = "LINUX";
        database->state.rows = {row};
        ServerFixture fixture(database);
        FakeMachine machine(fixture, "m0");
        QVERIFY(machine.enrol().ok());
        const auto explained = [&fixture] {
            v1::ExplainMachineRequest request;
            request.set_uuid("m0");
            v1::ExplainMachineResponse out;
            grpc::ClientContext context;
            const auto stub = v1::Machines::NewStub(fixture.root());
            if (!stub->ExplainMachine(&context, request, &out).ok()) out.set_generation(0);
            return out;
        };
        QCOMPARE(explained().held_generation(), std::uint64_t{0});
        QVERIFY(!explained().holds_entries());
        QVERIFY(until([&] { return machine.sync().ok() && explained().holds_entries(); }));
        QCOMPARE(explained().held_generation(), std::uint64_t{7});
        QCOMPARE(explained().generation(), std::uint64_t{7});
        QCOMPARE(explained().held_back_size(), 0);
    }

    void aCopiedMachineIsRefusedAndSaidSo() {
        ServerFixture fixture;
        FakeMachine original(fixture, "m0");
        QVERIFY(original.enrol().ok());
        original.presence.set_instance(1);
        QVERIFY(original.sync().ok());
        FakeMachine copy = original;  // with the certificate, as a copied disk has it
        copy.presence.set_instance(2);
        QVERIFY(copy.sync().ok());  // as if ifrit-agent had been restarted
        QVERIFY(original.sync().ok());
        QVERIFY(copy.sync().ok());  // and a last word of the former run had come late
        QVERIFY(original.sync().ok());
        const absl::Status refused = ifrit::rpc::fromGrpc(copy.sync());
        QCOMPARE(refused.code(), absl::StatusCode::kFailedPrecondition);
        QCOMPARE(base::errorInfo(refused).reason, std::string("CLONED_IDENTITY"));
        v1::PermitResponse permit;
        QVERIFY(!copy.permit(permit).ok());
        QVERIFY(original.sync().ok());
        QVERIFY(until([&] {
            const auto rows = fixture.database->state.audit;
            return std::count_if(rows.begin(), rows.end(), [](const auto& row) {
                       return row.entry.verb == "machine.sync" &&
                              row.entry.error.find("copy") != std::string::npos;
                   }) == 1;
        }));
    }
};

QTEST_GUILESS_MAIN(TestMachineCalls)
#include "tst_machine_calls.moc"
