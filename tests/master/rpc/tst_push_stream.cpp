// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/push_stream.h"

#include <QTest>
#include <atomic>
#include <future>
#include <memory>
#include <thread>

#include "ifrit/v1/fleet.pb.h"

using namespace ifrit;
using master::rpc::PushStream;

namespace {

constexpr std::chrono::seconds kPatience{20};

/// Whose message takes as long as the test wants.
class SlowStream final : public PushStream<v1::ClusterEvent> {
public:
    std::promise<void> begun;
    std::promise<void> mayEnd;
    std::atomic<int> fills{0};

protected:
    bool fill(v1::ClusterEvent&) override {
        if (fills++ > 0) return false;
        begun.set_value();
        mayEnd.get_future().wait();
        return false;
    }
};

}  // namespace

class TestPushStream : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // The ticker is the clockwork of the whole master, and a filter is somebody's own choice.
    void whoWakesItWaitsForNoMessage() {
        const auto stream = std::make_shared<SlowStream>();
        std::thread filling([&] { stream->open(); });
        stream->begun.get_future().wait();
        std::promise<void> woken;
        std::thread ticker([&] {
            stream->tick();
            stream->end(absl::CancelledError("test"));
            woken.set_value();
        });
        const bool isFree = woken.get_future().wait_for(kPatience) == std::future_status::ready;
        stream->mayEnd.set_value();
        filling.join();
        ticker.join();
        QVERIFY(isFree);
        QCOMPARE(stream->fills.load(), 1);
    }

    void whatComesWhileItLooksIsLookedForAgain() {
        const auto stream = std::make_shared<SlowStream>();
        std::thread filling([&] { stream->open(); });
        stream->begun.get_future().wait();
        stream->pump();
        stream->pump();
        stream->mayEnd.set_value();
        filling.join();
        QCOMPARE(stream->fills.load(), 2);
    }
};

QTEST_GUILESS_MAIN(TestPushStream)
#include "tst_push_stream.moc"
