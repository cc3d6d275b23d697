// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "master/storage/records.h"

namespace ifrit::master::storage {

/// What a server erases well within its time, and a Galera node takes in one transaction.
inline constexpr std::uint64_t kEventsPiece = 10'000;

/// Machines, what they report and what happened on them. As every store: valid inside the
/// transaction that it was taken from, on that thread.
class MachineStore {
public:
    using LastSeen = storage::LastSeen;

    virtual ~MachineStore() = default;

    /// By uuid, those after `afterUuid` (empty: from the first), with their agents. O(limit).
    virtual absl::StatusOr<std::vector<StoredMachine>> list(const MachineFilter& filter,
                                                            const std::string& afterUuid,
                                                            std::size_t limit) = 0;
    virtual absl::StatusOr<std::optional<StoredMachine>> find(const std::string& uuid) = 0;
    /// Those of the uuids that are there, by uuid, with their agents, in few statements.
    virtual absl::StatusOr<std::vector<StoredMachine>> findAll(
        const std::vector<std::string>& uuids) = 0;
    /// Last contacts of every machine.
    virtual absl::StatusOr<std::vector<LastSeen>> lastSeen() = 0;

    /// A machine that got a certificate: new, or again with new facts (its reports stay).
    virtual absl::Status enrol(const domain::MachineFacts& facts, base::WallTime now) = 0;
    /// Of each its facts, agents, events and the acknowledged sequence, in few statements for all;
    /// those of one machine in the order that they are given. One that does not go beyond what its
    /// stream has acknowledged changes nothing, also where another stream has followed that one,
    /// nor does a delta of another stream; and no last contact goes back. NOT_FOUND: one of the
    /// machines never enrolled.
    virtual absl::StatusOr<std::vector<ReportOutcome>> putReports(
        const std::vector<const MachineReport*>& reports) = 0;
    absl::Status putReport(const MachineReport& report) { return putReports({&report}).status(); }
    /// In bulk; an unknown uuid is skipped, and no time goes back. One at the same time takes
    /// `poll`.
    virtual absl::Status putLastSeen(const std::vector<LastSeen>& seen) = 0;
    /// With everything that belongs to it. NOT_FOUND.
    virtual absl::Status erase(const std::string& uuid) = 0;

    /// Received last first, ids below `beforeId` (0: from the newest).
    virtual absl::StatusOr<std::vector<StoredEvent>> listEvents(const std::string& uuid,
                                                                std::uint64_t beforeId,
                                                                std::size_t limit) = 0;
    /// Forgets events that were received before `before`, whatever time the machines gave them, but
    /// no more than kEventsPiece; how many. Fewer: there are no more.
    virtual absl::StatusOr<std::uint64_t> pruneEvents(base::WallTime before) = 0;

    // Bad versions that a machine shall try again, told with its next sync.
    /// In place of earlier ones of the same versions; in few statements for all.
    virtual absl::Status putClearsKnownBad(const KnownBadClearsByUuid& clears) = 0;
    absl::Status putClearKnownBad(const std::string& uuid, const domain::KnownBadClear& clear) {
        return putClearsKnownBad({{uuid, {clear}}});
    }
    /// Those alone: a later one of the same version stands. In few statements for all.
    virtual absl::Status eraseClearsKnownBad(const KnownBadClearsByUuid& clears) = 0;
    absl::Status eraseClearKnownBad(const std::string& uuid, const domain::KnownBadClear& clear) {
        return eraseClearsKnownBad({{uuid, {clear}}});
    }
    virtual absl::StatusOr<KnownBadClearsByUuid> loadClearKnownBad() = 0;
    /// Those of these machines.
    virtual absl::StatusOr<KnownBadClearsByUuid> clearsKnownBadOf(
        const std::vector<std::string>& uuids) = 0;
};

}  // namespace ifrit::master::storage
