// SPDX-License-Identifier: Apache-2.0
#include "agent/link/master_order.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <map>

using namespace ifrit::agent::link;

namespace {

constexpr int kMachines = 10'000;
/// Of the mean: more than four standard deviations of what chance does to a third of kMachines.
constexpr double kOff = 0.06;

using Addresses = std::vector<std::string>;
const Addresses kThree{"m1.example:7443", "m2.example:7443", "m3.example:7443"};

std::string uuid(int number) {
    return "6d1f7c1e-0000-4000-8000-" + std::to_string(100'000'000'000 + number);
}

void compareShares(const std::map<std::string, int>& shares, std::size_t masters, int machines) {
    QCOMPARE(shares.size(), masters);
    const double mean = static_cast<double>(machines) / static_cast<double>(masters);
    for (const auto& [address, share] : shares) {
        QVERIFY2(std::abs(share - mean) < kOff * mean,
                 (address + " has " + std::to_string(share)).c_str());
    }
}

}  // namespace

class MasterOrderTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void eachMasterIsTheFirstOfAnEqualShare_data() {
        QTest::addColumn<Addresses>("masters");
        QTest::newRow("names") << kThree;
        QTest::newRow("ports") << Addresses{"[::1]:1", "[::1]:2"};
        QTest::newRow("five") << Addresses{"10.0.0.1:7443", "10.0.0.2:7443", "10.0.0.3:7443",
                                           "10.0.0.4:7443", "10.0.0.5:7443"};
        QTest::newRow("one") << Addresses{"m1.example:7443"};
    }
    void eachMasterIsTheFirstOfAnEqualShare() {
        QFETCH(Addresses, masters);
        std::map<std::string, int> shares;
        for (int i = 0; i < kMachines; ++i)
            ++shares[masterOrder(uuid(i), masters).front()];
        compareShares(shares, masters.size(), kMachines);
    }

    void aMasterThatGoesMovesItsOwnMachinesAndSpreadsThem() {
        const Addresses rest{kThree[0], kThree[2]};
        std::map<std::string, int> moved;
        int movers = 0;
        for (int i = 0; i < kMachines; ++i) {
            const Addresses before = masterOrder(uuid(i), kThree);
            const Addresses after = masterOrder(uuid(i), rest);
            if (before.front() != kThree[1]) {
                QCOMPARE(after.front(), before.front());
                continue;
            }
            // Where rotation leads while the address is still in the list.
            QCOMPARE(after.front(), before[1]);
            ++moved[after.front()];
            ++movers;
        }
        compareShares(moved, rest.size(), movers);
    }

    void aMasterThatIsAddedTakesItsShareAndMovesNobodyElse() {
        Addresses four = kThree;
        four.emplace_back("m4.example:7443");
        int movers = 0;
        for (int i = 0; i < kMachines; ++i) {
            const std::string before = masterOrder(uuid(i), kThree).front();
            const std::string after = masterOrder(uuid(i), four).front();
            if (after == before) continue;
            QCOMPARE(after, four.back());
            ++movers;
        }
        QVERIFY(std::abs(movers - kMachines / 4) < kOff * kMachines / 4);
    }

    void theOrderOfTheListAndRepetitionsDoNotMatter() {
        Addresses listed = kThree;
        listed.insert(listed.end(), {kThree[1], kThree[1], kThree[0]});
        std::sort(listed.begin(), listed.end());
        const Addresses wanted = masterOrder("m1", kThree);
        QCOMPARE(wanted.size(), kThree.size());
        do {
            QCOMPARE(masterOrder("m1", listed), wanted);
        } while (std::next_permutation(listed.begin(), listed.end()));
        QVERIFY(masterOrder("m1", {}).empty());
    }

    /// Versions of ifrit-agent must agree, or each upgrade would move machines.
    void theOrderIsTheSameInEachVersion_data() {
        QTest::addColumn<std::string>("uuid");
        QTest::addColumn<std::string>("order");
        QTest::newRow("m1") << std::string("m1") << std::string("312");
        QTest::newRow("m2") << std::string("m2") << std::string("231");
        QTest::newRow("m3") << std::string("m3") << std::string("321");
        QTest::newRow("none") << std::string() << std::string("132");
    }
    void theOrderIsTheSameInEachVersion() {
        QFETCH(std::string, uuid);
        QFETCH(std::string, order);
        std::string digits;
        for (const std::string& address : masterOrder(uuid, kThree))
            digits += address.at(1);
        QCOMPARE(digits, order);
    }
};

QTEST_GUILESS_MAIN(MasterOrderTest)
#include "tst_master_order.moc"
