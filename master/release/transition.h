// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <string>
#include <utility>

#include "master/release/change_time.h"
#include "master/release/model.h"
#include "master/release/state_machine.h"

namespace ifrit::master::release {

/// One application of an event to a model: the steps that the events share. Counts of stages are
/// kept up to date with each change of a machine, so that an event costs no walk over all.
class Transition {
public:
    Transition(Model& model, base::WallTime now, const Conditions& conditions)
        : m_model(model), m_now(now), m_conditions(conditions) {}

    absl::Status handle(const VerbGiven& event);
    absl::Status handle(const Reported& event);
    absl::Status handle(const PresenceChanged& event);
    absl::Status handle(const Joined& event);
    absl::Status handle(const Removed& event);
    absl::Status handle(const Permitted& event);
    absl::Status handle(const Held& event);
    absl::Status handle(const PlanChanged& event);
    absl::Status handle(const Ticked& event);
    absl::Status handle(const ClockSet& event);
    absl::Status handle(const StoodStill& event);
    absl::Status handle(const AllHeard& event);
    /// Gates, completion and soak, after each event; what walks over all machines only when
    /// `ticked`.
    void evaluate(bool ticked);

    const Effects& effects() const { return m_effects; }
    Effects takeEffects() { return std::move(m_effects); }

private:
    // Verbs (transition_verbs.cpp).
    absl::Status start(const VerbGiven& event);
    absl::Status approve(const VerbGiven& event);
    void openNext(const VerbGiven& event);
    void resume(const VerbGiven& event);
    void acceptWhatIsBad();
    void retryFailed(const VerbGiven& event);
    void abort(const std::string& actor, const std::string& reason);
    void pinMachines();
    void rollBack(const VerbGiven& event);

    // Rows of desired state (transition_desired.cpp).
    DesiredEdit rowOf(domain::Level level, const std::string& type, const Target& target,
                      base::WallTime stamp) const;
    void putGray(const MachineProgress& machine, const Target& target, base::WallTime stamp);
    void putGray(const MachineProgress& machine, base::WallTime stamp) {
        putGray(machine, targetOf(machine), stamp);
    }
    void putHash(const domain::StageCounts& stage);
    void putFull(const std::string& type, const Target& target, base::WallTime stamp);
    void settleFull();
    void eraseOlder();
    void eraseOfRelease();

    // Stages (transition_stages.cpp).
    void openStage(std::size_t index);
    void closeStage();
    void openMachine(MachineProgress& machine);
    void evaluateRunning();
    bool haltOnGates();
    bool haltOnCosts();
    void halt(const std::string& sentence);
    bool closed() const;
    void followOpening();
    void shiftDeadlines(base::WallTime::duration by);
    void shiftMachine(MachineProgress& machine, base::WallTime::duration by);
    void abortOverdue();
    bool goesOnByItself(const domain::StageCounts& stage) const;
    void evaluateRollBack();
    void finishRun();
    void end(domain::ReleaseState state, const char* what, const std::string& message);
    void failOverdue();

    // Time that does not count (transition_clock.cpp).
    void shiftAll(base::WallTime::duration by);
    bool isHearing() const { return m_model.hearing && m_now < m_model.hearing->until; }

    // Machines (transition_machines.cpp).
    /// nullptr: the release has no such stage.
    domain::StageCounts* stageOf(const MachineProgress& machine);
    /// Of a machine that is new in the release, and has no outcome.
    void countIn(const MachineProgress& machine);
    StageKey placeOf(const Joined& event) const;
    /// Of a machine that came after its stage had opened, where it has.
    void openLate(MachineProgress& machine);
    void rejoin(MachineProgress& machine, const std::string& machineType);
    void setOutcome(MachineProgress& machine, domain::Outcome outcome, const std::string& reason,
                    const std::string& message);
    void setOffline(MachineProgress& machine, bool offline);
    void setInFlight(MachineProgress& machine, bool inFlight);
    void passOver(MachineProgress& machine, base::WallTime from) const;
    void forgive(const MachineProgress& machine, domain::GateKind kind, bool isWell);
    void remember(MachineProgress& machine, const std::optional<domain::AgentReport>& report);
    void heardFrom(MachineProgress& machine, bool isNew);
    Target fallbackOf(const MachineProgress& machine) const;
    bool isReturned(const MachineProgress& machine) const;
    base::WallTime machineDeadline() const;

    void setState(domain::ReleaseState state);
    void note(const std::string& what, const std::string& actor, const std::string& message);
    const Target& targetOf(const MachineProgress& machine) const;

    Model& m_model;
    const base::WallTime m_now;
    const Conditions& m_conditions;
    Effects m_effects;
};

}  // namespace ifrit::master::release
