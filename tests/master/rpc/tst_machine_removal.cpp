// SPDX-License-Identifier: Apache-2.0
// Machines that are gone leave the cluster: what goes with them, who may, and how they come back.
#include <QTest>
#include <chrono>

#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "master/auth/enrolment.h"
#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/trusted_server.h"
#include "tests/master/support/whole_release.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;
using std::chrono::hours;
using std::chrono::minutes;

namespace {

using Channel = std::shared_ptr<grpc::Channel>;

template <typename Stub, typename Request, typename Response>
absl::Status statusOf(std::unique_ptr<Stub> stub,
                      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                      const Request& request, Response& response) {
    grpc::ClientContext context;
    ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
    response.Clear();
    return ifrit::rpc::fromGrpc(((*stub).*method)(&context, request, &response));
}

v1::RemoveMachinesRequest requestFor(const std::vector<std::string>& uuids) {
    v1::RemoveMachinesRequest out;
    out.mutable_mutation()->set_request_id(base::randomUuid());
    out.mutable_mutation()->set_reason("rack 4 is sold");
    out.mutable_mutation()->set_expect_count(true);
    out.mutable_mutation()->set_expected_count(uuids.size());
    for (const std::string& uuid : uuids)
        out.add_uuids(uuid);
    return out;
}

absl::Status remove(const Channel& channel, const v1::RemoveMachinesRequest& request,
                    v1::RemoveMachinesResponse& response) {
    return statusOf(v1::Machines::NewStub(channel), &v1::Machines::Stub::RemoveMachines, request,
                    response);
}

std::string reasonOf(const absl::Status& status) {
    return base::errorInfo(status).reason;
}

absl::Status poll(const Channel& channel) {
    v1::SyncResponse response;
    return statusOf(v1::MachineLink::NewStub(channel), &v1::MachineLink::Stub::Sync,
                    v1::SyncRequest(), response);
}

}  // namespace

class TestMachineRemoval : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<TrustedServer>();
        const base::WallTime now = m_server->clock.now();
        m_server->addMachine("alive", "LINUX", now);
        m_server->addMachine("away", "LINUX", now - minutes(14));
        for (const char* uuid : {"old1", "old2", "old3"})
            m_server->addMachine(uuid, "LINUX", now - hours(48));
        m_server->restart();
        m_root = m_server->root();
    }
    void cleanup() {
        m_root.reset();
        m_server.reset();
    }

    void whatIsGoneIsGoneEverywhere();
    void whoIsAliveStaysUnlessForced();
    void superAdminsMay();
    void onlyInTheGenerationThatWasSeen();
    void whatIsNotThereOrNotSaidIsRefused();
    void aRepeatedCallAnswersTheSame();
    void onlyANewTokenBringsItBack();

private:
    services::ReleaseEngine& engine() { return m_server->server->services().engine(); }
    std::string startedOnGray(const std::string& uuid);
    std::size_t grayRows(const std::string& uuid);
    std::vector<storage::AuditRow> removals();

    std::unique_ptr<TrustedServer> m_server;
    Channel m_root;
};

std::string TestMachineRemoval::startedOnGray(const std::string& uuid) {
    m_server->publish("logd", "1");
    domain::ReleaseSpec spec;
    spec.agent = "logd";
    spec.version = "1";
    spec.machineTypes = {"LINUX"};
    spec.gray.uuids = {uuid};
    const services::Caller ada{"root", "local", "test", {}, "test"};
    const auto draft = engine().create(ada, spec).value();
    const auto plan = engine().plan(draft.release.id).value();
    return engine()
        .act(ada, draft.release.id, domain::ReleaseVerb::Start, plan.id)
        .value()
        .release.id;
}

std::size_t TestMachineRemoval::grayRows(const std::string& uuid) {
    compose::DesiredRows rows;
    (void)m_server->database->read([&rows](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(rows, in.desired().rows());
        return absl::OkStatus();
    });
    return static_cast<std::size_t>(
        std::count_if(rows.rows.begin(), rows.rows.end(),
                      [&uuid](const auto& row) { return row.machineUuid == uuid; }));
}

std::vector<storage::AuditRow> TestMachineRemoval::removals() {
    std::vector<storage::AuditRow> out;
    for (const storage::AuditRow& row : m_server->audit()) {
        if (row.entry.verb == "machine.remove") out.push_back(row);
    }
    return out;
}

