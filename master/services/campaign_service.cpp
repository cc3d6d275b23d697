// SPDX-License-Identifier: Apache-2.0
#include "master/services/campaign_service.h"

#include <utility>

#include "master/services/audit_entry.h"
#include "master/services/campaign_facts.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/document_signature.h"
#include "shared/crypto/sha256.h"

namespace ifrit::master::services {
namespace {

constexpr char kImport[] = "campaign.import";
constexpr char kPrepare[] = "campaign.prepare";
constexpr char kPresent[] = "campaign.present-receipt";
constexpr char kStart[] = "campaign.start";
constexpr char kAbort[] = "campaign.abort";
constexpr std::size_t kDocumentsRemembered = 64;

absl::Status unknown(const std::string& id) {
    return base::notFound("CAMPAIGN_UNKNOWN", id,
                          "there is no campaign {} in this cluster; import its document", id);
}

absl::Status remember(storage::Transaction& in, const Caller& caller, const char* verb,
                      const std::string& id, base::WallTime now) {
    if (caller.requestId.empty()) return absl::OkStatus();
    return in.requests().put(caller.name, caller.requestId, {verb, id}, now);
}

std::string receiptJson(const domain::CampaignReceipt& receipt) {
    return fmt::format(
        R"({{"cluster":"{}","serial":{},"release":"{}","verdict":"{}"}})", receipt.cluster,
        receipt.serial, receipt.releaseId,
        receipt.verdict == domain::ReceiptVerdict::Verified ? "verified" : "withdrawn");
}

}  // namespace

absl::StatusOr<domain::Campaign> CampaignService::checkDocument(const std::string& document) const {
    IFRIT_ASSIGN_OR_RETURN(domain::Campaign campaign, codec::campaignFromBytes(document));
    for (const domain::CampaignStep& step : campaign.steps) {
        IFRIT_RETURN_IF_ERROR(base::annotate(crypto::describeCertificate(step.caPem).status(),
                                             fmt::format("the CA of {}", step.cluster)));
    }
    const auto own = campaign.stepOf(m_parts.cluster);
    if (!own) {
        return base::notFound("CAMPAIGN_ELSEWHERE", m_parts.cluster,
                              "cluster {} is no part of campaign {}", m_parts.cluster,
                              campaign.name);
    }
    IFRIT_ASSIGN_OR_RETURN(const auto pinned,
                           crypto::describeCertificate(campaign.steps[*own].caPem));
    IFRIT_ASSIGN_OR_RETURN(const auto ours, crypto::describeCertificate(m_parts.signer.caPem));
    if (pinned.sha256Fingerprint != ours.sha256Fingerprint) {
        return base::invalidArgument(
            "CAMPAIGN_CA", m_parts.cluster,
            "the campaign pins CA {} for cluster {}, whose CA is {}: others would not believe its "
            "receipt",
            pinned.sha256Fingerprint, m_parts.cluster, ours.sha256Fingerprint);
    }
    return campaign;
}

absl::StatusOr<CampaignView> CampaignService::import(const Caller& caller,
                                                     const std::string& document, Import how) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Campaign campaign, checkDocument(document));
    const std::size_t step = *campaign.stepOf(m_parts.cluster);
    const base::WallTime now = m_parts.clock.now();
    storage::CampaignRecord record;
    record.id = campaign.id;
    record.digest = crypto::sha256Hex(document);
    record.document = document;
    record.step = static_cast<std::uint32_t>(step);
    record.imported = {caller.name, now, caller.reason};
    const auto known = std::make_shared<const domain::Campaign>(campaign);
    if (how == Import::Validate) {
        IFRIT_RETURN_IF_ERROR(m_parts.engine.check(campaign.steps[step].spec));
        return viewOf(std::move(record), known);
    }
    if (now >= campaign.expires) {
        return base::failedPrecondition("CAMPAIGN_EXPIRED", campaign.id,
                                        "the campaign has expired; make a new one");
    }
    const absl::Status stored =
        m_parts.engine.transactLeading([&](storage::Transaction& in) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto there, in.campaigns().find(record.id));
            if (there && there->digest != record.digest) {
                return base::makeError(absl::StatusCode::kAlreadyExists, "CAMPAIGN_OTHER",
                                       record.id,
                                       "another document with this id is here; a campaign never "
                                       "changes, so make a new one");
            }
            IFRIT_RETURN_IF_ERROR(remember(in, caller, kImport, record.id, now));
            if (there) {
                record = *there;
                return absl::OkStatus();
            }
            IFRIT_ASSIGN_OR_RETURN(record.number, in.campaigns().nextNumber());
            IFRIT_RETURN_IF_ERROR(in.campaigns().add(record));
            AuditEntry entry = auditEntry(caller, kImport, record.id, "allowed", now);
            entry.after = fmt::format(R"({{"digest":"{}","step":{}}})", record.digest, step);
            return m_parts.trail.append(in, entry);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return viewOf(std::move(record), known);
}

