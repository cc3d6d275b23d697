// SPDX-License-Identifier: Apache-2.0
#include "master/services/sync_service.h"

#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "shared/base/hashing.h"
#include "shared/base/status.h"
#include "shared/log/repeated.h"

namespace ifrit::master::services {
namespace {

/// What the stream of reports says of the delta.
enum class Fit { Next, Repeated, Lost };

Fit fitOf(const HeldMachine& stored, const MachineReport& report) {
    if (report.full) {
        const bool repeated = report.streamId == stored.streamId && report.seq <= stored.ackedSeq;
        return repeated ? Fit::Repeated : Fit::Next;
    }
    if (report.streamId != stored.streamId) return Fit::Lost;
    if (report.seq <= stored.ackedSeq) return Fit::Repeated;
    return report.seq == stored.ackedSeq + 1 ? Fit::Next : Fit::Lost;
}

absl::Status unknownMachine(const std::string& uuid) {
    return base::notFound("MACHINE_UNKNOWN", uuid,
                          "machine {} has a certificate but is not in this cluster's database; "
                          "enrol it again with a new join token",
                          uuid);
}

}  // namespace

std::chrono::milliseconds SyncService::nextPoll(const std::string& uuid,
                                                const MachineView& machine) const {
    // A tenth either way, from the machine and the time: spread without a shared generator.
    const auto seed = static_cast<std::uint64_t>(base::toUnixMillis(m_parts.clock.now()));
    const double jitter = static_cast<double>(base::xxh3(uuid, seed) % 1'000) / 1'000.0;
    // What the fleet holds, for its silence goes by that, also where its report took a while.
    const auto interval = static_cast<double>(
        (machine.poll.count() > 0 ? machine.poll : m_parts.pace.current()).count());
    return std::chrono::milliseconds(static_cast<std::int64_t>(interval * (0.9 + 0.2 * jitter)));
}

/// Whoever holds something newer is not taken back. Where the database knows of nothing newer it is
/// offered what is served all the same, which it refuses, and tells of (GENERATION_BACKWARDS): else
/// nobody would hear that it follows nothing any more.
bool SyncService::isOffered(const SyncQuestion& question, const compose::Answer& desired) {
    if (question.heldGeneration <= desired.generation) {
        m_ahead.follows(question.uuid);
        return desired.etag != question.heldEtag;
    }
    if (desired.etag == question.heldEtag ||
        !m_ahead.isLeftBehind(question.uuid, question.heldGeneration, m_parts.clock.steadyNow(),
                              m_parts.published.confirmedAt()))
        return false;
    if (log::isWorthALine(++m_leftBehind)) {
        spdlog::error(
            "machine {} holds generation {}, this cluster is at {}: it follows nothing more. Where "
            "the database was put back, keep a backup of it and restore that, which raises the "
            "generation",
            question.uuid, question.heldGeneration, desired.generation);
    }
    return true;
}

SyncAnswer SyncService::answer(const SyncQuestion& question, const MachineView& machine) {
    SyncAnswer out;
    out.snapshot = m_parts.published.current();
    out.nextPoll = nextPoll(question.uuid, machine);
    out.ackedSeq = machine.record->stored.ackedSeq;
    // An own stream begins with a full report; without any the master knows nothing of it yet.
    out.wantFullReport = machine.record->stored.streamId.empty();
    out.clears = m_parts.clears.tell(question.uuid);
    out.logTails = m_parts.logTails.forMachine(question.uuid);
    compose::Answer desired = out.snapshot->answerFor(
        question.uuid, machine.record->stored.facts.machineType, machine.record->batch);
    if (isOffered(question, desired)) out.desired = std::move(desired);
    return out;
}

void SyncService::sync(SyncQuestion question, Done done) {
    const auto machine =
        m_parts.fleet.touch(question.uuid, m_parts.clock.now(), m_parts.pace.current(),
                            {question.heldGeneration, question.heldEtag});
    if (machine)
        take(std::move(question), *machine, std::move(done));
    else if (m_parts.meet)
        meet(std::move(question), std::move(done));
    else
        done(unknownMachine(question.uuid));
}

void SyncService::forgetRemoved() {
    m_ahead.forgetUnless(
        [this](const std::string& uuid) { return m_parts.fleet.find(uuid).has_value(); });
}

void SyncService::meet(SyncQuestion question, Done done) {
    std::string uuid = question.uuid;
    m_parts.meet(std::move(uuid), [this, question = std::move(question),
                                   done = std::move(done)](const absl::Status& looked) mutable {
        const auto machine =
            m_parts.fleet.touch(question.uuid, m_parts.clock.now(), m_parts.pace.current(),
                                {question.heldGeneration, question.heldEtag});
        if (machine)
            take(std::move(question), *machine, std::move(done));
        else
            done(looked.ok() ? unknownMachine(question.uuid) : looked);
    });
}

void SyncService::take(SyncQuestion question, const MachineView& machine, Done done) {
    if (!question.report || question.report->seq == 0) {
        done(answer(question, machine));
        return;
    }
    MachineReport report = *std::move(question.report);
    question.report.reset();
    report.uuid = question.uuid;
    report.receivedAt = m_parts.clock.now();
    const Fit fit = fitOf(machine.record->stored, report);
    if (fit != Fit::Next) {
        SyncAnswer out = answer(question, machine);
        if (fit == Fit::Lost) {
            out.wantFullReport = true;
            out.ackedSeq = 0;
        }
        done(std::move(out));
        return;
    }
    m_parts.reports.submit(
        std::move(report), [this, question = std::move(question),
                            done = std::move(done)](absl::StatusOr<std::uint64_t> acked) {
            const auto now = m_parts.fleet.find(question.uuid);
            // A database that is away keeps no report, so none is acknowledged and it comes again;
            // but the machine is told what it should run all the same.
            const bool served = acked.ok() || absl::IsUnavailable(acked.status());
            if (!served || !now) {
                done(served ? unknownMachine(question.uuid) : acked.status());
                return;
            }
            SyncAnswer out = answer(question, *now);
            if (acked.ok()) out.ackedSeq = *acked;
            out.wantFullReport = false;
            done(std::move(out));
        });
}

}  // namespace ifrit::master::services
