// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/audit/audit_trail.h"
#include "master/services/event_hub.h"
#include "master/services/receipt_signer.h"
#include "master/services/records.h"
#include "master/services/release_engine.h"
#include "master/storage/database.h"
#include "shared/domain/campaign.h"

namespace ifrit::master::services {

/// A campaign as this cluster holds it, and where the cluster is in it now.
struct CampaignView {
    storage::CampaignRecord record;
    domain::StepState state = domain::StepState::Waiting;
    std::string waitsFor;   ///< a sentence; empty: nothing
    release::Head release;  ///< null: not prepared
};

/// This cluster's part in campaigns: takes in documents and receipts, holds its release until the
/// previous cluster's receipt is here, and makes its own once that is done (docs/decisions/0017).
/// All of it is in the database; whoever leads writes. Thread-safe.
class CampaignService {
public:
    struct Parts {
        storage::Database& database;
        const audit::AuditTrail& trail;
        ReleaseEngine& engine;
        EventHub& events;
        const base::Clock& clock;
        std::string cluster;
        ReceiptSigner signer;
    };

    explicit CampaignService(Parts parts) : m_parts(std::move(parts)) {}

    enum class Import { Store, Validate };
    /// The same document again is answered as it stands. Errors as ImportCampaign has them.
    absl::StatusOr<CampaignView> import(const Caller& caller, const std::string& document,
                                        Import how);
    absl::StatusOr<CampaignView> get(const std::string& id);
    /// The document of a campaign that was imported.
    absl::StatusOr<std::shared_ptr<const domain::Campaign>> document(const std::string& id);
    /// Newest first, of numbers below `below`.
    absl::StatusOr<std::vector<CampaignView>> list(std::uint64_t below, std::size_t limit);
    absl::StatusOr<CampaignView> prepare(const Caller& caller, const std::string& id);
    absl::StatusOr<CampaignView> present(const Caller& caller, const std::string& id,
                                         const storage::ReceiptRecord& receipt);
    /// FAILED_PRECONDITION (RECEIPT_UNMADE) with what it waits for.
    absl::StatusOr<storage::ReceiptRecord> receipt(const std::string& id);
    absl::StatusOr<CampaignView> start(const Caller& caller, const std::string& id,
                                       const std::string& planId);
    absl::StatusOr<CampaignView> abort(const Caller& caller, const std::string& id);

    /// ReleaseEngine::Parts::starting: refuses the release of a campaign that has to wait. Called
    /// under the engine's lock, so it never calls the engine.
    absl::Status starting(storage::Transaction& in, const Caller& caller,
                          const release::Model& model) const;
    /// At least each second: makes and withdraws receipts. Nothing where another master leads.
    void tick();

private:
    using Document = std::shared_ptr<const domain::Campaign>;
    using Change = std::function<absl::Status(storage::Transaction&, storage::CampaignRecord&)>;

    absl::StatusOr<domain::Campaign> checkDocument(const std::string& document) const;
    /// The record's document, decoded once.
    absl::StatusOr<Document> documentOf(storage::Transaction& in,
                                        const storage::CampaignRecord& record);
    absl::StatusOr<CampaignView> viewOf(storage::CampaignRecord record, const Document& document);
    absl::StatusOr<storage::CampaignRecord> find(const std::string& id, Document& document);
    /// `change` to the record, with an audit row and the request's record, while this one leads.
    absl::Status store(const Caller& caller, const char* verb, const std::string& id,
                       const Change& change);
    absl::Status checkSignature(const domain::Campaign& campaign, std::size_t step,
                                const storage::ReceiptRecord& receipt) const;
    /// Makes what is due for one open campaign, or closes it.
    absl::Status attend(const storage::CampaignRecord& record);
    absl::Status issue(const storage::CampaignRecord& record, const domain::Campaign& campaign,
                       const release::Model& model, domain::ReceiptVerdict verdict);
    /// Whether the campaign that was `seen` still has to make it, as it is `held` under the
    /// engine's lock.
    absl::StatusOr<bool> isDue(const domain::Campaign& campaign,
                               const storage::CampaignRecord& seen,
                               const storage::CampaignRecord& held,
                               domain::ReceiptVerdict verdict) const;

    const Parts m_parts;
    absl::Mutex m_mutex;
    std::map<std::string, Document> m_documents ABSL_GUARDED_BY(m_mutex);  ///< by digest
};

}  // namespace ifrit::master::services
