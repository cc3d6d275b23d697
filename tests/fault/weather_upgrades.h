// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "tests/fault/fault_scene.h"
#include "tests/support/chaos_proxy.h"

namespace ifrit::tests {

/// Upgrades by real ifrit-agents with bad weather between them and their master. Each of them says
/// "" or what was wrong: what runs goes on running, and the new version arrives in the end.
class WeatherUpgrades {
public:
    using Case = std::function<std::string(FaultMachine&, ChaosProxy&)>;

    static constexpr std::size_t kArchiveBytes = 1'500'000;  ///< about; cannot be compressed
    static constexpr std::size_t kStep = 50'000;

    /// Installs version 1, which each upgrade begins with. Throws where that fails.
    WeatherUpgrades();

    /// The weather is there from the start, ends the first connection, and then clears up. What had
    /// arrived by then is not fetched again.
    std::string endFirst(FaultMachine& machine, ChaosProxy& proxy, const Weather& weather);
    /// Up and down in turn, and every connection reset each time.
    std::string flap(FaultMachine& machine, ChaosProxy& proxy, std::chrono::milliseconds period);
    /// The weather stays as it is.
    std::string endure(FaultMachine& machine, ChaosProxy& proxy, const Weather& weather);

    /// The first connection ends so after each `step` of bytes that the archive has.
    std::vector<std::pair<std::string, Case>> endsEvery(std::size_t step, Weather::End end);

    /// Each case on a machine of its own, some at a time; prints the row D7 and returns what
    /// failed.
    std::vector<std::string> tryAll(const std::string& name,
                                    const std::vector<std::pair<std::string, Case>>& cases);

private:
    std::unique_ptr<ChildProcess> begin(FaultMachine& machine);
    std::string arrives(const FaultMachine& machine, ChildProcess& agent) const;
    std::string resumed(const FaultMachine& machine, const Weather& weather) const;

    FaultScene m_scene;
    std::filesystem::path m_image;
    TestPackage m_new;
    std::mutex m_mutex;
    std::vector<std::string> m_failures;  ///< guarded by m_mutex
};

}  // namespace ifrit::tests