void TestMachineRemoval::whatIsGoneIsGoneEverywhere() {
    const Channel machine = m_server->channelAs(crypto::Role::Machine, "old1");
    const std::string release = startedOnGray("old1");
    QCOMPARE(grayRows("old1"), std::size_t{1});
    grpc::ClientContext context;
    ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
    const auto watch = v1::Machines::NewStub(m_root)->WatchMachines(&context, {});
    v1::WatchMachinesResponse news;
    QVERIFY(watch->Read(&news) && news.snapshot_ends());
    QCOMPARE(news.upserts().uuid_size(), 5);

    v1::RemoveMachinesResponse removed;
    const absl::Status done = remove(m_root, requestFor({"old1", "old2", "old1"}), removed);
    QCOMPARE(reasonOf(done), std::string("COUNT_CHANGED"));
    QCOMPARE(base::callDetails(done).actualCount, std::uint64_t{2});
    QVERIFY(remove(m_root, requestFor({"old1", "old2"}), removed).ok());
    QCOMPARE(removed.machines(), std::uint64_t{2});
    QCOMPARE(removed.revoked_certificates(), std::uint64_t{1});

    std::set<std::string> told;
    while (told.size() < 2 && watch->Read(&news))
        told.insert(news.removed_uuids().begin(), news.removed_uuids().end());
    QCOMPARE(told, (std::set<std::string>{"old1", "old2"}));
    context.TryCancel();
    QVERIFY(!m_server->server->services().fleet().find("old1"));
    QCOMPARE(grayRows("old1"), std::size_t{0});
    // Its certificate is no good any more, not even to hear that it is unknown.
    QCOMPARE(poll(machine).code(), absl::StatusCode::kPermissionDenied);
    const auto model = wholeOf(engine(), release).value();
    QCOMPARE(model.machines.at("old1").outcome, domain::Outcome::Skipped);
    QCOMPARE(model.machines.at("old1").reason, std::string("REMOVED"));
    QCOMPARE(model.machines.at("old3").outcome, domain::Outcome::Pending);
    const auto rows = removals();
    // The refused call, and one row for each machine.
    QCOMPARE(rows.size(), std::size_t{3});
    QCOMPARE(rows[0].entry.result, std::string("failed"));
    QCOMPARE(rows[1].entry.object, std::string("old1"));
    QCOMPARE(rows[1].entry.reason, std::string("rack 4 is sold"));
    QCOMPARE(rows[1].entry.after, std::string(R"({"revoked_certificates":1,"forced":false})"));
    QCOMPARE(rows[2].entry.object, std::string("old2"));
    // A master that starts anew knows nothing of them either.
    m_server->restart();
    QCOMPARE(m_server->server->services().fleet().size(), std::size_t{3});
    QCOMPARE(wholeOf(engine(), release)->machines.at("old1").reason, std::string("REMOVED"));
}

void TestMachineRemoval::whoIsAliveStaysUnlessForced() {
    v1::RemoveMachinesResponse removed;
    for (const char* uuid : {"alive", "away"}) {
        // One that is refused keeps the others.
        const absl::Status refused = remove(m_root, requestFor({"old1", uuid}), removed);
        QCOMPARE(refused.code(), absl::StatusCode::kFailedPrecondition);
        QCOMPARE(reasonOf(refused), std::string("MACHINE_ALIVE"));
        QCOMPARE(base::errorInfo(refused).subject, std::string(uuid));
        QVERIFY(m_server->server->services().fleet().find("old1"));
    }
    auto request = requestFor({"alive", "away"});
    request.set_force(true);
    QVERIFY(remove(m_root, request, removed).ok());
    QCOMPARE(m_server->server->services().fleet().size(), std::size_t{3});
    QVERIFY(removals().back().entry.after.find(R"("forced":true)") != std::string::npos);
}

void TestMachineRemoval::superAdminsMay() {
    v1::RemoveMachinesResponse removed;
    domain::Grant everything{{}, {}, "*", "*", "*", "*", std::nullopt};
    everything.to = "eve";
    m_server->grant(everything);
    const absl::Status denied =
        remove(m_server->channelAs(crypto::Role::Operator, "eve"), requestFor({"old1"}), removed);
    QCOMPARE(denied.code(), absl::StatusCode::kPermissionDenied);
    QCOMPARE(removals().back().entry.result, std::string("denied"));
    QVERIFY(m_server->server->services().fleet().find("old1"));
}

