// SPDX-License-Identifier: Apache-2.0
// faults.md D7: bad weather between a real ifrit-agent and its master while it upgrades. What runs
// goes on running, and what had arrived of the new version is not fetched again. Lines that swallow
// everything are in tst_black_holes, because that is mostly waiting.
#include <QTest>

#include "tests/fault/weather_upgrades.h"

namespace ifrit::tests {

using End = Weather::End;
using std::chrono::milliseconds;

class NetworkFaultsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<WeatherUpgrades> m_upgrades;
    std::vector<std::pair<std::string, WeatherUpgrades::Case>> m_cases;

    void holds(const std::string& name) {
        const std::vector<std::string> failures = m_upgrades->tryAll(name, m_cases);
        for (const std::string& failure : failures)
            std::fputs(failure.c_str(), stderr);
        QVERIFY(failures.empty());
    }

private Q_SLOTS:
    void initTestCase() { m_upgrades = std::make_unique<WeatherUpgrades>(); }
    void init() { m_cases.clear(); }
    void cleanupTestCase() { m_upgrades.reset(); }

    void cut() {
        m_cases = m_upgrades->endsEvery(WeatherUpgrades::kStep, End::Cut);
        holds("cut");
    }
    void reset() {
        m_cases = m_upgrades->endsEvery(WeatherUpgrades::kStep, End::Reset);
        holds("reset");
    }
    void flapping() {
        for (const int period : {30, 60, 100, 150, 250, 400, 600, 800}) {
            m_cases.emplace_back(std::to_string(period) + " ms",
                                 [this, period](FaultMachine& machine, ChaosProxy& proxy) {
                                     return m_upgrades->flap(machine, proxy, milliseconds(period));
                                 });
        }
        holds("flapping");
    }
    void throttled() {
        for (const Weather& weather :
             {Weather{End::None, 0, 200'000, {}}, Weather{End::None, 0, 500'000, {}},
              Weather{End::None, 0, 1'000'000, {}}, Weather{End::None, 0, 0, milliseconds(50)},
              Weather{End::None, 0, 500'000, milliseconds(100)}}) {
            m_cases.emplace_back(std::to_string(weather.bytesPerSecond) + " B/s",
                                 [this, weather](FaultMachine& machine, ChaosProxy& proxy) {
                                     return m_upgrades->endure(machine, proxy, weather);
                                 });
        }
        holds("throttled");
    }
};

}  // namespace ifrit::tests

using ifrit::tests::NetworkFaultsTest;
QTEST_GUILESS_MAIN(NetworkFaultsTest)
#include "tst_network_faults.moc"
