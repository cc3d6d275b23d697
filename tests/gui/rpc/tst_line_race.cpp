// SPDX-License-Identifier: Apache-2.0
#include <absl/synchronization/notification.h>

#include <QElapsedTimer>
#include <QTest>
#include <atomic>
#include <optional>

#include "gui/rpc/line_race.h"
#include "tests/gui/rpc/session_fixture.h"
#include "tests/support/chaos_proxy.h"

using namespace ifrit;
using namespace ifrit::tests;
using gui::rpc::LineRace;
using std::chrono::milliseconds;

namespace {

struct Track {
    Track() {
        if (!fixture.master.start()) qFatal("no master starts");
        proxy = std::make_unique<ChaosProxy>(fixture.master.port());
        proxy->hang();
    }
    std::shared_ptr<grpc::Channel> channelTo(int port) const {
        return ifrit::rpc::makeChannel("127.0.0.1:" + std::to_string(port),
                                       {fixture.pki.caPem(), {}, {}}, {});
    }
    std::shared_ptr<grpc::Channel> hanging() const { return channelTo(proxy->port()); }
    std::shared_ptr<grpc::Channel> sound() const { return channelTo(fixture.master.port()); }

    SessionFixture fixture;
    std::unique_ptr<ChaosProxy> proxy;
};

}  // namespace

class TestLineRace : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whoShakesHandsFirstIsTold() {
        const Track track;
        absl::Notification over;
        std::optional<std::size_t> ready;
        const LineRace race({track.hanging(), track.sound()}, milliseconds(50),
                            [&](std::optional<std::size_t> first) {
                                ready = first;
                                over.Notify();
                            });
        over.WaitForNotification();
        QCOMPARE(ready, std::optional(std::size_t{1}));
    }

    void whereItIsGivenUpItsThreadEnds_data() {
        QTest::addColumn<bool>("cancelled");
        QTest::newRow("cancelled before") << true;
        QTest::newRow("ended as it is") << false;
    }

    /// No thread of it goes on behind the session that it belonged to.
    void whereItIsGivenUpItsThreadEnds() {
        QFETCH(const bool, cancelled);
        const Track track;
        std::atomic<int> told{0};
        std::atomic<bool> won{false};
        QElapsedTimer timer;
        {
            LineRace race({track.hanging()}, std::chrono::minutes(1),
                          [&](std::optional<std::size_t> first) {
                              won = first.has_value();
                              ++told;
                          });
            QVERIFY(spinUntil([&] { return track.proxy->connections() == 1; }));
            timer.start();
            if (cancelled) race.cancel();
        }
        QCOMPARE(told.load(), 1);
        QVERIFY(!won);
        QVERIFY2(timer.elapsed() < 1'000, qPrintable(QString::number(timer.elapsed())));
    }
};

QTEST_GUILESS_MAIN(TestLineRace)
#include "tst_line_race.moc"