absl::StatusOr<CampaignService::Document> CampaignService::documentOf(
    storage::Transaction& in, const storage::CampaignRecord& record) {
    {
        absl::MutexLock lock(&m_mutex);
        const auto found = m_documents.find(record.digest);
        if (found != m_documents.end()) return found->second;
    }
    std::string bytes = record.document;
    if (bytes.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const auto whole, in.campaigns().find(record.id));
        if (!whole) return unknown(record.id);
        bytes = whole->document;
    }
    auto campaign = codec::campaignFromBytes(bytes);
    if (!campaign.ok()) {
        // It was checked before it was stored: a newer master's, or damage.
        return base::makeError(absl::StatusCode::kDataLoss, "DATABASE_BROKEN", record.id,
                               base::messageOf(campaign.status()));
    }
    const auto out = std::make_shared<const domain::Campaign>(*std::move(campaign));
    absl::MutexLock lock(&m_mutex);
    if (m_documents.size() >= kDocumentsRemembered) m_documents.clear();
    m_documents[record.digest] = out;
    return out;
}

absl::StatusOr<CampaignView> CampaignService::viewOf(storage::CampaignRecord record,
                                                     const Document& document) {
    CampaignView out;
    if (!record.releaseId.empty()) {
        // A master that follows may not have heard of it yet: it is shown as not prepared.
        auto head = m_parts.engine.head(record.releaseId);
        if (head.ok()) out.release = *std::move(head);
    }
    const release::Model* model = out.release.get();
    IFRIT_ASSIGN_OR_RETURN(const domain::StepFacts facts, factsOf(*document, record, model));
    out.state = domain::stepState(facts, m_parts.clock.now());
    out.waitsFor = waitsFor(*document, facts, out.state, model);
    out.record = std::move(record);
    return out;
}

absl::StatusOr<storage::CampaignRecord> CampaignService::find(const std::string& id,
                                                              Document& document) {
    storage::CampaignRecord out;
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto found, in.campaigns().find(id));
        if (!found) return unknown(id);
        IFRIT_ASSIGN_OR_RETURN(document, documentOf(in, *found));
        out = *std::move(found);
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    return out;
}

absl::StatusOr<std::shared_ptr<const domain::Campaign>> CampaignService::document(
    const std::string& id) {
    Document out;
    IFRIT_RETURN_IF_ERROR(find(id, out).status());
    return out;
}

absl::StatusOr<CampaignView> CampaignService::get(const std::string& id) {
    Document document;
    IFRIT_ASSIGN_OR_RETURN(storage::CampaignRecord record, find(id, document));
    return viewOf(std::move(record), document);
}

absl::StatusOr<std::vector<CampaignView>> CampaignService::list(std::uint64_t below,
                                                                std::size_t limit) {
    std::vector<std::pair<storage::CampaignRecord, Document>> all;
    const absl::Status read = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        all.clear();
        IFRIT_ASSIGN_OR_RETURN(auto records, in.campaigns().list(below, limit));
        for (storage::CampaignRecord& record : records) {
            IFRIT_ASSIGN_OR_RETURN(Document document, documentOf(in, record));
            all.emplace_back(std::move(record), std::move(document));
        }
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    std::vector<CampaignView> out;
    for (auto& [record, document] : all) {
        IFRIT_ASSIGN_OR_RETURN(CampaignView view, viewOf(std::move(record), document));
        out.push_back(std::move(view));
    }
    return out;
}

