// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/self_upgrade.h"

#include <spdlog/spdlog.h>

#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "agent/selfupgrade/settle.h"
#include "shared/domain/names.h"

namespace ifrit::agent::selfupgrade {
namespace {

using reconcile::SelfFacts;

/// The proof is written to the disk; more often would tell guard nothing.
constexpr std::chrono::milliseconds kBeatSpacing{500};

const std::string kSelf(domain::kSelfAgent);

}  // namespace

SelfUpgrade::SelfUpgrade(Parts parts, RunningProgram running)
    : m_parts(std::move(parts)),
      m_running(std::move(running)),
      m_slot(m_running.version ? m_parts.slots.current() : ""),
      m_started(m_parts.clock.now()) {}

absl::Status SelfUpgrade::settle() {
    auto putBack = m_parts.slots.lastPutBack();
    // About ourselves, who were put back while we began: it is for the version before to keep.
    if (putBack && m_running.version && m_running.version->digest == putBack->id) putBack.reset();
    // Of the way back, as a revert's: guard's word must not wait for a disk that is full.
    IFRIT_RETURN_IF_ERROR(m_parts.journal.update(
        [&](journal::JournalState& state) {
            selfupgrade::settle(m_running.version, putBack, state);
        },
        putBack ? journal::Journal::Room::Reserved : journal::Journal::Room::Free));
    if (putBack) {
        spdlog::error("ifrit-agent {} was put back: {} ({})", putBack->version, putBack->message,
                      putBack->reason);
        // Only now: until the journal has it, guard's word is all that there is.
        IFRIT_RETURN_IF_ERROR(m_parts.slots.forgetPutBack());
    }
    removePutBackVersions();
    if (!m_running.version && !m_parts.versions.hasVersions(kSelf)) return absl::OkStatus();
    return m_parts.versions.pointCurrentTo(kSelf, m_running.version);
}

void SelfUpgrade::removePutBackVersions() {
    const journal::AgentRecord record = m_parts.journal.agent(kSelf);
    bool removed = false;
    for (const journal::KnownBad& bad : record.knownBad) {
        const auto& version = bad.version;
        const bool isUsed = m_running.version == version || record.current == version ||
                            record.previous == version ||
                            (record.step && record.step->target == version);
        if (isUsed || !m_parts.versions.isUnpacked(kSelf, version)) continue;
        // Room is lost, nothing else; the next start tries again.
        if (const absl::Status gone = m_parts.versions.removeVersion(kSelf, version); !gone.ok())
            spdlog::warn("{} {}: {}", kSelf, version.version, base::messageOf(gone));
        removed = true;
    }
    if (removed && m_parts.removeUnneededArchives) m_parts.removeUnneededArchives();
}

SelfFacts::Trial SelfUpgrade::trialOf(const journal::AgentRecord& record,
                                      const std::optional<guard::Trial>& trial) const {
    if (m_switched) return SelfFacts::Trial::Leaving;
    const auto& running = m_running.version;
    if (trial) {
        return running && trial->id == running->digest ? SelfFacts::Trial::Running
                                                       : SelfFacts::Trial::Leaving;
    }
    const bool isTarget = running && record.step && record.step->target == *running;
    if (!isTarget) return SelfFacts::Trial::None;
    return m_parts.slots.current() == m_slot ? SelfFacts::Trial::Passed : SelfFacts::Trial::Leaving;
}

void SelfUpgrade::describe(reconcile::AgentFacts& facts,
                           const domain::ResourceSample& sample) const {
    const auto trial = m_parts.slots.trial();
    SelfFacts self;
    self.trial = trialOf(facts.record, trial);
    if (trial) self.trialEnds = m_started + trial->probation;
    facts.self = self;

    supervise::AgentSnapshot process;
    process.agent = facts.agent;
    process.version = m_running.version ? m_running.version->version : m_running.compiledVersion;
    process.digest = m_running.version ? m_running.version->digest : "";
    process.phase = supervise::Phase::Running;
    process.process = m_running.process;
    process.health = supervise::Health::Healthy;
    process.started = m_started;
    process.sample = sample;
    facts.process = process;
}

absl::Status SelfUpgrade::preflight() const {
    if (m_parts.hasGuard()) return absl::OkStatus();
    return base::failedPrecondition(
        reconcile::kPreflightGuard, kSelf,
        "this ifrit-agent was not started by ifrit-guard, so nobody would start its next version; "
        "let init start ifrit-guard");
}

absl::Status SelfUpgrade::switchTo(const install::SwitchOrder& order) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(kSelf, order.target.digest));
    const std::string directory = m_parts.versions.layout().version(kSelf, order.target);
    if (const absl::Status checked = m_parts.check.check(manifest, directory); !checked.ok()) {
        // If it is the disk that is to blame, the next attempt finds it unpacked anew.
        m_parts.directories.removeTree(directory).IgnoreError();
        return checked;
    }
    // The check runs the new program, and may have taken longer than the permit lasts.
    if (order.confirmPermit) IFRIT_RETURN_IF_ERROR(order.confirmPermit());
    IFRIT_RETURN_IF_ERROR(m_parts.journal.updateAgent(kSelf, [&](journal::AgentRecord& record) {
        journal::StepInProgress step;
        step.operation = record.current ? journal::Operation::Upgrade : journal::Operation::Install;
        step.position = std::string(reconcile::kSwitching);
        step.target = order.target;
        step.releaseId = order.releaseId;
        step.attempt = record.attempts ? record.attempts->count + 1 : 1;
        step.started = m_parts.clock.now();
        record.step = step;
    }));
    const absl::Status begun = beginTrial(order, manifest);
    const auto trial = m_parts.slots.trial();
    // A flush can fail after the switch has been made: then it has been made.
    if (!begun.ok() && !(trial && trial->id == order.target.digest)) {
        const absl::Status undone = m_parts.journal.updateAgent(
            kSelf, [](journal::AgentRecord& record) { record.step.reset(); });
        if (!undone.ok()) spdlog::error("{}: {}", kSelf, base::messageOf(undone));
        return begun;
    }
    spdlog::info("ifrit-agent {} takes over; this one ends", order.target.version);
    m_switched = true;
    m_parts.endSoon();
    return absl::OkStatus();
}

