// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace ifrit::master::members {

/// Which masters live: those whose beats were seen to go on within `patience` of this master's own
/// time. Pure, as LeaseRule is.
class MemberRule {
public:
    explicit MemberRule(std::chrono::milliseconds patience) : m_patience(patience) {}

    struct View {
        std::vector<storage::MemberRecord> alive;   ///< by id; one that is new is alive
        std::vector<std::string> died;              ///< since the last look, each said once
        std::vector<storage::MemberRecord> silent;  ///< dead for less than ten minutes
        std::vector<std::string> forgotten;         ///< for longer: their rows are of no more use
    };
    View look(const std::vector<storage::MemberRecord>& rows, base::SteadyTime now);

private:
    struct Pulse {
        std::uint64_t beats = 0;
        base::SteadyTime at{};
        bool isAlive = true;
    };
    const std::chrono::milliseconds m_patience;
    std::map<std::string, Pulse> m_pulses;
    base::SteadyTime m_lastLook{};
};

}  // namespace ifrit::master::members
