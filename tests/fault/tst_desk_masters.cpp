// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/fleet.grpc.pb.h>
#include <ifrit/v1/packages.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>

#include <QTest>
#include <array>

#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/masters_cluster.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::tests;

/// What an operator does at one of two real masters, and sees at whichever.
class TestDeskMasters : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_cluster = std::make_unique<MastersCluster>();
        QVERIFY(QTest::qWaitFor([this] { return m_cluster->leader() < 2; }, kPatience));
    }
    void cleanupTestCase() { m_cluster.reset(); }

    void aMachineThatIsRemovedIsForgottenByAll();
    void aWatchAtTheFollowerIsNotOlderThanTheVerb();
    void theArchiveOfADeletedPackageGoesFromAll();

private:
    grpc::StatusCode find(std::size_t at, const std::string& uuid) {
        v1::GetMachineRequest request;
        request.set_uuid(uuid);
        v1::Machine machine;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        return v1::Machines::NewStub(m_cluster->root(at))
            ->GetMachine(&context, request, &machine)
            .error_code();
    }

    std::unique_ptr<MastersCluster> m_cluster;
};

void TestDeskMasters::aMachineThatIsRemovedIsForgottenByAll() {
    const std::size_t follower = m_cluster->follower();
    const auto machine = m_cluster->enrol("scrapped", follower);
    QVERIFY(machine->sync());
    for (const std::size_t at : {0, 1})
        QVERIFY(QTest::qWaitFor([&] { return find(at, "scrapped") == grpc::StatusCode::OK; },
                                kPatience));
    v1::RemoveMachinesRequest request;
    setMutation(*request.mutable_mutation());
    request.add_uuids("scrapped");
    const auto remove = [&] {
        v1::RemoveMachinesResponse response;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        return rpc::fromGrpc(v1::Machines::NewStub(m_cluster->root(follower))
                                 ->RemoveMachines(&context, request, &response));
    };
    // Passed on to the leader, which knows who is heard of at the other one.
    QCOMPARE(base::errorInfo(remove()).reason, std::string("MACHINE_ALIVE"));
    setMutation(*request.mutable_mutation());
    request.set_force(true);
    const absl::Status removed = remove();
    QVERIFY2(removed.ok(), base::messageOf(removed).c_str());
    FaultTally masters;
    std::array<bool, 2> forgot{};
    for (const std::size_t at : {0, 1}) {
        forgot[at] =
            QTest::qWaitFor([&] { return find(at, "scrapped") == grpc::StatusCode::NOT_FOUND; },
                            kPatience) &&
            QTest::qWaitFor([&] { return machine->poll(at) != "taken"; }, kPatience);
    }
    // What it reports meanwhile brings it back nowhere.
    for (const std::size_t at : {0, 1})
        masters.count(forgot[at] && find(at, "scrapped") == grpc::StatusCode::NOT_FOUND,
                      "master " + std::to_string(at));
    masters.print("F6", "a machine that was removed at the follower",
                  "masters have forgotten it for good");
    QCOMPARE(masters.failed(), std::string());
}