absl::Status SelfUpgrade::beginTrial(const install::SwitchOrder& order,
                                     const domain::Manifest& manifest) {
    guard::Trial trial;
    trial.slot = m_parts.slots.idle();
    trial.previous = m_parts.slots.current();
    trial.id = order.target.digest;
    trial.version = order.target.version;
    trial.probation = manifest.probation;
    trial.cpuPercent = manifest.limits.cpuPercent;
    trial.memoryBytes = manifest.limits.memoryBytes;
    IFRIT_RETURN_IF_ERROR(m_parts.slots.fill(
        trial.slot, "agents/" + kSelf + '/' + install::Layout::currentTarget(order.target)));
    return m_parts.slots.beginTrial(trial);
}

void SelfUpgrade::beat() {
    if (!m_running.version || m_switched) return;
    const auto trial = m_parts.slots.trial();
    if (!trial || trial->id != m_running.version->digest) return;
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        m_parts.clock.steadyNow().time_since_epoch());
    const guard::Proof proof{trial->id, m_running.process.pid, now, m_synced};
    if (m_proof && m_proof->synced == proof.synced && now - m_proof->beat < kBeatSpacing) return;
    if (const absl::Status written = m_parts.slots.prove(proof); !written.ok()) {
        spdlog::error("guard cannot be told that this version works: {}", base::messageOf(written));
        return;
    }
    m_proof = proof;
}

bool SelfUpgrade::isLeaving() const {
    return m_switched || (!m_slot.empty() && m_parts.slots.current() != m_slot);
}

}  // namespace ifrit::agent::selfupgrade
