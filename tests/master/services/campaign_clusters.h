// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "master/cache/memory_cache.h"
#include "master/services/campaign_service.h"
#include "master/services/database_desired_source.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/document_signature.h"
#include "tests/master/support/manual_clock.h"
#include "tests/master/support/memory_database.h"
#include "tests/shared/domain/a_campaign.h"

namespace ifrit::master::services {

inline const std::string kPackage(64, '2');
inline const std::string kOtherPackage(64, '3');
inline const Caller kCarrier{"ada", "127.0.0.1:1", "test", "", "because"};

inline crypto::Credentials newCa(const char* cluster) {
    return crypto::createCa(cluster, base::fromUnixMillis(1'600'000'000'000),
                            std::chrono::hours(24 * 365))
        .value();
}

inline std::string reasonToldBy(const absl::Status& status) {
    return status.ok() ? "ok" : base::errorInfo(status).reason;
}

/// One cluster's master, with one machine.
struct CampaignCluster {
    enum class Masters { One, Several };
    CampaignCluster(std::string clusterName, crypto::Credentials authority, ManualClock& time,
                    const std::string& package = kPackage, Masters masters = Masters::One)
        : name(std::move(clusterName)),
          ca(std::move(authority)),
          clock(time),
          isOneOfMany(masters == Masters::Several) {
        PackageRecord record;
        record.agent = "logd";
        record.version = "2";
        record.machineTypes = {"LINUX"};
        record.manifestDigest = package;
        record.archiveBytes = 100;
        database.state.packages[package] = record;
        StoredMachine machine;
        machine.facts.uuid = "m";
        machine.facts.machineType = "LINUX";
        machine.lastSeen = clock.now();
        database.state.machines["m"] = machine;
        fleet.load({machine}, clock.now(), {std::chrono::seconds(90)});
        recovered = engine.recover();
    }

    std::string releaseOf(const std::string& id) {
        return campaigns.get(id).value().record.releaseId;
    }
    std::string planOf(const std::string& id) { return engine.plan(releaseOf(id)).value().id; }
    absl::Status start(const std::string& id) {
        return campaigns.start(kCarrier, id, planOf(id)).status();
    }
    /// The machine runs what the release wants, and the release ends.
    void finish(const std::string& id, const std::string& package = kPackage) {
        MachineReport report;
        report.uuid = "m";
        report.streamId = "s";
        report.seq = ++sequence;
        report.full = true;
        report.receivedAt = clock.now();
        domain::AgentReport agent;
        agent.agent = "logd";
        agent.runningVersion = "2";
        agent.runningDigest = package;
        agent.state = domain::MachineState::Healthy;
        agent.releaseId = releaseOf(id);
        report.agents = {agent};
        (void)database.transact(
            [&](storage::Transaction& in) { return in.machines().putReport(report); });
        engine.onMachines({fleet.apply(report)});
        engine.tick();
        campaigns.tick();
    }
    domain::StepState state(const std::string& id) { return campaigns.get(id).value().state; }
    domain::CampaignReceipt own(const std::string& id) {
        return codec::receiptFromBytes(campaigns.receipt(id).value().receipt).value();
    }
    std::vector<std::string> audited(const std::string& verb) const {
        std::vector<std::string> out;
        for (const auto& row : database.state.audit) {
            if (row.entry.verb == verb) out.push_back(row.entry.actor + " " + row.entry.result);
        }
        return out;
    }

    const std::string name;
    const crypto::Credentials ca;
    ManualClock& clock;
    const bool isOneOfMany;
    storage::MemoryDatabase database;
    Fleet fleet{std::make_shared<domain::HashRing>(domain::RingSpec{4, 16, 1})};
    compose::PublishedState published;
    EventHub events;
    KnownBadClears clears;
    ReleaseEngine engine{
        {database,
         database.trail,
         fleet,
         published,
         events,
         clears,
         clock,
         [] {},
         std::chrono::milliseconds(30'000),
         isOneOfMany,
         nullptr,
         {},
         [this](storage::Transaction& in, const Caller& caller, const release::Model& model) {
             return campaigns.starting(in, caller, model);
         }}};
    CampaignService campaigns{{database,
                               database.trail,
                               engine,
                               events,
                               clock,
                               name,
                               {ca.certificatePem, [this](std::string_view bytes) {
                                    if (whileSigned) std::exchange(whileSigned, nullptr)();
                                    return crypto::signDocument(ca.privateKeyPem, bytes);
                                }}}};
    std::function<void()> whileSigned;  ///< once
    std::uint64_t sequence = 0;
    absl::Status recovered;
};

/// Two clusters and a campaign through both, as a client made it.
struct CampaignPair {
    explicit CampaignPair(std::chrono::milliseconds settle = std::chrono::milliseconds(0),
                          const std::string& packageOfTwo = kPackage)
        : two("two", newCa("two"), clock, packageOfTwo) {
        campaign = tests::aCampaign(one.ca.certificatePem, two.ca.certificatePem);
        campaign.created = clock.now();
        campaign.expires = clock.now() + std::chrono::hours(24);
        campaign.settle = settle;
        document = codec::campaignToBytes(campaign);
        id = campaign.id;
    }
    /// Both hold it, both have a draft.
    void prepare() {
        for (CampaignCluster* cluster : {&one, &two}) {
            QVERIFY(
                cluster->campaigns.import(kCarrier, document, CampaignService::Import::Store).ok());
            QVERIFY(cluster->campaigns.prepare(kCarrier, id).ok());
        }
    }
    absl::Status carry() {
        const auto receipt = one.campaigns.receipt(id);
        if (!receipt.ok()) return receipt.status();
        return two.campaigns.present(kCarrier, id, *receipt).status();
    }
    /// A receipt as cluster one would make it, changed, and signed with that key.
    storage::ReceiptRecord forged(const std::function<void(domain::CampaignReceipt&)>& change,
                                  const crypto::Credentials& key) const {
        domain::CampaignReceipt receipt = made;
        change(receipt);
        storage::ReceiptRecord out{codec::receiptToBytes(receipt), {}};
        out.signature =
            crypto::signDocument(key.privateKeyPem, codec::receiptToSign(out.receipt)).value();
        return out;
    }

    ManualClock clock;
    CampaignCluster one{"one", newCa("one"), clock};
    CampaignCluster two;
    domain::Campaign campaign;
    std::string document;
    std::string id;
    domain::CampaignReceipt made;
};

}  // namespace ifrit::master::services