// A follower reads what the leader commits a moment later: a watch there began with the release as
// it was before the verb, and where that was its end, it ended.
void TestDeskMasters::aWatchAtTheFollowerIsNotOlderThanTheVerb() {
    const std::size_t follower = m_cluster->follower();
    // Where the release is started, or it would be over for want of machines.
    (void)m_cluster->enrol("m-0", 1 - follower);
    QVERIFY(m_cluster->publish(follower, "1.0", "archive").ok());
    const v1::Release started = m_cluster->start(follower, specOf("1.0"));
    const auto stub = v1::Releases::NewStub(m_cluster->root(follower));
    const auto act = [&](v1::ReleaseVerb verb) {
        v1::ActOnReleaseRequest request;
        setMutation(*request.mutable_mutation());
        request.set_release_id(started.id());
        request.set_verb(verb);
        v1::Release out;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status answer = stub->ActOnRelease(&context, request, &out);
        if (!answer.ok()) qWarning("%s", answer.error_message().c_str());
        return out;
    };
    FaultTally verbs;
    for (int time = 0; time < 5; ++time) {
        for (const v1::ReleaseVerb verb : {v1::RELEASE_VERB_PAUSE, v1::RELEASE_VERB_RESUME}) {
            const v1::Release acted = act(verb);
            QVERIFY(acted.revision() > 0);
            v1::WatchReleaseRequest request;
            request.set_release_id(started.id());
            request.set_at_least_revision(acted.revision());
            grpc::ClientContext context;
            rpc::setDeadline(context, std::chrono::seconds(20));
            const auto watch = stub->WatchRelease(&context, request);
            v1::Release told;
            const bool isTold = watch->Read(&told);
            verbs.count(
                isTold && told.revision() >= acted.revision() && told.state() == acted.state(),
                v1::ReleaseVerb_Name(verb) + ' ' + std::to_string(time));
            context.TryCancel();
        }
    }
    // The last word of a release that was over, too.
    const v1::Release aborted = act(v1::RELEASE_VERB_ABORT);
    QCOMPARE(aborted.state(), v1::RELEASE_STATE_ABORTED);
    const v1::Release back = act(v1::RELEASE_VERB_ROLLBACK);
    QCOMPARE(back.state(), v1::RELEASE_STATE_ROLLING_BACK);
    v1::WatchReleaseRequest request;
    request.set_release_id(started.id());
    request.set_at_least_revision(back.revision());
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(60));
    const auto watch = stub->WatchRelease(&context, request);
    v1::Release told;
    bool isOld = false;
    while (watch->Read(&told))
        isOld = isOld || told.state() == v1::RELEASE_STATE_ABORTED;
    const bool isEnd = watch->Finish().ok() && told.state() == v1::RELEASE_STATE_ROLLED_BACK;
    verbs.count(isEnd && !isOld, v1::ReleaseState_Name(told.state()));
    verbs.print("F2", "pause, resume and rollback at the follower",
                "verbs whose watch there told nothing older");
    QCOMPARE(verbs.failed(), std::string());
}

// The master that deletes it removes its own copy; the others had fetched theirs.
void TestDeskMasters::theArchiveOfADeletedPackageGoesFromAll() {
    const std::size_t follower = m_cluster->follower();
    QVERIFY(m_cluster->publish(follower, "9.0", "of no use").ok());
    const auto packages = [this](std::size_t at) {
        return v1::Packages::NewStub(m_cluster->root(at));
    };
    v1::GetPackageRequest get;
    get.set_agent("exporter");
    get.set_version("9.0");
    v1::Package package;
    grpc::ClientContext getting;
    QVERIFY(packages(follower)->GetPackage(&getting, get, &package).ok());
    const auto holds = [&](std::size_t at) {
        v1::GetUploadRequest request;
        request.set_archive_digest(package.archive_digest());
        v1::GetUploadResponse response;
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status told = packages(at)->GetUpload(&context, request, &response);
        return told.ok() && response.complete();
    };
    for (const std::size_t at : {0, 1})
        QVERIFY(QTest::qWaitFor([&] { return holds(at); }, kPatience));
    v1::DeletePackageRequest request;
    setMutation(*request.mutable_mutation());
    request.set_manifest_digest(package.manifest_digest());
    v1::DeletePackageResponse response;
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    const absl::Status deleted =
        rpc::fromGrpc(packages(1 - follower)->DeletePackage(&context, request, &response));
    QVERIFY2(deleted.ok(), base::messageOf(deleted).c_str());
    for (const std::size_t at : {0, 1})
        QVERIFY(QTest::qWaitFor([&] { return !holds(at); }, kPatience));
}

QTEST_GUILESS_MAIN(TestDeskMasters)
#include "tst_desk_masters.moc"
