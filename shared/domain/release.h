// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/domain/desired_state.h"

namespace ifrit::domain {

enum class ReleaseState { Draft, Running, Paused, Halted, RollingBack, RolledBack, Aborted, Done };

enum class StageKind { Gray, Pilot, Batch, Full };

enum class ReleaseVerb {
    Start,
    Verify,
    Pause,
    Resume,
    Promote,
    PromoteAll,
    RetryFailed,
    Abort,
    Rollback
};

/// How one machine came out of a release. Pending is the only one that is not final.
enum class Outcome { Pending, Ok, Already, Failed, Reverted, Silent, Skipped, Aborted };

/// The gray list as asked for: any of the three, united.
struct GraySelection {
    std::vector<std::string> uuids;
    std::string pin;
    std::map<std::string, std::string> labels;  ///< all must match
    bool empty() const { return uuids.empty() && pin.empty() && labels.empty(); }
    bool operator==(const GraySelection&) const = default;
};

/// What an operator asks for.
struct ReleaseSpec {
    std::string agent;
    DesiredAction action = DesiredAction::Install;
    std::string version;                    ///< empty for the uninstall actions
    std::vector<std::string> machineTypes;  ///< at least one
    GraySelection gray;                     ///< empty: no gray stage, straight to full
    std::chrono::milliseconds soak{0};      ///< gray stage's least time before verify
    std::chrono::milliseconds machineDeadline{
        600'000};             ///< per machine, from opening to an outcome
    bool autoVerify = false;  ///< go on by itself once soak is over and gates pass
    bool operator==(const ReleaseSpec&) const = default;
};

struct StageCounts {
    StageKind kind = StageKind::Full;
    std::uint32_t batch = 0;
    std::uint32_t targeted = 0;
    std::map<Outcome, std::uint32_t> outcomes;
    std::uint32_t offline = 0;   ///< left the denominator
    std::uint32_t inFlight = 0;  ///< between permit and outcome
    std::optional<base::WallTime> opened;
    std::optional<base::WallTime> closed;
    std::optional<base::WallTime> soakUntil;
    bool operator==(const StageCounts&) const = default;
};

struct Release {
    std::string id;
    std::uint64_t number = 0;  ///< what people call it, grows per cluster
    ReleaseSpec spec;
    ReleaseState state = ReleaseState::Draft;
    StageKind stage = StageKind::Gray;
    std::string haltReason;
    std::string createdBy;
    std::string reason;
    std::string planId;
    base::WallTime created{};
    std::optional<base::WallTime> started;
    std::optional<base::WallTime> ended;
    std::vector<StageCounts> stages;
    std::map<std::string, std::string> previousVersions;  ///< machine type -> version before
    bool operator==(const Release&) const = default;
};

}  // namespace ifrit::domain
