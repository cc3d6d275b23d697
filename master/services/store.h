// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "master/compose/composer.h"
#include "master/release/model.h"
#include "master/services/records.h"

namespace ifrit::master::services {

/// What the services need of the database, inside one transaction. Valid only during the call that
/// got it, on that thread.
class Session {
public:
    virtual ~Session() = default;

    // Machines.
    virtual absl::StatusOr<std::vector<StoredMachine>> loadMachines() = 0;
    virtual absl::Status putReport(const MachineReport& report) = 0;
    virtual absl::Status putLastSeen(
        const std::vector<std::pair<std::string, base::WallTime>>& seen) = 0;
    /// Newest first, ids below `beforeId` (0: from the newest).
    virtual absl::StatusOr<std::vector<StoredEvent>> listEvents(const std::string& uuid,
                                                                std::uint64_t beforeId,
                                                                std::size_t limit) = 0;
    /// For machines to be told with their next sync; put once for each version.
    virtual absl::Status putClearKnownBad(const std::string& uuid, const std::string& digest) = 0;
    virtual absl::Status eraseClearKnownBad(const std::string& uuid) = 0;
    virtual absl::StatusOr<std::map<std::string, std::vector<std::string>>> loadClearKnownBad() = 0;

    // Packages.
    virtual absl::StatusOr<std::vector<PackageRecord>> listPackages() = 0;
    /// nullopt: no such manifest digest.
    virtual absl::StatusOr<std::optional<PackageRecord>> findPackage(const std::string& digest) = 0;
    virtual absl::Status putPackage(const PackageRecord& package) = 0;
    virtual absl::Status erasePackage(const std::string& digest) = 0;
    /// By name.
    virtual absl::StatusOr<std::vector<PublisherKeyRecord>> listPublisherKeys() = 0;

    // Desired state.
    virtual absl::StatusOr<compose::DesiredRows> desiredRows() = 0;
    virtual absl::StatusOr<std::uint64_t> generation() = 0;
    /// The new one; the caller's edits carry it.
    virtual absl::StatusOr<std::uint64_t> nextGeneration() = 0;
    virtual absl::Status edit(const release::DesiredEdit& edit) = 0;

    // Releases.
    virtual absl::StatusOr<std::uint64_t> nextReleaseNumber() = 0;
    /// Everything of it but its machines and timeline.
    virtual absl::Status putRelease(const release::Model& model) = 0;
    virtual absl::Status putProgress(const std::string& releaseId,
                                     const std::vector<release::MachineProgress>& rows) = 0;
    virtual absl::Status appendTimeline(const std::string& releaseId,
                                        const std::vector<release::TimelineNote>& notes) = 0;
    /// All, newest first, without machines.
    virtual absl::StatusOr<std::vector<release::Model>> listReleases() = 0;
    virtual absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) = 0;
    virtual absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) = 0;

    // Audit and request ids.
    virtual absl::Status appendAudit(const AuditEntry& entry) = 0;
    virtual absl::StatusOr<std::optional<RequestRecord>> findRequest(
        const std::string& actor, const std::string& requestId) = 0;
    virtual absl::Status putRequest(const std::string& actor, const std::string& requestId,
                                    const RequestRecord& record) = 0;
};

/// The database. Thread-safe; calls block and may return UNAVAILABLE.
class Store {
public:
    using Work = std::function<absl::Status(Session&)>;

    virtual ~Store() = default;
    /// Runs `work` in one transaction. Committed and durable when it returns OK; any error, of
    /// `work` too, leaves nothing of it.
    virtual absl::Status write(const Work& work) = 0;
    /// One consistent view.
    virtual absl::Status read(const Work& work) = 0;
};

}  // namespace ifrit::master::services
