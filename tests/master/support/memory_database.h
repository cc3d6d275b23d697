// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/storage/database.h"

namespace ifrit::master::storage {

/// What the services need of a database, in memory and with real transactions: work runs on a copy
/// that replaces the state when it succeeds. Its operators, tokens, certificates and settings are
/// not there: who asks for them aborts the test.
class MemoryDatabase final : public Database {
public:
    struct State {
        std::map<std::string, StoredMachine> machines;
        std::map<std::pair<std::string, std::string>, std::uint64_t> endedStreams;
        std::vector<std::pair<std::string, StoredEvent>> events;
        KnownBadClearsByUuid clears;
        /// How often all of them were read; of all copies together.
        std::shared_ptr<int> clearLoads = std::make_shared<int>(0);
        std::map<std::string, PackageRecord> packages;
        /// How often they were listed; of all copies together.
        std::shared_ptr<int> packageLists = std::make_shared<int>(0);
        std::vector<PublisherKeyRecord> publisherKeys;
        std::vector<compose::DesiredRow> rows;
        /// How often all of them were read; of all copies together.
        std::shared_ptr<int> rowReads = std::make_shared<int>(0);
        std::uint64_t generation = 0;
        std::uint64_t releaseNumber = 0;
        /// How often all releases were read; of all copies together.
        std::shared_ptr<int> releaseLists = std::make_shared<int>(0);
        std::map<std::string, release::Model> releases;
        std::map<std::string, std::map<std::string, release::MachineProgress>> progress;
        std::size_t progressPuts = 0;   ///< rows that were given to putProgress()
        std::size_t progressMoves = 0;  ///< to moveProgress()
        std::map<std::string, std::vector<release::TimelineNote>> timeline;
        std::vector<AuditRow> audit;
        std::map<std::pair<std::string, std::string>, RequestRecord> requests;
        LeaseRecord lease;
        std::map<std::string, MemberRecord> members;
        std::vector<ChangeRecord> changes;  ///< what a test puts there; writing notes nothing
        std::map<std::pair<std::string, std::string>, release::PermitRecord> permits;
        std::vector<FreezeRecord> freezes;
        std::map<std::string, CampaignRecord> campaigns;
        std::uint64_t campaignNumber = 0;
        std::map<std::pair<std::string, std::uint64_t>, PresenceRecord> presences;
        /// Machines whose reports no database could hold: INVALID_ARGUMENT.
        std::set<std::string> unstorable;
    };

    absl::Status transact(const Work& work) override;
    absl::Status read(const Work& work) override;

    absl::Mutex mutex;
    State state;
    absl::Status down;  ///< every transaction answers this when it is an error
    int writes = 0;
    int reads = 0;
    audit::AuditTrail trail{"test"};  ///< for the services that are given this database
};

}  // namespace ifrit::master::storage
