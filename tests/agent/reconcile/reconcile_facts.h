// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/reconcile/agent_facts.h"
#include "agent/reconcile/step_positions.h"

namespace ifrit::agent::reconcile::test {

inline const base::WallTime kNow = base::fromUnixMillis(1'000'000'000);
inline const base::SteadyTime kSteadyNow{std::chrono::hours(1000)};
inline const std::string kDigest1(64, '1');
inline const std::string kDigest2(64, '2');

/// Changes made to a machine on which nothing is wanted and nothing is there.
class FactsBuilder {
public:
    FactsBuilder() {
        m_facts.agent = "exporter";
        m_facts.steadyNow = kSteadyNow;
    }

    FactsBuilder& wants(const std::string& version, const std::string& digest,
                        const std::string& release = "R1") {
        domain::DesiredEntry entry;
        entry.agent = m_facts.agent;
        entry.version = version;
        entry.manifestDigest = digest;
        entry.releaseId = release;
        m_facts.desired = entry;
        return *this;
    }
    FactsBuilder& wantsRemoved(domain::DesiredAction action) {
        wants("", "");
        m_facts.desired->action = action;
        return *this;
    }
    FactsBuilder& has(const std::string& version, const std::string& digest,
                      const std::string& release = "R1") {
        m_facts.record.current = journal::InstalledVersion{version, digest};
        m_facts.record.releaseId = release;
        m_facts.versionsOnDisk = true;
        m_facts.dataOnDisk = true;
        return *this;
    }
    FactsBuilder& runs(const std::string& digest,
                       supervise::Health health = supervise::Health::Healthy,
                       supervise::Phase phase = supervise::Phase::Running) {
        supervise::AgentSnapshot process;
        process.agent = m_facts.agent;
        process.digest = digest;
        process.phase = phase;
        process.health = health;
        process.process = {42, 7, "boot"};
        process.started = kNow - std::chrono::seconds(100);
        if (health == supervise::Health::Healthy)
            process.healthySince = kSteadyNow - std::chrono::seconds(100);
        m_facts.process = process;
        return *this;
    }
    FactsBuilder& damaged() {
        m_facts.repairDue = true;
        return *this;
    }
    FactsBuilder& package(PackageProgress progress, bool preflightPassed = false) {
        m_facts.package = progress;
        m_facts.preflightPassed = preflightPassed;
        return *this;
    }
    FactsBuilder& permit(const std::string& digest, std::chrono::milliseconds validFor,
                         const std::string& release = "R1") {
        m_facts.permit = Permit{release, digest, kNow + validFor, m_facts.steadyNow + validFor};
        return *this;
    }
    FactsBuilder& knownBad(const std::string& digest) {
        m_facts.record.knownBad.push_back({{"2", digest}, "EXITED_AT_START", kNow});
        return *this;
    }
    FactsBuilder& failed(const std::string& digest, std::string_view reason,
                         std::chrono::milliseconds retryIn) {
        m_facts.record.attempts = journal::Attempts{digest, 1, kNow + retryIn};
        domain::AgentError error;
        error.reason = std::string(reason);
        error.step = "download";
        error.attempt = 1;
        m_facts.record.lastError = error;
        return *this;
    }
    FactsBuilder& step(std::string_view position, const std::string& digest,
                       journal::Operation operation = journal::Operation::Upgrade) {
        journal::StepInProgress begun;
        begun.operation = operation;
        begun.position = std::string(position);
        begun.target = {"2", digest};
        begun.started = kNow - std::chrono::seconds(1);
        begun.deadline = kNow + std::chrono::seconds(30);
        m_facts.record.step = begun;
        m_facts.probation = std::chrono::seconds(10);
        m_facts.probationEnds = kSteadyNow + std::chrono::seconds(30);
        return *this;
    }
    AgentFacts& raw() { return m_facts; }
    operator AgentFacts() const { return m_facts; }

private:
    AgentFacts m_facts;
};

}  // namespace ifrit::agent::reconcile::test
