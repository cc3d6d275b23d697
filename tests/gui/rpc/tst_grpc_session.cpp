// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/notification.h>
#include <QTest>
#include <QThread>

#include <atomic>
#include <optional>
#include <set>
#include <string>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/peer.h"
#include "shared/rpc/status_adapter.h"
#include "tests/gui/rpc/session_fixture.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::SessionFixture;
using tests::spinFor;
using tests::spinUntil;

namespace {

using MachineReply = std::optional<absl::StatusOr<services::MachineInfo>>;

services::Reply<services::MachineInfo> into(MachineReply& reply) {
    return [&reply](absl::StatusOr<services::MachineInfo> result) {
        if (reply.has_value()) qFatal("replied twice");
        reply = std::move(result);
    };
}

}  // namespace

class TestGrpcSession : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void repliesOnTheSessionsThreadAndNotInsideTheCall() {
        SessionFixture fixture;
        const auto session = fixture.connect();
        bool inside = true;
        QThread* thread = nullptr;
        auto call = session->fleet().getMachine("m-1", [&](const auto& machine) {
            QVERIFY(!inside);
            QVERIFY2(machine.ok(), base::messageOf(machine.status()).c_str());
            QCOMPARE(machine->facts.uuid, std::string("m-1"));
            thread = QThread::currentThread();
        });
        inside = false;
        QVERIFY(spinUntil([&] { return thread != nullptr; }));
        QCOMPARE(thread, QThread::currentThread());
    }

    void repliesMayComeInAnyOrder() {
        absl::Notification release;
        SessionFixture fixture;
        fixture.master.script.getMachine = [&](const v1::GetMachineRequest& in, v1::Machine*) {
            if (in.uuid() == "slow") release.WaitForNotification();
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        MachineReply slow;
        MachineReply fast;
        const auto first = session->fleet().getMachine("slow", into(slow));
        const auto second = session->fleet().getMachine("fast", into(fast));
        const bool fastCame = spinUntil([&] { return fast.has_value(); });
        const bool slowWaited = !slow.has_value();
        release.Notify();
        QVERIFY(fastCame && slowWaited);
        QVERIFY(spinUntil([&] { return slow.has_value(); }));
        QCOMPARE((*slow)->facts.uuid, std::string("slow"));
    }

    void aListThatComesInPagesIsWhole() {
        SessionFixture fixture;
        fixture.master.script.listTokens = [](const v1::ListTokensRequest& in,
                                              v1::ListTokensResponse* out) {
            const int page = in.page_token().empty() ? 0 : std::stoi(in.page_token());
            out->add_tokens()->set_id("t" + std::to_string(page));
            // The user stays the same on each page; a stuck master gives no new token.
            if (in.user() == "stuck") out->set_next_page_token("1");
            if (in.user() == "*" && page < 2) out->set_next_page_token(std::to_string(page + 1));
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<std::vector<services::TokenInfo>>> tokens;
        const auto take = [&tokens](const auto& told) { tokens = told; };
        const auto call = session->access().listTokens("*", take);
        QVERIFY(spinUntil([&] { return tokens.has_value(); }));
        QVERIFY2(tokens->ok(), base::messageOf(tokens->status()).c_str());
        QCOMPARE((*tokens)->size(), std::size_t(3));
        for (std::size_t i = 0; i < 3; ++i)
            QCOMPARE((**tokens)[i].id, "t" + std::to_string(i));
        tokens.reset();
        const auto endless = session->access().listTokens("stuck", take);
        QVERIFY(spinUntil([&] { return tokens.has_value(); }));
        QVERIFY(absl::IsInternal(tokens->status()));
    }

    void loadsComeAsTheyWereTold() {
        std::atomic<std::uint64_t> within{0};
        SessionFixture fixture;
        fixture.master.script.listMasterLoads = [&](const v1::ListMasterLoadsRequest& in,
                                                    v1::ListMasterLoadsResponse* out) {
            within = in.within_ms();
            v1::MasterLoad& load = *out->add_masters();
            load.set_address("a:7443");
            load.set_server_version("0.2.0");
            load.set_leads(true);
            v1::LoadSample& sample = *load.add_samples();
            sample.set_at_ms(1'700'000'000'000);
            sample.set_span_ms(10'000);
            sample.set_polls(30);
            sample.set_shed(2);
            sample.set_poll_p50_us(40);
            sample.set_poll_p99_us(900);
            sample.set_other_calls(5);
            out->add_masters()->set_unreachable(true);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<gui::services::MasterLoads>> loads;
        const auto call = session->fleet().listMasterLoads(std::chrono::minutes(1),
                                                           [&](const auto& told) { loads = told; });
        QVERIFY(spinUntil([&] { return loads.has_value(); }));
        QVERIFY2(loads->ok(), base::messageOf(loads->status()).c_str());
        QCOMPARE(within.load(), std::uint64_t(60'000));
        QCOMPARE((*loads)->size(), std::size_t(2));
        const gui::services::MasterLoad& first = (**loads)[0];
        QCOMPARE(first.address, std::string("a:7443"));
        QCOMPARE(first.serverVersion, std::string("0.2.0"));
        QVERIFY(first.leads && !first.unreachable);
        QVERIFY((**loads)[1].unreachable && !(**loads)[1].leads);
        const gui::services::LoadSample& sample = first.samples.at(0);
        QCOMPARE(base::toUnixMillis(sample.at), std::int64_t(1'700'000'000'000));
        QCOMPARE(sample.pollsPerSecond(), 3.0);
        QCOMPARE(sample.shed, std::uint64_t(2));
        QCOMPARE(sample.otherCalls, std::uint64_t(5));
        QCOMPARE(sample.pollP50, std::chrono::microseconds(40));
        QCOMPARE(sample.pollP99, std::chrono::microseconds(900));
    }

    void anOldMasterTellsNoLoads() {
        SessionFixture fixture;
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<gui::services::MasterLoads>> loads;
        const auto call = session->fleet().listMasterLoads(std::chrono::minutes(1),
                                                           [&](const auto& told) { loads = told; });
        QVERIFY(spinUntil([&] { return loads.has_value(); }));
        QCOMPARE(int(loads->status().code()), int(absl::StatusCode::kUnimplemented));
    }

    void nothingComesAfterCancel() {
        absl::Notification asked;
        absl::Notification release;
        SessionFixture fixture;
        fixture.master.script.getMachine = [&](const v1::GetMachineRequest& in, v1::Machine*) {
            if (in.uuid() == "a") {
                asked.Notify();
                release.WaitForNotification();
            }
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        MachineReply stale;
        auto call = session->fleet().getMachine("a", into(stale));
        const bool wasAsked = spinUntil([&] { return asked.HasBeenNotified(); });
        // The same member gets the next call: the stale reply is dropped by construction.
        MachineReply fresh;
        call = session->fleet().getMachine("b", into(fresh));
        release.Notify();
        QVERIFY(wasAsked);
        QVERIFY(spinUntil([&] { return fresh.has_value(); }));
        spinFor(50);
        QVERIFY(!stale.has_value());
    }

    void aCallbackMayEndTheSession() {
        SessionFixture fixture;
        auto session = fixture.connect();
        bool ended = false;
        auto call = session->fleet().getMachine("m", [&](const auto&) {
            session.reset();
            ended = true;
        });
        QVERIFY(spinUntil([&] { return ended; }));
    }

    void aSessionWithOpenCallsEndsQuicklyAndSilently() {
        absl::Notification release;
        SessionFixture fixture;
        fixture.master.script.getMachine = [&](const v1::GetMachineRequest&, v1::Machine*) {
            release.WaitForNotification();
            return grpc::Status::OK;
        };
        auto session = fixture.connect();
        MachineReply reply;
        auto call = session->fleet().getMachine("m", into(reply));
        auto watch = session->fleet().watchMachines("", {});
        const bool asked = spinUntil([&] { return fixture.master.calls("GetMachine") == 1; });
        QElapsedTimer timer;
        timer.start();
        session.reset();
        const qint64 took = timer.elapsed();
        release.Notify();
        QVERIFY(asked);
        QVERIFY2(took < 1'500, qPrintable(QString::number(took)));
        spinFor(30);
        QVERIFY(!reply.has_value());
        call.cancel();
    }

    void readsAreRepeatedWhileUnavailable() {
        int failures = 2;
        SessionFixture fixture;
        fixture.master.script.getMachine = [&](const v1::GetMachineRequest&, v1::Machine*) {
            return failures-- > 0 ? grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining")
                                  : grpc::Status::OK;
        };
        const auto session = fixture.connect();
        MachineReply reply;
        const auto call = session->fleet().getMachine("m", into(reply));
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QVERIFY((*reply).ok());
        QCOMPARE(fixture.master.calls("GetMachine"), 3);
    }

    void changesAreNeverRepeated() {
        SessionFixture fixture;
        fixture.master.script.clearKnownBad = [](const auto&, auto*) {
            return grpc::Status(grpc::StatusCode::UNAVAILABLE, "draining");
        };
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<std::uint64_t>> reply;
        const auto call = session->fleet().clearKnownBad(
            {{}, {"m"}, "logd", {}}, [&](absl::StatusOr<std::uint64_t> n) { reply = n; });
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QCOMPARE(reply->status().code(), absl::StatusCode::kUnavailable);
        QCOMPARE(fixture.master.calls("ClearKnownBad"), 1);
    }

    void aChangeCarriesIdViaReasonAndCount() {
        v1::ClearKnownBadRequest seen;
        SessionFixture fixture;
        fixture.master.script.clearKnownBad = [&](const v1::ClearKnownBadRequest& in, auto* out) {
            seen = in;
            out->set_machines(3);
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<std::uint64_t>> reply;
        services::ClearKnownBad request{
            {"", "fixed", 3, 17}, {"a", "b"}, "logd", std::string(64, 'a')};
        const auto call = session->fleet().clearKnownBad(
            request, [&](absl::StatusOr<std::uint64_t> n) { reply = n; });
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QCOMPARE(**reply, std::uint64_t{3});
        QCOMPARE(seen.mutation().request_id().size(), std::size_t{36});
        QCOMPARE(seen.mutation().reason(), std::string("fixed"));
        QCOMPARE(seen.mutation().via(), std::string("desktop"));
        QCOMPARE(seen.mutation().expected_count(), std::uint64_t{3});
        QVERIFY(seen.mutation().expect_count());
        QCOMPARE(seen.mutation().resolved_at_generation(), std::uint64_t{17});
        QCOMPARE(seen.manifest_digest(), std::string(32, '\xaa'));
    }

    void aReadOnlyConnectionSendsNoChange() {
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        profile.readOnly = true;
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        std::optional<absl::StatusOr<std::uint64_t>> reply;
        const auto call = session->fleet().clearKnownBad(
            {{}, {"m"}, "logd", {}}, [&](absl::StatusOr<std::uint64_t> n) { reply = n; });
        QVERIFY(!reply.has_value());
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QCOMPARE(base::errorInfo(reply->status()).reason, std::string("READ_ONLY"));
        QCOMPARE(fixture.master.calls("ClearKnownBad"), 0);
    }

    void refusalsKeepReasonSubjectRequestIdAndCount() {
        SessionFixture fixture;
        fixture.master.script.getMachine = [](const v1::GetMachineRequest&, v1::Machine*) {
            absl::Status status =
                base::permissionDenied("NOT_ALLOWED", "admin", "readers only read");
            return ifrit::rpc::toGrpc(base::withCallDetails(status, {"req-7", {}, 42}));
        };
        const auto session = fixture.connect();
        MachineReply reply;
        const auto call = session->fleet().getMachine("m", into(reply));
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        const absl::Status status = (*reply).status();
        QCOMPARE(status.code(), absl::StatusCode::kPermissionDenied);
        QCOMPARE(base::messageOf(status), std::string("readers only read"));
        QCOMPARE(base::errorInfo(status).reason, std::string("NOT_ALLOWED"));
        QCOMPARE(base::errorInfo(status).subject, std::string("admin"));
        QCOMPARE(services::requestIdOf(status), std::string("req-7"));
        QCOMPARE(services::actualCountOf(status).value_or(0), std::uint64_t{42});
    }

    void unreachableAndUntrustedAreToldApart_data() {
        QTest::addColumn<QString>("reason");
        QTest::newRow("nobody listens") << QStringLiteral("UNREACHABLE");
        QTest::newRow("wrong CA") << QStringLiteral("TLS_UNTRUSTED");
        QTest::newRow("expired") << QStringLiteral("TLS_UNTRUSTED");
        QTest::newRow("no address") << QStringLiteral("NO_ADDRESS");
    }
    void unreachableAndUntrustedAreToldApart() {
        QFETCH(QString, reason);
        const std::string tag = QTest::currentDataTag();
        SessionFixture fixture;
        if (tag == "expired") {
            fixture.master.~GrpcMaster();
            new (&fixture.master) tests::GrpcMaster(SessionFixture::identityOf(
                fixture.pki.caPem(), fixture.pki.issue("master", std::chrono::seconds(-60))));
        }
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        if (tag == "wrong CA") profile.bundle.caPem = tests::TestPki("other CA").caPem();
        if (tag == "nobody listens") fixture.master.stop();
        if (tag == "no address") profile.bundle.addresses.clear();
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        MachineReply reply;
        const auto call = session->fleet().getMachine("m", into(reply));
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QCOMPARE((*reply).status().code(), absl::StatusCode::kUnavailable);
        QCOMPARE(QString::fromStdString(base::errorInfo((*reply).status()).reason), reason);
        // No master has heard of it.
        QCOMPARE(services::requestIdOf((*reply).status()), std::string());
        QCOMPARE(fixture.master.calls("GetMachine"), 0);
    }

    void aDeadMasterIsLeftForTheNextOne() {
        SessionFixture fixture;
        QVERIFY(fixture.master.start());
        tests::GrpcMaster dead(
            SessionFixture::identityOf(fixture.pki.caPem(), fixture.pki.issue("x")));
        QVERIFY(dead.start());
        dead.stop();
        services::ConnectionProfile profile = fixture.profile();
        profile.bundle.addresses = {dead.address(), fixture.master.address()};
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        MachineReply reply;
        const auto call = session->fleet().getMachine("m", into(reply));
        QVERIFY(spinUntil([&] { return reply.has_value(); }));
        QVERIFY((*reply).ok());
    }

    void theDeadlineIsKept() {
        absl::Notification release;
        SessionFixture fixture;
        fixture.master.script.getMachine = [&](const v1::GetMachineRequest&, v1::Machine*) {
            release.WaitForNotification();
            return grpc::Status::OK;
        };
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        profile.deadline = std::chrono::milliseconds(150);
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        MachineReply reply;
        const auto call = session->fleet().getMachine("m", into(reply));
        const bool came = spinUntil([&] { return reply.has_value(); });
        release.Notify();
        QVERIFY(came);
        QCOMPARE((*reply).status().code(), absl::StatusCode::kDeadlineExceeded);
        QCOMPARE(base::errorInfo((*reply).status()).reason, std::string("NO_ANSWER"));
    }

    void anErrorNamesTheIdThatTheMasterGot_data() {
        QTest::addColumn<QString>("answer");
        QTest::newRow("none in time") << QString();
        QTest::newRow("an error that names none") << QStringLiteral("bare");
        QTest::newRow("an error that names its own") << QStringLiteral("own");
    }
    // Whoever waited in vain had nothing by which to find the call in the master's log.
    void anErrorNamesTheIdThatTheMasterGot() {
        QFETCH(const QString, answer);
        absl::Notification release;
        absl::Mutex mutex;
        std::set<std::string> sent;
        SessionFixture fixture;
        fixture.master.script.whoAmI = [&](grpc::ServerContext& context, v1::WhoAmIResponse*) {
            {
                const absl::MutexLock lock(&mutex);
                sent.insert(ifrit::rpc::requestId(context));
            }
            if (answer.isEmpty()) release.WaitForNotification();
            const absl::Status bare = absl::InternalError("it fell over");
            return ifrit::rpc::toGrpc(answer == QLatin1String("own")
                                          ? base::withCallDetails(bare, {"the-masters", {}, 0, 0})
                                          : bare);
        };
        QVERIFY(fixture.master.start());
        services::ConnectionProfile profile = fixture.profile();
        profile.deadline = std::chrono::milliseconds(answer.isEmpty() ? 150 : 20'000);
        const auto session =
            gui::rpc::GrpcSessionFactory({}, fixture.clock, fixture.options).open(profile);
        std::optional<absl::Status> failed;
        const auto call =
            session->connection().whoAmI([&failed](const auto& who) { failed = who.status(); });
        const bool came = spinUntil([&] { return failed.has_value(); });
        release.Notify();
        QVERIFY(came);
        const absl::MutexLock lock(&mutex);
        // One id, however often it was asked.
        QCOMPARE(sent.size(), std::size_t{1});
        QVERIFY(!sent.begin()->empty());
        QCOMPARE(services::requestIdOf(*failed),
                 answer == QLatin1String("own") ? std::string("the-masters") : *sent.begin());
    }

    void aPasswordBecomesABearerToken() {
        std::string bearer;
        SessionFixture fixture;
        fixture.master.script.whoAmI = [&](grpc::ServerContext& context, v1::WhoAmIResponse* out) {
            const auto found = context.client_metadata().find("authorization");
            if (found != context.client_metadata().end()) {
                bearer.assign(found->second.data(), found->second.size());
            }
            out->set_user("anna");
            return grpc::Status::OK;
        };
        const auto session = fixture.connect();
        std::optional<absl::StatusOr<services::LoginSession>> login;
        auto call = session->connection().login("anna", "wrong", [&](auto s) { login = s; });
        QVERIFY(spinUntil([&] { return login.has_value(); }));
        QCOMPARE(login->status().code(), absl::StatusCode::kUnauthenticated);
        login.reset();
        call = session->connection().login("anna", "right", [&](auto s) { login = s; });
        QVERIFY(spinUntil([&] { return login.has_value(); }));
        QCOMPARE((*login)->token, std::string("token-of-anna"));
        bool known = false;
        call = session->connection().whoAmI([&](const auto& who) { known = who.ok(); });
        QVERIFY(spinUntil([&] { return known; }));
        QCOMPARE(bearer, std::string("Bearer token-of-anna"));
    }
};

QTEST_GUILESS_MAIN(TestGrpcSession)
#include "tst_grpc_session.moc"
