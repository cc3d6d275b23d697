// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "agent/journal/event_queue.h"

using namespace ifrit;
using agent::journal::EventBatch;
using agent::journal::EventQueue;

namespace {

domain::MachineEvent named(const std::string& kind) {
    return {kind, "log", "1", "", {}};
}

std::string kinds(const EventBatch& batch) {
    std::string all;
    for (const domain::MachineEvent& one : batch.events)
        all += one.kind;
    return all;
}

}  // namespace

class EventQueueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatDropsOutIsCounted() {
        EventQueue queue(3);
        QVERIFY(queue.take().empty());
        for (const char* kind : {"a", "b", "c", "d", "e"})
            queue.add(named(kind));
        QCOMPARE(kinds(queue.batch()), std::string("cde"));
        const EventBatch taken = queue.take();
        QCOMPARE(kinds(taken), std::string("cde"));
        QCOMPARE(taken.dropped, std::uint64_t{2});
        QVERIFY(queue.batch().empty());
    }

    void whatAnotherHasLostStaysCounted() {
        EventQueue queue(2);
        queue.add(EventBatch{{}, 4});
        QVERIFY(!queue.batch().empty());
        queue.add(EventBatch{{named("a"), named("b"), named("c")}, 1});
        QCOMPARE(kinds(queue.batch()), std::string("bc"));
        QCOMPARE(queue.batch().dropped, std::uint64_t{6});
    }
};

QTEST_GUILESS_MAIN(EventQueueTest)
#include "tst_event_queue.moc"
