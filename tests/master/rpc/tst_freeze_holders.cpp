// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/freeze_holders.h"

#include <QTest>
#include <atomic>

#include "ifrit/v1/masters.grpc.pb.h"
#include "shared/base/status.h"
#include "shared/rpc/status_adapter.h"
#include "tests/agent/support/wait_until.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

/// Another master: answers as the test says. Whoever overrides nothing is of an older version.
class OtherMaster final : public v1::Masters::Service {
public:
    grpc::Status HoldFreeze(grpc::ServerContext*, const v1::HoldFreezeRequest*,
                            v1::HoldFreezeResponse*) override {
        ++held;
        return answer;
    }
    grpc::Status LookAtFreezes(grpc::ServerContext*, const v1::LookAtFreezesRequest*,
                               v1::LookAtFreezesResponse*) override {
        ++looked;
        return answer;
    }

    grpc::Status answer;
    std::atomic<int> held{0};
    std::atomic<int> looked{0};
};

/// In this process, without a port.
template <typename Service>
struct Served {
    Served() {
        grpc::ServerBuilder builder;
        builder.RegisterService(&service);
        server = builder.BuildAndStart();
    }
    ~Served() { server->Shutdown(); }
    Relay::Other as(const char* address) {
        return {address, "0.1", false, server->InProcessChannel({})};
    }
    Service service;
    std::unique_ptr<grpc::Server> server;
};

std::string text(const std::vector<Unconfirmed>& masters) {
    std::string out;
    for (const Unconfirmed& master : masters)
        out += master.address + ' ' + master.why + ';';
    return out;
}

}  // namespace

class TestFreezeHolders : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_standing = nullptr;
        m_others.clear();
        m_changes = 0;
        m_clock = std::make_unique<services::ManualClock>();
        m_holders = std::make_unique<FreezeHolders>(
            FreezeHolders::Parts{[this] { return m_others; }, [this] { return m_standing; },
                                 [this] {
                                     ++m_changes;
                                     m_shown = text(m_holders->unconfirmed());
                                 },
                                 *m_clock});
    }

    void saysWhyEachHasNotConfirmed() {
        Served<OtherMaster> good;
        Served<OtherMaster> away;
        away.service.answer = ifrit::rpc::toGrpc(
            base::makeError(absl::StatusCode::kUnavailable, "DATABASE_AWAY", "", "no database"));
        Served<v1::Masters::Service> old;
        const auto nowhere =
            grpc::CreateChannel("unix:/nonexistent/ifrit", grpc::InsecureChannelCredentials());
        const FreezeCalls::Others others = {
            old.as("d:1"), {"c:1", "0.1", false, nowhere}, away.as("b:1"), good.as("a:1")};
        const std::string wanted = "b:1 DATABASE_AWAY;c:1 UNREACHABLE;d:1 UNIMPLEMENTED;";
        QCOMPARE(text(FreezeCalls(others, mark()).wait()), wanted);
        QCOMPARE(text(FreezeCalls(others).wait()), wanted);
        QCOMPARE(good.service.held.load(), 1);
        QCOMPARE(good.service.looked.load(), 1);
    }

    /// Who freezes knows at once; each is asked again until it has confirmed, and no longer.
    void asksAgainUntilAllHave() {
        Served<OtherMaster> good;
        Served<OtherMaster> busy;
        m_others = {good.as("a:1"), busy.as("b:1")};
        freeze(Recorded::No);
        m_holders->told("f-1", {{"b:1", "UNANSWERED"}});
        QCOMPARE(text(m_holders->unconfirmed()), std::string("b:1 UNANSWERED;"));
        m_holders->tick();
        QCOMPARE(busy.service.held.load(), 0);
        busy.service.answer = {grpc::StatusCode::RESOURCE_EXHAUSTED, "not now"};
        m_clock->advance(std::chrono::seconds(5));
        QVERIFY(ticks([&] { return text(m_holders->unconfirmed()) == "b:1 REFUSED;"; }));
        QCOMPARE(m_changes, 2);
        busy.service.answer = grpc::Status::OK;
        m_clock->advance(std::chrono::seconds(5));
        QVERIFY(ticks([&] { return m_holders->unconfirmed().empty(); }));
        QCOMPARE(m_changes, 3);
        QCOMPARE(busy.service.held.load(), 2);
        // It was told by whoever froze, and is left alone.
        QCOMPARE(good.service.held.load(), 0);
        m_clock->advance(std::chrono::hours(1));
        m_holders->tick();
        QCOMPARE(busy.service.held.load(), 2);
    }

    /// Nobody is told to hold what may be lifted in this moment.
    void whatIsInTheDatabaseIsOnlyLookedAt() {
        Served<OtherMaster> other;
        other.service.answer = {grpc::StatusCode::DEADLINE_EXCEEDED, "late"};
        m_others = {other.as("a:1")};
        freeze(Recorded::Yes);
        m_holders->tick();
        // Through another master: that one tells the rest first.
        QCOMPARE(other.service.looked.load(), 0);
        m_clock->advance(std::chrono::seconds(2));
        QVERIFY(ticks([&] { return text(m_holders->unconfirmed()) == "a:1 UNANSWERED;"; }));
        QCOMPARE(other.service.held.load(), 0);
    }

    void aMasterThatIsGoneIsNamedNoMore() {
        freeze(Recorded::Yes);
        m_holders->told("f-1", {{"gone:1", "UNREACHABLE"}});
        m_clock->advance(std::chrono::seconds(5));
        QVERIFY(ticks([&] { return m_holders->unconfirmed().empty(); }));
    }

    void whatIsLiftedIsForgotten() {
        freeze(Recorded::Yes);
        m_holders->told("f-1", {{"a:1", "UNREACHABLE"}});
        m_standing = nullptr;
        m_holders->tick();
        QVERIFY(m_holders->unconfirmed().empty());
        QCOMPARE(m_changes, 2);
    }

    /// Who watches the cluster heard of the freeze itself before anybody had answered.
    void whatIsToldIsPublished() {
        freeze(Recorded::Yes);
        m_holders->told("f-1", {});
        QCOMPARE(m_changes, 0);
        m_holders->told("f-1", {{"a:1", "UNANSWERED"}});
        QCOMPARE(m_changes, 1);
        // Whoever is told may ask at once.
        QCOMPARE(m_shown, std::string("a:1 UNANSWERED;"));
        m_holders->told("f-1", {{"a:1", "UNANSWERED"}});
        QCOMPARE(m_changes, 1);
    }

private:
    enum class Recorded { No, Yes };
    static domain::FreezeMark mark() {
        domain::FreezeMark out;
        out.id = "f-1";
        out.by = "ada";
        return out;
    }
    void freeze(Recorded recorded) {
        m_standing = std::make_shared<const services::StandingFreeze>(
            services::StandingFreeze{mark(), recorded == Recorded::Yes});
    }
    bool ticks(const std::function<bool()>& until) {
        return tests::waitUntil([&] {
            m_holders->tick();
            return until();
        });
    }

    std::unique_ptr<services::ManualClock> m_clock;
    std::shared_ptr<const services::StandingFreeze> m_standing;
    FreezeCalls::Others m_others;
    int m_changes = 0;
    std::string m_shown;  ///< at the last of them
    std::unique_ptr<FreezeHolders> m_holders;
};

QTEST_GUILESS_MAIN(TestFreezeHolders)
#include "tst_freeze_holders.moc"
