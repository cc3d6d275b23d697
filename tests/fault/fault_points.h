// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/fault/fault_machine.h"
#include "tests/support/built_programs.h"
#include "tests/support/fault_row.h"

namespace ifrit::tests {

/// Which changes the injector met on this machine; the first line is the one that it acted at.
inline std::string changesFile(const FaultMachine& machine) {
    return machine.logFile() + ".changes";
}

/// Runs what follows it with a fault: `what` as tests/support/fault_injector.cpp takes it.
inline std::vector<std::string> injector(const FaultMachine& machine,
                                         const std::vector<std::string>& what) {
    std::vector<std::string> command{built("tests/fault_injector"), "--root",
                                     machine.layout().root(), "--report", changesFile(machine)};
    command.insert(command.end(), what.begin(), what.end());
    command.push_back("--");
    return command;
}

/// One way from a state to another, with a fault at its first, its second, its every point: all of
/// them are tried, on several machines at once.
class FaultPoints {
public:
    /// "": it held; else what is wrong. nullopt: the way came to its end before the point.
    using Outcome = std::optional<std::string>;

    FaultPoints(const char* row, std::string way) : m_row(row), m_way(std::move(way)) {}

    /// `tryPoint(machine, point)` on `workers` threads, each with a Machine of its own below
    /// `directory`, whose master is at `port`. What it throws is what is wrong.
    template <typename Machine, typename TryPoint>
    void walk(int workers, const std::filesystem::path& directory, int port,
              const TryPoint& tryPoint) {
        std::atomic<int> next{1};
        std::atomic<int> end{std::numeric_limits<int>::max()};
        std::vector<std::thread> threads;
        for (int i = 0; i < workers; ++i) {
            threads.emplace_back([&, i] {
                const std::string uuid = "w" + std::to_string(i);
                Machine machine(directory / uuid, uuid, port);
                for (int point = next++; point < end; point = next++)
                    if (!holds(machine, point, tryPoint)) end = std::min<int>(end, point);
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        m_points = end - 1;
    }

    int points() const { return m_points; }
    /// Prints the row, and all that is wrong; whether nothing is. `cases`: what the points are.
    bool report(const std::string& cases) const {
        printFaultRow(m_row, m_way, m_points - static_cast<int>(m_failures.size()), m_points,
                      cases);
        // Not as the message of a check, which Qt Test cuts short.
        for (const std::string& failure : m_failures)
            std::fputs(failure.c_str(), stderr);
        return m_failures.empty();
    }

private:
    /// False when the way ended before the point.
    template <typename TryPoint, typename Machine>
    bool holds(Machine& machine, int point, const TryPoint& tryPoint) {
        Outcome outcome;
        try {
            outcome = tryPoint(machine, point);
        } catch (const std::exception& error) {
            outcome = error.what();
        }
        if (!outcome) return false;
        if (outcome->empty()) return true;
        std::string change;
        std::ifstream changes(changesFile(machine));
        std::getline(changes, change);
        const std::lock_guard lock(m_mutex);
        m_failures.push_back(m_way + ", point " + std::to_string(point) + ", change " + change +
                             ": " + *outcome + '\n' + machine.logText());
        return true;
    }

    const char* const m_row;
    const std::string m_way;
    std::mutex m_mutex;
    std::vector<std::string> m_failures;
    int m_points = 0;
};

}  // namespace ifrit::tests
