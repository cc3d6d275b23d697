// SPDX-License-Identifier: Apache-2.0
// What a caller has seen of a release, and what it is told of it since.
#include <QTest>

#include <algorithm>
#include <utility>

#include "master/rpc/release_wire.h"
#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

class TestReleaseCalls : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_fixture = std::make_unique<ServerFixture>();
        m_releases = v1::Releases::NewStub(m_fixture->root());
        for (const char* uuid : {"m0", "m1", "m2"}) {
            FakeMachine machine(*m_fixture, uuid);
            QVERIFY(machine.enrol().ok());
        }
        v1::PublishPackageResponse response;
        QVERIFY(m_fixture->publish("1", std::string(100, 'x'), response).ok());
        m_id = startOnGray();
        QVERIFY(!m_id.empty());
    }
    void cleanup() {
        m_standing.reset();
        m_releases.reset();
        m_fixture.reset();
    }

    // Through a master that follows `rollback --wait` of a release that was done saw that it is
    // done, and went.
    void aWatchTellsNothingOlderThanWasAskedFor() {
        v1::GetReleaseRequest get;
        get.set_release_id(m_id);
        v1::Release now;
        grpc::ClientContext getting;
        QVERIFY(m_releases->GetRelease(&getting, get, &now).ok());
        QVERIFY(now.revision() > 0);
        v1::WatchReleaseRequest request;
        request.set_release_id(m_id);
        // As the leader answers it in a moment.
        request.set_at_least_revision(now.revision() + 1);
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
        const auto watch = m_releases->WatchRelease(&context, request);
        v1::Release acted;
        QVERIFY(act(v1::RELEASE_VERB_PAUSE, std::nullopt, acted).ok());
        QVERIFY(acted.revision() >= request.at_least_revision());
        v1::Release told;
        QVERIFY(watch->Read(&told));
        QVERIFY(told.revision() >= request.at_least_revision());
        QCOMPARE(told.state(), v1::RELEASE_STATE_PAUSED);
        context.TryCancel();
        (void)watch->Finish();
    }

    /// The desktop says by it what the cost gate does.
    void whereCostsWereAcceptedIsSaid() {
        services::ReleaseEngine& engine = m_fixture->server->services().engine();
        release::Model model = **engine.head(m_id);
        QCOMPARE(model.release.stages.size(), std::size_t{2});
        model.acceptedBad = {{{domain::GateKind::Cost, 1}, {domain::GateKind::Bad, 0}},
                             {{domain::GateKind::Bad, 1}}};
        const v1::Release told = toWire(model, m_fixture->clock.now(), 3, engine);
        QVERIFY(told.stages(0).cost_accepted());
        QVERIFY(!told.stages(1).cost_accepted());
    }

    /// The desktop and ifritctl ask for a person's attention by it.
    void whetherAPersonIsWaitedForIsSaid() {
        v1::Release out;
        v1::GetReleaseRequest get;
        get.set_release_id(m_id);
        grpc::ClientContext context;
        QVERIFY(m_releases->GetRelease(&context, get, &out).ok());
        QVERIFY(out.has_waits_for_person());
        QVERIFY2(!out.waits_for_person(), out.waits_for().c_str());
        // In full nobody is waited for, but it is said.
        QVERIFY(act(v1::RELEASE_VERB_PROMOTE, v1::STAGE_KIND_GRAY, out).ok());
        QVERIFY(out.has_waits_for_person() && !out.waits_for_person());
    }

    /// What a person is asked for is what the master compares.
    void howManyMachinesAVerbReachesIsSaid() {
        v1::Release out;
        v1::GetReleaseRequest get;
        get.set_release_id(m_id);
        grpc::ClientContext context;
        QVERIFY(m_releases->GetRelease(&context, get, &out).ok());
        const auto& reached = out.reached();
        QCOMPARE(reached.at(v1::RELEASE_VERB_PROMOTE), std::uint64_t{2});
        QCOMPARE(reached.at(v1::RELEASE_VERB_ROLLBACK), std::uint64_t{1});
        QCOMPARE(reached.at(v1::RELEASE_VERB_ABORT), std::uint64_t{3});
        // Nothing failed: it is not allowed, and reaches nobody.
        QCOMPARE(reached.count(v1::RELEASE_VERB_RETRY_FAILED), std::size_t{0});
        QCOMPARE(reached.count(v1::RELEASE_VERB_START), std::size_t{0});
    }

    void aVerbForAnotherStageThanTheCurrentIsRefused() {
        v1::Release out;
        const absl::Status refused = act(v1::RELEASE_VERB_PROMOTE, v1::STAGE_KIND_PILOT, out);
        QCOMPARE(refused.code(), absl::StatusCode::kAborted);
        QCOMPARE(base::errorInfo(refused).reason, std::string("RELEASE_MOVED"));
        QVERIFY(act(v1::RELEASE_VERB_PROMOTE, v1::STAGE_KIND_GRAY, out).ok());
        QCOMPARE(out.stage(), v1::STAGE_KIND_FULL);
        // By now the state would refuse it too; that it moved on says more.
        QCOMPARE(base::errorInfo(act(v1::RELEASE_VERB_PROMOTE, v1::STAGE_KIND_GRAY, out)).reason,
                 std::string("RELEASE_MOVED"));
    }

    /// Of a verb that takes another one back: whoever came between keeps what he did.
    void aVerbForAnotherStandingThanTheCurrentIsRefused() {
        v1::Release paused;
        QVERIFY(act(v1::RELEASE_VERB_PAUSE, std::nullopt, paused).ok());
        QCOMPARE(paused.last_change().what(), std::string("paused"));
        QCOMPARE(paused.last_change().revision(), paused.revision());
        v1::Release out;
        QVERIFY(act(v1::RELEASE_VERB_RESUME, std::nullopt, out).ok());
        QVERIFY(act(v1::RELEASE_VERB_PAUSE, std::nullopt, out).ok());
        // It stands in the same state again, which is not what was seen.
        m_standing = standingOf(paused);
        const absl::Status refused = act(v1::RELEASE_VERB_RESUME, std::nullopt, out);
        QCOMPARE(refused.code(), absl::StatusCode::kAborted);
        QCOMPARE(base::errorInfo(refused).reason, std::string("RELEASE_CHANGED"));
        const base::CallDetails::Change change = base::callDetails(refused).change;
        QCOMPARE(change.what, std::string("paused"));
        QCOMPARE(change.by, out.last_change().by());
        QVERIFY(!change.by.empty());
        QCOMPARE(change.atMillis, std::int64_t{out.last_change().at_ms()});
        QVERIFY(base::messageOf(refused).find("nothing was changed") != std::string::npos);
        m_standing = standingOf(out);
        QVERIFY(act(v1::RELEASE_VERB_RESUME, std::nullopt, out).ok());
        QCOMPARE(out.state(), v1::RELEASE_STATE_RUNNING);
        // A state that no master knows is no expectation.
        m_standing->set_state(v1::RELEASE_STATE_UNSPECIFIED);
        QCOMPARE(act(v1::RELEASE_VERB_PAUSE, std::nullopt, out).code(),
                 absl::StatusCode::kInvalidArgument);
    }

    /// It was offered, and refused by the master once it was asked for.
    void whatAnotherReleaseForbidsIsNotOffered() {
        v1::Release first;
        QVERIFY(act(v1::RELEASE_VERB_ABORT, std::nullopt, first).ok());
        QVERIFY(allows(first, v1::RELEASE_VERB_ROLLBACK));
        const std::string firstId = m_id;
        const std::string second = startOnGray();
        QVERIFY(!second.empty());
        const v1::Release draft = create();
        for (const auto& [id, verb] : {std::pair(firstId, v1::RELEASE_VERB_ROLLBACK),
                                       std::pair(draft.id(), v1::RELEASE_VERB_START)}) {
            const v1::Release now = get(id);
            QVERIFY(!allows(now, verb));
            QCOMPARE(now.refused_verbs().at(verb),
                     std::string("release 2 of logd for the same machine types is running; one at "
                                 "a time: let it end, abort or roll it back"));
            QCOMPARE(now.reached().count(verb), std::size_t{0});
        }
        // Whoever watches the draft is told when it may.
        v1::WatchReleaseRequest request;
        request.set_release_id(draft.id());
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
        const auto watch = m_releases->WatchRelease(&context, request);
        v1::Release told;
        QVERIFY(watch->Read(&told));
        QVERIFY(!allows(told, v1::RELEASE_VERB_START));
        v1::Release out;
        QVERIFY(act(v1::RELEASE_VERB_ABORT, std::nullopt, out).ok());
        QVERIFY(watch->Read(&told));
        QVERIFY(allows(told, v1::RELEASE_VERB_START));
        context.TryCancel();
        (void)watch->Finish();
        // The newest alone goes back, and who asks all the same hears the same.
        QVERIFY(allows(get(second), v1::RELEASE_VERB_ROLLBACK));
        const v1::Release superseded = get(firstId);
        QVERIFY(!allows(superseded, v1::RELEASE_VERB_ROLLBACK));
        m_id = firstId;
        const absl::Status refused = act(v1::RELEASE_VERB_ROLLBACK, std::nullopt, out);
        QCOMPARE(base::errorInfo(refused).reason, std::string("RELEASE_SUPERSEDED"));
        QCOMPARE(superseded.refused_verbs().at(v1::RELEASE_VERB_ROLLBACK),
                 base::messageOf(refused));
        // Once that one went back it is the first one's turn.
        m_id = second;
        QVERIFY(act(v1::RELEASE_VERB_ROLLBACK, std::nullopt, out).ok());
        QVERIFY(!allows(get(firstId), v1::RELEASE_VERB_ROLLBACK));
        QTRY_COMPARE_WITH_TIMEOUT(get(second).state(), v1::RELEASE_STATE_ROLLED_BACK, 30'000);
        QVERIFY(allows(get(firstId), v1::RELEASE_VERB_ROLLBACK));
        m_id = firstId;
        const absl::Status back = act(v1::RELEASE_VERB_ROLLBACK, std::nullopt, out);
        QVERIFY2(back.ok(), base::messageOf(back).c_str());
    }

private:
    static bool allows(const v1::Release& release, v1::ReleaseVerb verb) {
        const auto& verbs = release.allowed_verbs();
        return std::find(verbs.begin(), verbs.end(), verb) != verbs.end();
    }
    v1::Release get(const std::string& id) {
        v1::GetReleaseRequest request;
        request.set_release_id(id);
        grpc::ClientContext context;
        v1::Release out;
        (void)m_releases->GetRelease(&context, request, &out);
        return out;
    }
    static v1::SeenStanding standingOf(const v1::Release& release) {
        v1::SeenStanding out;
        out.set_state(release.state());
        out.set_change_revision(release.last_change().revision());
        return out;
    }
    v1::Release create() {
        v1::CreateReleaseRequest request;
        request.mutable_mutation()->set_request_id(base::randomUuid());
        request.mutable_spec()->set_agent("logd");
        request.mutable_spec()->set_action(v1::DESIRED_ACTION_INSTALL);
        request.mutable_spec()->set_version("1");
        request.mutable_spec()->add_machine_types("LINUX");
        request.mutable_spec()->mutable_gray()->add_uuids("m0");
        v1::Release out;
        grpc::ClientContext creating;
        (void)m_releases->CreateRelease(&creating, request, &out);
        return out;
    }
    std::string startOnGray() {
        v1::Release release = create();
        if (release.id().empty()) return {};
        v1::PlanReleaseRequest ask;
        ask.set_release_id(release.id());
        v1::ReleasePlan plan;
        grpc::ClientContext planning;
        if (!m_releases->PlanRelease(&planning, ask, &plan).ok()) return {};
        m_id = release.id();
        m_plan = plan.plan_id();
        return act(v1::RELEASE_VERB_START, std::nullopt, release).ok() ? m_id : std::string();
    }
    absl::Status act(v1::ReleaseVerb verb, std::optional<v1::StageKind> seen, v1::Release& out) {
        v1::ActOnReleaseRequest request;
        request.mutable_mutation()->set_request_id(base::randomUuid());
        request.mutable_mutation()->set_reason("test");
        request.set_release_id(m_id);
        request.set_verb(verb);
        if (verb == v1::RELEASE_VERB_START) request.set_plan_id(m_plan);
        if (seen) request.mutable_seen()->set_stage(*seen);
        if (m_standing) *request.mutable_standing() = *m_standing;
        grpc::ClientContext context;
        return ifrit::rpc::fromGrpc(m_releases->ActOnRelease(&context, request, &out));
    }

    std::unique_ptr<ServerFixture> m_fixture;
    std::unique_ptr<v1::Releases::Stub> m_releases;
    std::string m_id;
    std::string m_plan;
    std::optional<v1::SeenStanding> m_standing;
};

QTEST_GUILESS_MAIN(TestReleaseCalls)
#include "tst_release_calls.moc"
