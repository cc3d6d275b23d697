// SPDX-License-Identifier: Apache-2.0
// faults.md D7: a line that stays open and swallows everything, between a real ifrit-agent and its
// master while it upgrades.
#include <QTest>

#include "tests/fault/weather_upgrades.h"

namespace ifrit::tests {

class BlackHolesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areGivenUp() {
        WeatherUpgrades upgrades;
        const std::vector<std::string> failures = upgrades.tryAll(
            "black hole", upgrades.endsEvery(4 * WeatherUpgrades::kStep, Weather::End::BlackHole));
        for (const std::string& failure : failures)
            std::fputs(failure.c_str(), stderr);
        QVERIFY(failures.empty());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::BlackHolesTest;
QTEST_GUILESS_MAIN(BlackHolesTest)
#include "tst_black_holes.moc"
