// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/machine_walk.h"

#include <QTest>
#include <chrono>
#include <string>
#include <vector>

using namespace ifrit;
using namespace ifrit::master;
using filter::MachineFilter;
using master::rpc::MachineWalk;
using std::chrono::steady_clock;

namespace {

constexpr int kMachines = 1'200;
const base::WallTime kNow = base::fromUnixMillis(1'000'000'000);
const auto kNoEnd = steady_clock::time_point::max();

std::string uuidOf(int machine) {
    const std::string digits = std::to_string(machine);
    return "m" + std::string(5 - digits.size(), '0') + digits;
}

void enrol(services::Fleet& fleet, int machine) {
    domain::MachineFacts facts;
    facts.uuid = uuidOf(machine);
    facts.machineType = machine % 2 == 0 ? "LINUX" : "ARM64";
    fleet.enrol(facts, kNow);
}

std::string uuidOf(const services::MachineView& machine) {
    return machine.record->stored.facts.uuid;
}

std::vector<std::string> all(MachineWalk walk) {
    std::vector<std::string> out;
    while (const auto machine = walk.next(kNow, kNoEnd))
        out.push_back(uuidOf(*machine));
    return walk.isAtEnd() ? out : std::vector<std::string>{"not at its end"};
}

}  // namespace

class TestMachineWalk : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_fleet = std::make_unique<services::Fleet>(
            std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1}));
        for (int i = kMachines - 1; i >= 0; --i)
            enrol(*m_fleet, i);
    }

    void goesByUuid() {
        const auto uuids = all(MachineWalk(*m_fleet, {}, ""));
        QCOMPARE(uuids.size(), std::size_t{kMachines});
        for (int i = 0; i < kMachines; ++i)
            QCOMPARE(uuids[static_cast<std::size_t>(i)], uuidOf(i));
        QCOMPARE(all(MachineWalk(*m_fleet, {}, uuidOf(kMachines - 2))).size(), std::size_t{1});
        QVERIFY(all(MachineWalk(*m_fleet, {}, uuidOf(kMachines))).empty());
        const auto even = all(MachineWalk(*m_fleet, MachineFilter::parse("type:LINUX").filter, ""));
        QCOMPARE(even.size(), std::size_t{kMachines / 2});
    }

    void whatComesAndGoesIsSeenOnceOrNot() {
        MachineWalk walk(*m_fleet, {}, "");
        QCOMPARE(uuidOf(*walk.next(kNow, kNoEnd)), uuidOf(0));
        m_fleet->remove(uuidOf(0));
        m_fleet->remove(uuidOf(2));
        enrol(*m_fleet, kMachines);
        int seen = 1;
        while (const auto machine = walk.next(kNow, kNoEnd)) {
            QVERIFY(uuidOf(*machine) != uuidOf(2));
            ++seen;
        }
        QVERIFY(walk.isAtEnd());
        QCOMPARE(seen, kMachines);
        QCOMPARE(m_fleet->namesAfter("", 2).back().get(), uuidOf(3));
    }

    // However long a filter takes, whoever runs it gets its thread back.
    void stopsWhereItsTimeIsOverAndGoesOn() {
        MachineWalk walk(*m_fleet, MachineFilter::parse("uuid:" + uuidOf(700)).filter, "");
        QVERIFY(!walk.next(kNow, steady_clock::now() - std::chrono::seconds(1)));
        QVERIFY(!walk.isAtEnd());
        QCOMPARE(uuidOf(*walk.next(kNow, kNoEnd)), uuidOf(700));
        QVERIFY(!walk.next(kNow, kNoEnd));
        QVERIFY(walk.isAtEnd());
    }

private:
    std::unique_ptr<services::Fleet> m_fleet;
};

QTEST_GUILESS_MAIN(TestMachineWalk)
#include "tst_machine_walk.moc"
