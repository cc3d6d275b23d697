// SPDX-License-Identifier: GPL-3.0-or-later
// How the scripted masters bear their machines: one that leads, one that was away for a while.
#include <cmath>

#include "tests/gui/support/scripted_master.h"

namespace ifrit::tests {
namespace {

constexpr int kSamples = 360;
constexpr std::chrono::seconds kSpan{10};

services::LoadSample sampleOf(base::WallTime at, int turn, double base) {
    const double wave = std::sin(turn * 0.11) * 0.2 + std::sin(turn * 0.7) * 0.06;
    const double perSecond = base * (1 + wave);
    services::LoadSample out;
    out.at = at;
    out.span = kSpan;
    out.polls = static_cast<std::uint64_t>(perSecond * static_cast<double>(kSpan.count()));
    out.shed = turn % 90 == 40 ? 3 : 0;
    out.otherCalls = 12;
    out.pollP50 = std::chrono::microseconds(40 + static_cast<int>(10 * wave));
    out.pollP99 = std::chrono::microseconds(700 + static_cast<int>(900 * wave));
    return out;
}

}  // namespace

services::MasterLoads ScriptedMaster::loads() const {
    services::MasterLoad first{"10.4.0.1:7443", "0.1.0", true, false, {}};
    services::MasterLoad second{"10.4.0.2:7443", "0.1.0", false, false, {}};
    constexpr int kAwayFrom = 200;
    constexpr int kAwayTo = 230;
    for (int i = 0; i < kSamples; ++i) {
        const base::WallTime at = m_now - kSpan * (kSamples - 1 - i);
        const bool alone = i >= kAwayFrom && i < kAwayTo;
        first.samples.push_back(sampleOf(at, i, alone ? 3'300 : 1'700));
        if (!alone) second.samples.push_back(sampleOf(at, i + 25, 1'600));
    }
    return {first, second};
}

}  // namespace ifrit::tests