absl::Status CampaignService::store(const Caller& caller, const char* verb, const std::string& id,
                                    const Change& change) {
    const base::WallTime now = m_parts.clock.now();
    return m_parts.engine.transactLeading([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto record, in.campaigns().find(id));
        if (!record) return unknown(id);
        IFRIT_RETURN_IF_ERROR(change(in, *record));
        IFRIT_RETURN_IF_ERROR(in.campaigns().update(*record));
        return remember(in, caller, verb, id, now);
    });
}

absl::StatusOr<CampaignView> CampaignService::prepare(const Caller& caller, const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignView before, get(id));
    Document document;
    IFRIT_ASSIGN_OR_RETURN(const storage::CampaignRecord record, find(id, document));
    const release::Model* model = before.release ? &*before.release : nullptr;
    IFRIT_ASSIGN_OR_RETURN(const domain::StepFacts facts, factsOf(*document, record, model));
    const base::WallTime now = m_parts.clock.now();
    IFRIT_RETURN_IF_ERROR(domain::mayPrepareStep(facts, now));
    // In the draft's own transaction: neither is there without the other.
    const auto bind = [&](storage::Transaction& in, const release::Model& made) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(auto held, in.campaigns().find(id));
        if (!held) return unknown(id);
        if (held->releaseId != record.releaseId || held->aborted) {
            return base::makeError(absl::StatusCode::kAborted, "CAMPAIGN_CHANGED", id,
                                   "somebody else changed the campaign meanwhile; look again");
        }
        held->releaseId = made.release.id;
        held->open = true;
        IFRIT_RETURN_IF_ERROR(in.campaigns().update(*held));
        AuditEntry entry = auditEntry(caller, kPrepare, id, "allowed", now);
        entry.after = fmt::format(R"({{"release":"{}"}})", made.release.id);
        IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
        return remember(in, caller, kPrepare, id, now);
    };
    Caller drafting = caller;
    // What the caller expects is about the start.
    drafting.expected = {};
    IFRIT_RETURN_IF_ERROR(
        m_parts.engine.create(drafting, document->steps[record.step].spec, bind).status());
    return get(id);
}

absl::Status CampaignService::checkSignature(const domain::Campaign& campaign, std::size_t step,
                                             const storage::ReceiptRecord& receipt) const {
    const absl::Status verified = crypto::verifyDocument(
        campaign.steps[step].caPem, codec::receiptToSign(receipt.receipt), receipt.signature);
    if (verified.ok()) return verified;
    return base::failedPrecondition("RECEIPT_SIGNATURE", campaign.steps[step].cluster,
                                    "this receipt is not signed by the CA of cluster {} that the "
                                    "campaign pins",
                                    campaign.steps[step].cluster);
}

absl::StatusOr<CampaignView> CampaignService::present(const Caller& caller, const std::string& id,
                                                      const storage::ReceiptRecord& receipt) {
    IFRIT_ASSIGN_OR_RETURN(const domain::CampaignReceipt told,
                           codec::receiptFromBytes(receipt.receipt));
    const base::WallTime now = m_parts.clock.now();
    const auto take = [&](storage::Transaction& in,
                          storage::CampaignRecord& record) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const Document document, documentOf(in, record));
        IFRIT_ASSIGN_OR_RETURN(const auto held, decoded(record.previous));
        // Who signed it, before anything is said about what it says.
        if (record.step > 0)
            IFRIT_RETURN_IF_ERROR(checkSignature(*document, record.step - 1, receipt));
        IFRIT_RETURN_IF_ERROR(
            domain::checkReceipt({*document, record.digest, record.step}, told, held, now));
        record.previous = receipt;
        record.presented = {caller.name, now, {}};
        AuditEntry entry = auditEntry(caller, kPresent, id, "allowed", now);
        entry.before = held ? receiptJson(*held) : std::string();
        entry.after = receiptJson(told);
        return m_parts.trail.append(in, entry);
    };
    IFRIT_RETURN_IF_ERROR(store(caller, kPresent, id, take));
    return get(id);
}