void TestMachineRemoval::onlyInTheGenerationThatWasSeen() {
    (void)startedOnGray("old1");
    // As after some other release.
    QVERIFY(m_server->database
                ->transact([](storage::Transaction& in) -> absl::Status {
                    return in.desired().nextGeneration().status();
                })
                .ok());
    m_server->server->services().composer().poke();
    const auto generation = [&] {
        v1::ListMachinesResponse listed;
        (void)statusOf(v1::Machines::NewStub(m_root), &v1::Machines::Stub::ListMachines,
                       v1::ListMachinesRequest(), listed);
        return listed.generation();
    };
    QTRY_VERIFY(generation() > 1);
    const std::uint64_t seen = generation();
    v1::RemoveMachinesResponse removed;
    auto request = requestFor({"old1"});
    for (const std::uint64_t other : {seen - 1, seen + 1}) {
        request.mutable_mutation()->set_resolved_at_generation(other);
        const absl::Status refused = remove(m_root, request, removed);
        QVERIFY(absl::IsAborted(refused));
        QCOMPARE(reasonOf(refused), std::string("GENERATION_CHANGED"));
        QCOMPARE(base::callDetails(refused).actualGeneration, seen);
        QVERIFY(m_server->server->services().fleet().find("old1"));
    }
    request.mutable_mutation()->set_resolved_at_generation(seen);
    const absl::Status done = remove(m_root, request, removed);
    QVERIFY2(done.ok(), base::messageOf(done).c_str());
    // Its entry went with it, so who looked before looks again.
    request = requestFor({"old2"});
    request.mutable_mutation()->set_resolved_at_generation(seen);
    QCOMPARE(reasonOf(remove(m_root, request, removed)), std::string("GENERATION_CHANGED"));
}

void TestMachineRemoval::whatIsNotThereOrNotSaidIsRefused() {
    v1::RemoveMachinesResponse removed;
    QCOMPARE(reasonOf(remove(m_root, requestFor({"old1", "nobody"}), removed)),
             std::string("MACHINE_UNKNOWN"));
    QCOMPARE(reasonOf(remove(m_root, requestFor({}), removed)), std::string("MACHINES_MISSING"));
    auto request = requestFor({"old1"});
    request.mutable_mutation()->clear_reason();
    QCOMPARE(reasonOf(remove(m_root, request, removed)), std::string("REASON_MISSING"));
    std::vector<std::string> many;
    for (int i = 0; i < 1'001; ++i)
        many.push_back("m" + std::to_string(i));
    QCOMPARE(remove(m_root, requestFor(many), removed).code(), absl::StatusCode::kInvalidArgument);
    QCOMPARE(m_server->server->services().fleet().size(), std::size_t{5});
}

void TestMachineRemoval::aRepeatedCallAnswersTheSame() {
    (void)m_server->channelAs(crypto::Role::Machine, "old1");
    const auto request = requestFor({"old1"});
    v1::RemoveMachinesResponse first;
    v1::RemoveMachinesResponse again;
    QVERIFY(remove(m_root, request, first).ok());
    QVERIFY(remove(m_root, request, again).ok());
    QCOMPARE(again.SerializeAsString(), first.SerializeAsString());
    QCOMPARE(removals().size(), std::size_t{1});
    QCOMPARE(reasonOf(remove(m_root, requestFor({"old1"}), again)), std::string("MACHINE_UNKNOWN"));
}

void TestMachineRemoval::onlyANewTokenBringsItBack() {
    const base::WallTime now = m_server->clock.now();
    storage::JoinTokenRecord like;
    like.createdBy = "root";
    like.created = now;
    like.expires = now + hours(1);
    const auto tokens =
        auth::makeJoinTokens(*m_server->database, m_server->trail, "test", like, 2).value();
    v1::EnrolRequest enrol;
    enrol.set_join_token(tokens[0]);
    enrol.set_uuid("fresh");
    enrol.set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "x").value());
    enrol.mutable_facts()->set_machine_type("LINUX");
    const Channel stranger = m_server->channelAs(crypto::Role::Machine, "");
    const auto join = [&] {
        v1::EnrolResponse response;
        return statusOf(v1::Enrolment::NewStub(stranger), &v1::Enrolment::Stub::Enrol, enrol,
                        response);
    };
    QVERIFY(join().ok());
    auto request = requestFor({"fresh"});
    request.set_force(true);
    v1::RemoveMachinesResponse removed;
    QVERIFY(remove(m_root, request, removed).ok());
    // While it was in the cluster the same request got the same certificate.
    QCOMPARE(reasonOf(join()), std::string("TOKEN_USED"));
    QVERIFY(!m_server->server->services().fleet().find("fresh"));
    enrol.set_join_token(tokens[1]);
    QVERIFY(join().ok());
    QVERIFY(m_server->server->services().fleet().find("fresh"));
}

QTEST_GUILESS_MAIN(TestMachineRemoval)
#include "tst_machine_removal.moc"
