// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "master/services/store.h"

namespace ifrit::master::services {

/// A database in memory with real transactions: work runs on a copy that replaces the state when it
/// succeeds. Two stores on one MemoryDatabase are two runs of a master.
struct MemoryDatabase {
    struct State {
        std::map<std::string, StoredMachine> machines;
        std::vector<std::pair<std::string, StoredEvent>> events;
        std::map<std::string, std::vector<std::string>> clears;
        std::map<std::string, PackageRecord> packages;
        std::vector<PublisherKeyRecord> publisherKeys;
        std::vector<compose::DesiredRow> rows;
        std::uint64_t generation = 0;
        std::uint64_t releaseNumber = 0;
        std::map<std::string, release::Model> releases;
        std::map<std::string, std::map<std::string, release::MachineProgress>> progress;
        std::map<std::string, std::vector<release::TimelineNote>> timeline;
        std::vector<AuditEntry> audit;
        std::map<std::pair<std::string, std::string>, RequestRecord> requests;
        /// Machines whose reports no database could hold: INVALID_ARGUMENT.
        std::set<std::string> unstorable;
    };
    absl::Mutex mutex;
    State state;
    absl::Status down;  ///< every transaction answers this when it is an error
    int writes = 0;
    int reads = 0;
};

class MemoryStore final : public Store {
public:
    explicit MemoryStore(std::shared_ptr<MemoryDatabase> database)
        : m_database(std::move(database)) {}
    absl::Status write(const Work& work) override;
    absl::Status read(const Work& work) override;

private:
    std::shared_ptr<MemoryDatabase> m_database;
};

}  // namespace ifrit::master::services