absl::StatusOr<storage::ReceiptRecord> CampaignService::receipt(const std::string& id) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignView view, get(id));
    if (view.record.own) return *view.record.own;
    return base::failedPrecondition(
        "RECEIPT_UNMADE", id, "cluster {} has no receipt yet, it is {}{}{}", m_parts.cluster,
        domain::nameOf(view.state), view.waitsFor.empty() ? "" : ": ", view.waitsFor);
}

absl::StatusOr<CampaignView> CampaignService::start(const Caller& caller, const std::string& id,
                                                    const std::string& planId) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignView before, get(id));
    if (before.record.releaseId.empty()) {
        return base::failedPrecondition("CAMPAIGN_UNPREPARED", id,
                                        "the campaign has no release in cluster {} yet; prepare it",
                                        m_parts.cluster);
    }
    IFRIT_RETURN_IF_ERROR(
        m_parts.engine.act(caller, before.record.releaseId, domain::ReleaseVerb::Start, planId)
            .status());
    return get(id);
}

absl::StatusOr<CampaignView> CampaignService::abort(const Caller& caller, const std::string& id) {
    if (caller.reason.empty()) {
        return base::invalidArgument("REASON_MISSING", id, "aborting a campaign needs a reason");
    }
    const base::WallTime now = m_parts.clock.now();
    const auto end = [&](storage::Transaction& in,
                         storage::CampaignRecord& record) -> absl::Status {
        if (record.aborted) {
            return base::failedPrecondition(
                "CAMPAIGN_ABORTED", id, "{} aborted the campaign here already", record.aborted->by);
        }
        record.aborted = storage::CampaignDeed{caller.name, now, caller.reason};
        return m_parts.trail.append(in, auditEntry(caller, kAbort, id, "allowed", now));
    };
    IFRIT_RETURN_IF_ERROR(store(caller, kAbort, id, end));
    IFRIT_ASSIGN_OR_RETURN(const CampaignView ended, get(id));
    const bool hasDraft =
        ended.release && ended.release->release.state == domain::ReleaseState::Draft;
    if (!hasDraft) return ended;
    // Nobody can have started it meanwhile: starting() refuses it now.
    Caller discarding = caller;
    discarding.requestId.clear();
    discarding.expected = {};
    const absl::Status discarded =
        m_parts.engine.act(discarding, ended.record.releaseId, domain::ReleaseVerb::Abort, {})
            .status();
    IFRIT_RETURN_IF_ERROR(base::annotate(
        discarded, fmt::format("the campaign is aborted, but the draft of its release {} is still "
                               "there",
                               ended.release->release.number)));
    return get(id);
}

absl::Status CampaignService::starting(storage::Transaction& in, const Caller& caller,
                                       const release::Model& model) const {
    IFRIT_ASSIGN_OR_RETURN(const auto held, in.campaigns().findByRelease(model.release.id));
    if (!held) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const auto record, in.campaigns().find(held->id));
    if (!record) return unknown(held->id);
    IFRIT_ASSIGN_OR_RETURN(const domain::Campaign campaign,
                           codec::campaignFromBytes(record->document));
    IFRIT_ASSIGN_OR_RETURN(const domain::StepFacts facts, factsOf(campaign, *record, nullptr));
    const base::WallTime now = m_parts.clock.now();
    const std::string previous =
        record->step == 0 ? std::string() : campaign.steps[record->step - 1].cluster;
    IFRIT_RETURN_IF_ERROR(domain::mayStartStep(facts, previous, now));
    IFRIT_ASSIGN_OR_RETURN(const auto receipt, decoded(record->previous));
    if (receipt) IFRIT_RETURN_IF_ERROR(domain::checkSamePackages(*receipt, targetsOf(model)));
    AuditEntry entry = auditEntry(caller, kStart, record->id, "allowed", now);
    entry.before = receipt ? receiptJson(*receipt) : std::string();
    entry.after = fmt::format(R"({{"release":"{}"}})", model.release.id);
    return m_parts.trail.append(in, entry);
}

}  // namespace ifrit::master::services
