// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_columns.h"

#include <QTest>
#include <memory>
#include <string>

#include "master/rpc/stream_room.h"
#include "shared/rpc/message_limits.h"

using namespace ifrit;
using namespace ifrit::master;
using master::rpc::ColumnWriter;
using master::rpc::StreamRoom;

namespace {

services::MachineView machineOf(int number, std::size_t agents = 0, std::size_t textBytes = 0) {
    auto record = std::make_shared<services::MachineRecord>();
    domain::MachineFacts facts;
    facts.uuid = "5b0c6a3e-1d1f-4a54-9a3c-" + std::to_string(100'000'000'000 + number);
    facts.machineType = "LINUX";
    facts.hostname = "web-" + std::to_string(number) + ".rack-17.example.org";
    facts.address = "10.4." + std::to_string(number / 256) + '.' + std::to_string(number % 256);
    record->stored.facts = facts;
    for (std::size_t i = 0; i < agents; ++i) {
        domain::AgentReport agent;
        agent.agent = "agent-" + std::to_string(i);
        agent.step = std::to_string(number) + std::string(textBytes / 16, 's');
        agent.since = base::fromUnixMillis(INT64_MAX / 1'000'000);
        agent.sample.rssBytes = UINT64_MAX;
        agent.restarts = UINT32_MAX;
        agent.lastError = domain::AgentError{};
        agent.lastError->message = std::to_string(number) + ' ' + agent.agent + ' ';
        agent.lastError->message.resize(textBytes, '.');
        record->stored.agents.emplace_back(agent);
    }
    record->batch = UINT32_MAX;
    services::MachineView out;
    out.record = std::move(record);
    out.lastSeen = base::fromUnixMillis(INT64_MAX / 1'000'000);
    return out;
}

}  // namespace

class TestMachineColumns : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachTextIsSentOnce() {
        ColumnWriter writer;
        v1::MachineColumns out;
        (void)writer.add(machineOf(1), out);
        (void)writer.add(machineOf(2), out);
        (void)writer.add(machineOf(1), out);
        QCOMPARE(out.uuid_size(), 3);
        QCOMPARE(out.new_strings_size(), 5);  // LINUX, two names and two addresses
        QCOMPARE(out.hostname(0), out.hostname(2));
        QVERIFY(out.hostname(0) != out.hostname(1));
        QCOMPARE(out.pin(0), 0U);
        QCOMPARE(out.new_strings(static_cast<int>(out.hostname(1)) - 1),
                 std::string("web-2.rack-17.example.org"));
        writer.reset();
        v1::MachineColumns again;
        (void)writer.add(machineOf(1), again);
        QCOMPARE(again.new_strings_size(), 3);
    }

    void saysByHowMuchTheMessageGrows() {
        ColumnWriter writer;
        v1::MachineColumns out;
        std::size_t told = 0;
        for (const std::size_t text : {std::size_t{0}, std::size_t{100}, std::size_t{4'096}}) {
            for (int i = 0; i < 50; ++i)
                told += writer.add(machineOf(i, 64, text), out);
            QVERIFY2(out.ByteSizeLong() <= told, std::to_string(told).c_str());
            QVERIFY2(out.ByteSizeLong() >= told / 3, std::to_string(told).c_str());
        }
        // A row beyond half of a message fits into the other half.
        v1::MachineColumns one;
        QVERIFY(writer.add(machineOf(1'000, 64, 4'096), one) < ifrit::rpc::kMaxMessageBytes / 4);
    }

    // 64 streams an operator may have, of 50,000 machines each.
    void aStreamHoldsNoTexts() {
        ColumnWriter writer;
        for (int i = 0; i < 50'000; ++i) {
            v1::MachineColumns out;
            (void)writer.add(machineOf(i), out);
        }
        QVERIFY2(writer.held() < 2'000'000, std::to_string(writer.held()).c_str());
        QVERIFY(writer.bytes() > 50'000 * 2 * 64);
    }

    void allStreamsTogetherHaveARoom() {
        const auto room = std::make_shared<StreamRoom>(100);
        StreamRoom::Share first;
        QVERIFY(first.take(room, 60));
        {
            StreamRoom::Share second;
            QVERIFY(second.take(room, 40));
            StreamRoom::Share third;
            QVERIFY(!third.take(room, 1));
            QCOMPARE(room->used(), std::size_t{100});
            second.resize(70);  // it stays
            QCOMPARE(room->used(), std::size_t{130});
        }
        QCOMPARE(room->used(), std::size_t{60});
        StreamRoom::Share fourth;
        QVERIFY(!fourth.take(room, 41));
        first.resize(10);
        QVERIFY(fourth.take(room, 41));
    }
};

QTEST_GUILESS_MAIN(TestMachineColumns)
#include "tst_machine_columns.moc"
