// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "master/storage/machine_store.h"
#include "master/storage/sql/connection.h"

namespace ifrit::master::storage::sql {

/// Tables machines, agent_reports, report_streams, machine_events and known_bad_clears.
class SqlMachineStore final : public MachineStore {
public:
    explicit SqlMachineStore(Connection& connection) : m_connection(connection) {}

    absl::StatusOr<std::vector<StoredMachine>> list(const MachineFilter& filter,
                                                    const std::string& afterUuid,
                                                    std::size_t limit) override;
    absl::StatusOr<std::optional<StoredMachine>> find(const std::string& uuid) override;
    absl::StatusOr<std::vector<StoredMachine>> findAll(
        const std::vector<std::string>& uuids) override;
    absl::StatusOr<std::vector<LastSeen>> lastSeen() override;
    absl::Status enrol(const domain::MachineFacts& facts, base::WallTime now) override;
    absl::StatusOr<std::vector<ReportOutcome>> putReports(
        const std::vector<const MachineReport*>& reports) override;
    absl::Status putLastSeen(const std::vector<LastSeen>& seen) override;
    absl::Status erase(const std::string& uuid) override;
    absl::StatusOr<std::vector<StoredEvent>> listEvents(const std::string& uuid,
                                                        std::uint64_t beforeId,
                                                        std::size_t limit) override;
    absl::StatusOr<std::uint64_t> pruneEvents(base::WallTime before) override;
    absl::Status putClearsKnownBad(const KnownBadClearsByUuid& clears) override;
    absl::Status eraseClearsKnownBad(const KnownBadClearsByUuid& clears) override;
    absl::StatusOr<KnownBadClearsByUuid> loadClearKnownBad() override;
    absl::StatusOr<KnownBadClearsByUuid> clearsKnownBadOf(
        const std::vector<std::string>& uuids) override;

private:
    absl::Status readAgents(StoredMachine& machine);
    /// Of machines that follow each other in the table, in one statement.
    absl::Status readAgentsOfPage(std::vector<StoredMachine>& page);
    /// Their rows; other masters are told of the machines.
    std::vector<Values> noted(const KnownBadClearsByUuid& clears);
    absl::Status putFacts(const domain::MachineFacts& facts);

    Connection& m_connection;
};

}  // namespace ifrit::master::storage::sql
