// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/open_streams.h"

#include <QTest>
#include <atomic>
#include <future>
#include <thread>
#include <vector>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "tests/master/support/fake_identities.h"
#include "tests/master/support/manual_clock.h"

using namespace ifrit;
using master::rpc::OpenStreams;

namespace {

constexpr std::chrono::seconds kPatience{20};

class FakeStream final : public master::rpc::Endable {
public:
    void end(const absl::Status& status) override {
        const absl::MutexLock lock(&m_mutex);
        m_end = status;
    }
    absl::Status how() {
        const absl::MutexLock lock(&m_mutex);
        return m_end;
    }

private:
    absl::Mutex m_mutex;
    absl::Status m_end;
};

struct Scene {
    explicit Scene(std::size_t most)
        : streams(std::make_shared<OpenStreams>(identities, workers, clock, most)) {}
    ~Scene() { workers.stop(); }

    std::shared_ptr<FakeStream> open(const std::string& uuid,
                                     OpenStreams::Use use = OpenStreams::Use::Standing) {
        auto stream = std::make_shared<FakeStream>();
        refused = streams->add(machine(uuid), std::weak_ptr<master::rpc::Endable>(stream), use);
        return refused.ok() ? stream : nullptr;
    }
    master::rpc::Principal machine(const std::string& uuid) const {
        master::rpc::Principal out;
        out.kind = master::rpc::Principal::Kind::Machine;
        out.name = uuid;
        out.serialHex = uuid;
        out.expires = clock.now() + std::chrono::hours(1);
        return out;
    }
    std::shared_ptr<FakeStream> openOfOperator(const std::string& name,
                                               OpenStreams::Use use = OpenStreams::Use::Passing) {
        auto stream = std::make_shared<FakeStream>();
        master::rpc::Principal who = machine(name);
        who.kind = master::rpc::Principal::Kind::Operator;
        refused = streams->add(who, std::weak_ptr<master::rpc::Endable>(stream), use);
        return refused.ok() ? stream : nullptr;
    }
    void look() {
        clock.advance(std::chrono::seconds(1));
        streams->tick();
    }

    master::services::ManualClock clock;
    master::services::FakeIdentities identities{
        "demo", std::make_shared<master::storage::MemoryDatabase>()};
    master::rpc::WorkerPool workers{2, 100};
    std::shared_ptr<OpenStreams> streams;
    absl::Status refused;
};

std::string uuidOf(int number) {
    return "m" + std::to_string(number);
}

}  // namespace

