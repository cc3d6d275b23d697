// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/compose/published_state.h"
#include "master/services/ahead_machines.h"
#include "master/services/fleet.h"
#include "master/services/known_bad_clears.h"
#include "master/services/log_tails.h"
#include "master/services/poll_pace.h"
#include "master/services/report_writer.h"
#include "master/services/stranger_queue.h"
#include "shared/base/backoff.h"

namespace ifrit::master::services {

struct SyncQuestion {
    std::string uuid;  ///< from the caller's certificate
    std::uint64_t heldGeneration = 0;
    std::uint64_t heldEtag = 0;
    std::optional<MachineReport> report;  ///< nullopt: nothing to say
};

struct SyncAnswer {
    std::shared_ptr<const compose::Snapshot> snapshot;  ///< keeps `desired` alive
    std::optional<compose::Answer> desired;             ///< nullopt: what it holds is current
    std::chrono::milliseconds nextPoll{0};
    std::uint64_t ackedSeq = 0;
    bool wantFullReport = false;
    std::vector<domain::KnownBadClear> clears;
    std::vector<WantedLogTail> logTails;
};

/// The poll of every machine. One without a report touches memory alone: one shard of the fleet and
/// one pointer of the published state. Thread-safe.
class SyncService {
public:
    using Done = std::function<void(absl::StatusOr<SyncAnswer>)>;

    struct Parts {
        Fleet& fleet;
        compose::PublishedState& published;
        ReportWriter& reports;
        KnownBadClears& clears;
        const LogTails& logTails;
        const base::Clock& clock;
        const PollPace& pace;
        /// Looks in the database for a machine that the fleet does not hold. Empty: no other master
        /// enrols, so there is nothing to find.
        std::function<void(std::string uuid, StrangerQueue::Done)> meet = {};
    };

    explicit SyncService(Parts parts) : m_parts(std::move(parts)) {}

    /// `done` is called once: at once on this thread, or on the report writer's after its commit,
    /// or where `meet` answers.
    void sync(SyncQuestion question, Done done);
    /// Keeps nothing of machines that the fleet does not hold any more, whichever master removed
    /// them. Now and then.
    void forgetRemoved();

private:
    void meet(SyncQuestion question, Done done);
    void take(SyncQuestion question, const MachineView& machine, Done done);
    SyncAnswer answer(const SyncQuestion& question, const MachineView& machine);
    bool isOffered(const SyncQuestion& question, const compose::Answer& desired);
    std::chrono::milliseconds nextPoll(const std::string& uuid, const MachineView& machine) const;

    const Parts m_parts;
    AheadMachines m_ahead;
    std::atomic<std::uint32_t> m_leftBehind{0};  ///< times that it was said
};

}  // namespace ifrit::master::services
