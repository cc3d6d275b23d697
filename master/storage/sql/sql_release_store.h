// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/release_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables releases, release_specs, release_packages, running_releases, release_machines and
/// release_timeline, and the counter "release_number".
///
/// What a release asks for does not change once it is started, and may name ten thousand machines;
/// what moves goes to the disk, a server's log and the other nodes with each group of reports. So
/// the former is written with a draft alone, to a table of its own. The document has it too, which
/// is what a master of before kReleaseSpecs reads; but the uuids of a gray list only until the
/// start, of which they are a part: later they say no more than where one of them belongs that was
/// removed and enrols again.
class SqlReleaseStore final : public ReleaseStore {
public:
    explicit SqlReleaseStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::uint64_t> nextNumber() override;
    absl::Status put(const release::Model& model) override;
    absl::Status moveProgress(const std::string& releaseId,
                              const std::map<std::string, release::MachineProgress>& stored,
                              const std::vector<release::MachineProgress>& rows) override;
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override;
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override;
    absl::StatusOr<std::vector<release::Model>> list() override;
    absl::StatusOr<std::optional<release::Model>> find(const std::string& id) override;
    absl::StatusOr<std::string> idOf(std::uint64_t number) override;
    absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) override;
    absl::StatusOr<std::vector<release::MachineProgress>> loadProgress(
        const std::string& releaseId, const ProgressPage& page) override;
    absl::StatusOr<std::uint64_t> countProgress(const std::string& releaseId) override;
    absl::StatusOr<std::uint64_t> eraseProgress(const std::string& releaseId,
                                                std::size_t limit) override;
    absl::StatusOr<bool> hasDependents(const release::Model& model) override;
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override;

private:
    absl::StatusOr<std::vector<release::Model>> select(const std::string& rest,
                                                       const Values& values);
    /// What is there of it; both unset: nothing.
    struct Stored {
        std::optional<domain::ReleaseState> state;
        bool hasSpec = false;
    };
    absl::StatusOr<Stored> stored(const std::string& id);
    absl::Status putHead(const release::Model& model);
    absl::Status putSpec(const release::Model& model);
    absl::Status putRunning(const release::Model& model);
    absl::Status putPackages(const release::Model& model);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
