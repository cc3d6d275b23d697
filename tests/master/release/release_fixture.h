// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "master/release/plan.h"
#include "master/release/stages.h"
#include "master/release/state_machine.h"
#include "shared/base/clock.h"

namespace ifrit::master::release {

inline const std::string kNewDigest(64, 'b');
inline const std::string kOldDigest(64, 'a');

inline base::WallTime at(int seconds) {
    return base::fromUnixMillis(1'700'000'000'000 + std::int64_t{seconds} * 1'000);
}

inline domain::AgentReport reportOf(const std::string& version, const std::string& digest,
                                    domain::MachineState state,
                                    const std::string& releaseId = "r1") {
    domain::AgentReport out;
    out.agent = "logd";
    out.runningVersion = version;
    out.runningDigest = digest;
    out.state = state;
    out.releaseId = releaseId;
    return out;
}
inline domain::AgentReport healthyNew() {
    return reportOf("2", kNewDigest, domain::MachineState::Healthy);
}
inline domain::AgentReport healthyOld() {
    return reportOf("1", kOldDigest, domain::MachineState::Healthy, "r0");
}
inline domain::AgentReport revertedOld() {
    auto out = reportOf("1", kOldDigest, domain::MachineState::Reverted);
    out.knownBad = {kNewDigest};
    out.lastError = domain::AgentError{"PROBE_FAILED", "no answer on port 9100", "probe", 1, {}};
    return out;
}

/// A draft that moves logd from 1 to 2 on LINUX, `gray` of `total` machines ("m0", "m1"...) on its
/// gray list; 0: straight to full.
struct ReleaseFixture {
    explicit ReleaseFixture(int gray, int total, bool hadPrevious = true) {
        model.release.id = "r1";
        model.release.number = 7;
        model.release.created = at(0);
        auto& spec = model.release.spec;
        spec.agent = "logd";
        spec.version = "2";
        spec.machineTypes = {"LINUX"};
        spec.soak = std::chrono::seconds(60);
        spec.machineDeadline = std::chrono::seconds(600);
        for (int i = 0; i < gray; ++i)
            spec.gray.uuids.push_back("m" + std::to_string(i));
        input.planId = "plan";
        input.stages = stagesOf(spec, 1, model.release.number);
        input.targets["LINUX"] = {domain::DesiredAction::Install, "2", kNewDigest};
        input.previous["LINUX"] = std::nullopt;
        if (hadPrevious)
            input.previous["LINUX"] = Target{domain::DesiredAction::Install, "1", kOldDigest};
        for (int i = 0; i < total; ++i) {
            MachineProgress machine;
            machine.uuid = "m" + std::to_string(i);
            machine.machineType = "LINUX";
            machine.stage = i < gray ? domain::StageKind::Gray : domain::StageKind::Full;
            if (hadPrevious) {
                machine.fromVersion = machine.runningVersion = "1";
                machine.runningDigest = kOldDigest;
                machine.state = domain::MachineState::Healthy;
            }
            input.machines.push_back(machine);
        }
    }

    absl::StatusOr<Effects> verb(domain::ReleaseVerb given, int second) {
        VerbGiven event{given, "ada", "because", std::nullopt};
        event.planId = input.planId;
        if (given == domain::ReleaseVerb::Start) event.start = input;
        return apply(model, event, at(second));
    }
    Effects report(const std::string& uuid, const std::optional<domain::AgentReport>& report,
                   int second) {
        return apply(model, Reported{uuid, report}, at(second)).value();
    }
    /// As the engine gives it: the same mark is the same report again.
    Effects report(const std::string& uuid, const std::optional<domain::AgentReport>& report,
                   int second, std::uint64_t mark) {
        return apply(model, Reported{uuid, report, mark}, at(second)).value();
    }
    Effects tick(int second) { return apply(model, Ticked{}, at(second)).value(); }
    Effects presence(const std::string& uuid, bool offline, int second) {
        return apply(model, PresenceChanged{uuid, offline}, at(second)).value();
    }
    domain::Outcome outcome(const std::string& uuid) const {
        return model.machines.at(uuid).outcome;
    }

    Model model;
    StartInput input;
};

/// Gray of 2 of 5, started, both ok, soak over.
inline ReleaseFixture verified() {
    ReleaseFixture f(2, 5);
    f.verb(domain::ReleaseVerb::Start, 0).value();
    f.report("m0", healthyNew(), 5);
    f.report("m1", healthyNew(), 5);
    return f;
}

inline void toFull(ReleaseFixture& f) {
    f.verb(domain::ReleaseVerb::Verify, 60).value();
}

inline int countPuts(const Effects& effects, domain::Level level) {
    return static_cast<int>(
        std::count_if(effects.desired.begin(), effects.desired.end(), [level](const auto& edit) {
            return edit.kind == DesiredEdit::Kind::Put && edit.row.entry.level == level;
        }));
}

inline bool has(const Effects& effects, DesiredEdit::Kind kind) {
    return std::any_of(effects.desired.begin(), effects.desired.end(),
                       [kind](const auto& edit) { return edit.kind == kind; });
}

/// The same with all stages, by a real plan: 2 of `total` machines on the gray list, 2 in the
/// pilot, the others in 4 batches ("m<i>" is in ring batch i % 4 + 1), opened a minute apart.
struct StagedFixture : ReleaseFixture {
    explicit StagedFixture(int total, bool hadPrevious = true)
        : ReleaseFixture(2, total, hadPrevious) {
        auto& spec = model.release.spec;
        spec.pilot.count = 2;
        spec.batches.enabled = true;
        spec.batches.interval = std::chrono::seconds(60);
        plan();
    }

    /// Again, after the spec was changed.
    void plan() {
        PlanInput wanted;
        wanted.release = &model.release;
        wanted.targets = input.targets;
        wanted.previous = input.previous;
        wanted.ringBatches = 4;
        for (int i = 0; i < static_cast<int>(input.machines.size()); ++i) {
            const std::string uuid = "m" + std::to_string(i);
            PlanMachine machine;
            machine.facts.uuid = uuid;
            machine.facts.machineType = "LINUX";
            if (input.previous.at("LINUX")) machine.report = healthyOld();
            machine.ringBatch = static_cast<std::uint32_t>(i) % 4 + 1;
            wanted.machines.push_back(machine);
        }
        input = makePlan(wanted).start;
    }

    std::vector<std::string> machinesOf(const StageKey& stage) const {
        std::vector<std::string> out;
        for (const MachineProgress& machine : input.machines) {
            if (StageKey{machine.stage, machine.batch} == stage) out.push_back(machine.uuid);
        }
        return out;
    }
    /// All machines of the open stage report that they are well.
    void allWell(int second) {
        const auto stage = model.release.stages.at(model.stageIndex);
        for (const std::string& uuid : machinesOf({stage.kind, stage.batch}))
            report(uuid, healthyNew(), second);
    }
    std::string openStage() const { return describe(model.release.stages.at(model.stageIndex)); }
};

}  // namespace ifrit::master::release
