// SPDX-License-Identifier: Apache-2.0
#include "agent/app/report_maker.h"

namespace ifrit::agent::app {
namespace {

/// An error is about what is wanted or done now, not about a version that nobody wants any more.
bool errorMatters(const reconcile::AgentFacts& facts) {
    const journal::AgentRecord& record = facts.record;
    if (!record.lastError) return false;
    if (record.step) return true;
    if (!facts.desired) return false;
    const std::string& digest = facts.desired->manifestDigest;
    return record.isKnownBad(digest) || (record.attempts && record.attempts->digest == digest);
}

void addProcess(const supervise::AgentSnapshot& process, domain::AgentReport& report) {
    if (process.running()) {
        report.runningVersion = process.version;
        report.runningDigest = process.digest;
        report.pid = process.process.pid;
    }
    report.restarts = process.restarts;
    report.crashLooping = process.crashLooping;
    report.sample = process.sample;
}

std::uint32_t attemptOf(const reconcile::AgentFacts& facts) {
    if (facts.record.step) return facts.record.step->attempt;
    const auto& attempts = facts.record.attempts;
    const bool same =
        attempts && facts.desired && attempts->digest == facts.desired->manifestDigest;
    return same ? attempts->count + 1 : 0;
}

}  // namespace

domain::AgentReport ReportMaker::make(const reconcile::AgentFacts& facts,
                                      const reconcile::AgentPlan& plan, const std::string& progress,
                                      base::WallTime now) {
    domain::AgentReport report;
    report.agent = facts.agent;
    if (facts.desired) {
        report.desiredVersion = facts.desired->version;
        report.desiredDigest = facts.desired->manifestDigest;
        report.releaseId = facts.desired->releaseId;
    }
    report.state = plan.state;
    report.step = progress.empty() ? plan.step : progress;
    report.attempt = attemptOf(facts);
    report.nextRetry = plan.nextRetry;
    report.deadline = plan.deadline;
    report.integrity = facts.integrity;
    report.integrityNote = facts.integrityNote;
    if (errorMatters(facts)) report.lastError = facts.record.lastError;
    // It keeps the machine from what is to run or to be done now.
    if (facts.localError) report.lastError = facts.localError;
    for (const journal::KnownBad& bad : facts.record.knownBad)
        report.knownBad.push_back(bad.version.digest);
    if (facts.process) addProcess(*facts.process, report);

    Entered& entered = m_entered[facts.agent];
    if (entered.state != plan.state || entered.desired != report.desiredDigest ||
        entered.since == base::WallTime()) {
        entered = {plan.state, report.desiredDigest, now};
    }
    report.since = entered.since;
    return report;
}

}  // namespace ifrit::agent::app
