// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/release_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables releases, release_packages, running_releases, release_machines and release_timeline, and
/// the counter "release_number".
class SqlReleaseStore final : public ReleaseStore {
public:
    explicit SqlReleaseStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::uint64_t> nextNumber() override;
    absl::Status put(const release::Model& model) override;
    absl::Status putProgress(const std::string& releaseId,
                             const std::vector<release::MachineProgress>& rows) override;
    absl::Status appendTimeline(const std::string& releaseId,
                                const std::vector<release::TimelineNote>& notes) override;
    absl::StatusOr<std::vector<release::Model>> list() override;
    absl::StatusOr<std::optional<release::Model>> find(const std::string& id) override;
    absl::StatusOr<std::map<std::string, release::MachineProgress>> loadProgress(
        const std::string& releaseId) override;
    absl::StatusOr<std::vector<release::MachineProgress>> loadProgress(
        const std::string& releaseId, const ProgressPage& page) override;
    absl::StatusOr<std::uint64_t> eraseProgress(const std::string& releaseId,
                                                std::size_t limit) override;
    absl::StatusOr<bool> hasDependents(const release::Model& model) override;
    absl::StatusOr<std::vector<release::TimelineNote>> loadTimeline(
        const std::string& releaseId) override;

private:
    absl::StatusOr<std::vector<release::Model>> select(const std::string& rest,
                                                       const Values& values);
    absl::Status putHead(const release::Model& model);
    absl::Status putRunning(const release::Model& model);
    absl::Status putPackages(const release::Model& model);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
