// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "master/release/model.h"

namespace ifrit::master::storage {

/// Some of a release's machines, by uuid.
struct ProgressPage {
    std::string after = {};                       ///< those after it; empty: from the first
    std::optional<domain::Outcome> outcome = {};  ///< those that came out so; absent: all
    std::size_t limit = 0;
    bool takes(const release::MachineProgress& machine) const {
        return machine.uuid > after && (!outcome || machine.outcome == *outcome);
    }
};

/// Releases, their machines and their timelines.
class ReleaseStore {
public:
    virtual ~ReleaseStore() = default;

    virtual absl::StatusOr<std::uint64_t> nextNumber() = 0;
    /// Everything of it but its machines and timeline. What it asks for is taken of a draft, and
    /// with the start: from then on it stands, and what is written is small whatever it names.
    /// FAILED_PRECONDITION (RELEASE_CONFLICT): it runs and another running release has the same
    /// agent and machine type.
    virtual absl::Status put(const release::Model& model) = 0;
    virtual absl::Status putProgress(const std::string& releaseId,
                                     const std::vector<release::MachineProgress>& rows) = 0;
    /// The same for machines that are stored as `stored` has them: those that changed alike are
    /// written together, since a verb may do so with each of a cluster. The mark of a machine's
    /// newest report may then be stored with its next change of its own alone.
    virtual absl::Status moveProgress(const std::string& releaseId,
                                      const std::map<std::string, release::MachineProgress>& stored,
                                      const std::vector<release::MachineProgress>& rows) = 0;
    virtual absl::Status appendTimeline(const std::string& releaseId,
                                        const std::vector<release::TimelineNote>& notes) = 0;
    /// All, newest first, without machines.
    virtual absl::StatusOr<std::vector<release::Model>> list() = 0;
    /// Without machines; nullopt: unknown.
    virtual absl::StatusOr<std::optional<release::Model>> find(const std::string& id) = 0;
    /// Of the one that has this number; empty: nobody has.
    virtual absl::StatusOr<std::string> idOf(std::uint64_t number) = 0;
    virtual absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) = 0;
    virtual absl::StatusOr<std::vector<release::MachineProgress>> loadProgress(
        const std::string& releaseId, const ProgressPage& page) = 0;
    virtual absl::StatusOr<std::uint64_t> countProgress(const std::string& releaseId) = 0;
    /// Erases the first of its machines, at most `limit`; how many there were.
    virtual absl::StatusOr<std::uint64_t> eraseProgress(const std::string& releaseId,
                                                        std::size_t limit) = 0;
    /// Whether something stands on what its machines did: desired rows that it made, a campaign
    /// that is open, or that machines are still to forget that one of its targets was bad.
    virtual absl::StatusOr<bool> hasDependents(const release::Model& model) = 0;
    /// Oldest first.
    virtual absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) = 0;
};

}  // namespace ifrit::master::storage