class TestOpenStreams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void thereIsRoomForSoMany() {
        Scene scene(2);
        const auto first = scene.open("m0");
        auto second = scene.open("m1");
        QVERIFY(first && second && scene.open("m0"));
        QVERIFY(!scene.open("m2"));
        QCOMPARE(base::errorInfo(scene.refused).reason, std::string("STREAM_BUDGET"));
        QVERIFY(scene.streams->mayHold("m0") && !scene.streams->mayHold("m2"));
        // A download is let in all the same: it ends by itself.
        auto passing = scene.open("m2", OpenStreams::Use::Passing);
        QVERIFY(passing);
        second.reset();
        passing.reset();
        scene.look();
        QVERIFY(scene.streams->mayHold("m2"));
        QVERIFY(scene.open("m2"));
    }

    void oneMachineHoldsNoMoreThanItsShare() {
        Scene scene(10);
        std::vector<std::shared_ptr<FakeStream>> held;
        for (std::size_t i = 0; i < OpenStreams::kMostOfAMachine; ++i)
            held.push_back(scene.open("m0", OpenStreams::Use::Passing));
        QVERIFY(held.back());
        QVERIFY(!scene.open("m0"));
        QCOMPARE(base::errorInfo(scene.refused).reason, std::string("TOO_MANY_STREAMS"));
        held.pop_back();
        QVERIFY(scene.open("m0"));
        QCOMPARE(scene.streams->count(), OpenStreams::kMostOfAMachine);
    }

    /// They stood until the last moment of the drain, and so did whoever stopped the master.
    void whatStandsEndsWhenTheMasterStops() {
        Scene scene(2);
        const auto watch = scene.open("m0");
        const auto download = scene.open("m0", OpenStreams::Use::Passing);
        const auto events = scene.openOfOperator("ada", OpenStreams::Use::Standing);
        const auto upload = scene.openOfOperator("ada");
        scene.streams->endStanding();
        for (const auto& stream : {watch, events}) {
            QVERIFY(absl::IsUnavailable(stream->how()));
            QCOMPARE(base::errorInfo(stream->how()).reason, std::string("MASTER_STOPPING"));
        }
        // What ends by itself has the drain for that.
        QVERIFY(download->how().ok() && upload->how().ok());
        // On the connection that is still there it would come again.
        QVERIFY(!scene.open("m1"));
        QVERIFY(absl::IsUnavailable(scene.refused));
        QVERIFY(!scene.openOfOperator("ada", OpenStreams::Use::Standing));
        QVERIFY(absl::IsUnavailable(scene.refused));
        QVERIFY(scene.openOfOperator("ada") && scene.open("m1", OpenStreams::Use::Passing));
    }

    void noOperatorTakesTheStreamsOfTheOthers() {
        Scene scene(1);
        const auto refusal = [&scene] {
            const base::CallDetails details = base::callDetails(scene.refused);
            return details.retryAfter > std::chrono::seconds(1)
                       ? base::errorInfo(scene.refused).reason
                       : std::string("without when to come again");
        };
        std::vector<std::shared_ptr<FakeStream>> held;
        for (std::size_t i = 0; i < OpenStreams::kMostOfAnOperator; ++i)
            held.push_back(scene.openOfOperator("greedy"));
        QVERIFY(held.back());
        QVERIFY(!scene.openOfOperator("greedy"));
        QCOMPARE(refusal(), std::string("TOO_MANY_STREAMS"));
        // What ended is given back at once, without a look of the ticker's.
        held.pop_back();
        held.push_back(scene.openOfOperator("greedy"));
        QVERIFY(held.back());
        // Many of them together leave machines their streams.
        for (int i = 0; held.size() < OpenStreams::kMostOfOperators; ++i)
            held.push_back(scene.openOfOperator("op" + std::to_string(i)));
        QVERIFY(held.back());
        QVERIFY(!scene.openOfOperator("late"));
        QCOMPARE(refusal(), std::string("STREAM_BUDGET"));
        QVERIFY(scene.open("m0"));
    }

    void whoIsRevokedOrExpiredIsEnded() {
        Scene scene(10);
        const auto good = scene.open("m0");
        const auto revoked = scene.open("m1");
        scene.identities.revoked = {"m1"};
        scene.look();
        QVERIFY(good->how().ok());
        QCOMPARE(revoked->how().code(), absl::StatusCode::kPermissionDenied);
        scene.clock.advance(std::chrono::hours(1));
        scene.look();
        QCOMPARE(base::errorInfo(good->how()).reason, std::string("CERTIFICATE_EXPIRED"));
    }

    /// While all streams are judged, however long that takes.
    void pollsAndStreamsWaitForNoJudgement() {
        Scene scene(2);
        const auto first = scene.open("m0");
        const auto second = scene.open("m1");
        std::thread ticker;
        std::future<bool> asked;
        bool waited = false;
        {
            // Who judges stands still here.
            const absl::MutexLock judging(&scene.identities.mutex);
            std::promise<void> begun;
            ticker = std::thread([&] {
                scene.clock.advance(std::chrono::seconds(1));
                begun.set_value();
                scene.streams->tick();
            });
            begun.get_future().wait();
            asked = std::async(std::launch::async, [&] {
                bool good = true;
                for (int i = 0; i < 50'000; ++i)
                    good = good && scene.streams->mayHold("m0") && !scene.streams->mayHold("m9");
                return good && scene.open("m1") != nullptr;
            });
            waited = asked.wait_for(kPatience) != std::future_status::ready;
        }
        ticker.join();
        QVERIFY(asked.get());
        QVERIFY2(!waited, "a poll waited while streams were judged");
    }

    /// However many come and go at once: no more than there is room for, and every place is given
    /// back.
    void placesAreCountedRightByManyAtOnce() {
        constexpr std::size_t kMost = 50;
        constexpr int kThreads = 4;
        constexpr int kEach = 200;
        Scene scene(kMost);
        std::atomic<bool> over{false};
        std::atomic<int> taken{0};
        std::thread looks([&] {
            while (!over)
                scene.look();
        });
        std::vector<std::vector<std::shared_ptr<FakeStream>>> held(kThreads);
        std::vector<std::thread> machines;
        for (int t = 0; t < kThreads; ++t) {
            machines.emplace_back([&, t] {
                for (int i = 0; i < kEach; ++i) {
                    auto stream = std::make_shared<FakeStream>();
                    const std::string uuid = uuidOf(t * kEach + i);
                    const bool isIn =
                        scene.streams
                            ->add(scene.machine(uuid), std::weak_ptr<master::rpc::Endable>(stream),
                                  OpenStreams::Use::Standing)
                            .ok();
                    (void)scene.streams->mayHold(uuid);
                    if (!isIn) continue;
                    ++taken;
                    held[static_cast<std::size_t>(t)].push_back(std::move(stream));
                }
            });
        }
        for (std::thread& machine : machines)
            machine.join();
        over = true;
        looks.join();
        QCOMPARE(taken.load(), static_cast<int>(kMost));
        QVERIFY(!scene.streams->mayHold("another"));
        held.clear();
        scene.look();
        QCOMPARE(scene.streams->count(), std::size_t{0});
        QVERIFY(scene.streams->mayHold("another"));
        std::vector<std::shared_ptr<FakeStream>> again;
        for (int i = 0; i < static_cast<int>(kMost); ++i)
            again.push_back(scene.open(uuidOf(i)));
        QVERIFY(again.back());
        QVERIFY(!scene.open("one too many"));
    }
};

QTEST_GUILESS_MAIN(TestOpenStreams)
#include "tst_open_streams.moc"
