// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "master/services/permit_queue.h"
#include "tests/agent/support/wait_until.h"

using namespace ifrit::master;
using namespace ifrit::master::services;

namespace {

AskedPermit asked(const std::string& uuid) {
    AskedPermit out;
    out.question.uuid = uuid;
    return out;
}

}  // namespace

class TestPermitQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoAsksAloneAnswersItself() {
        PermitQueue queue;
        AskedPermit own = asked("m0");
        const std::vector<AskedPermit*> group = queue.take(own);
        QCOMPARE(group, std::vector<AskedPermit*>{&own});
        QVERIFY(!own.isAnswered);
        queue.answered(group);
        QVERIFY(own.isAnswered);
        AskedPermit next = asked("m1");
        QCOMPARE(queue.take(next).size(), std::size_t{1});
    }

    void thoseThatAskMeanwhileAreAnsweredTogetherByOneOfThem() {
        constexpr std::size_t kOthers = 5;
        PermitQueue queue;
        AskedPermit first = asked("first");
        const std::vector<AskedPermit*> own = queue.take(first);
        std::atomic<int> groups{0};
        std::atomic<std::size_t> largest{0};
        std::atomic<int> granted{0};
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < kOthers; ++i) {
            threads.emplace_back([&, i] {
                AskedPermit mine = asked("m" + std::to_string(i));
                const std::vector<AskedPermit*> group = queue.take(mine);
                if (!group.empty()) {
                    ++groups;
                    largest = group.size();
                    for (AskedPermit* one : group)
                        one->answer.granted = true;
                    queue.answered(group);
                }
                granted += mine.answer.granted ? 1 : 0;
            });
        }
        // None of them goes on before the first one has answered.
        const bool all = ifrit::tests::waitUntil([&queue] { return queue.waiting() == kOthers; });
        const int before = groups;
        queue.answered(own);
        for (std::thread& thread : threads)
            thread.join();
        QVERIFY(all);
        QCOMPARE(before, 0);
        QCOMPARE(groups.load(), 1);
        QCOMPARE(largest.load(), kOthers);
        QCOMPARE(granted.load(), static_cast<int>(kOthers));
        QCOMPARE(queue.waiting(), std::size_t{0});
    }
};

QTEST_GUILESS_MAIN(TestPermitQueue)
#include "tst_permit_queue.moc"
