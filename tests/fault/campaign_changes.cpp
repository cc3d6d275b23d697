// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <ifrit/v1/campaigns.grpc.pb.h>
#include <ifrit/v1/releases.grpc.pb.h>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/crypto/document_signature.h"
#include "shared/crypto/sha256.h"
#include "shared/rpc/channel.h"
#include "tests/fault/changes.h"

namespace ifrit::tests {
namespace {

constexpr char kAgent[] = "carried";
constexpr char kVersion[] = "1";

domain::CampaignStep step(const std::string& cluster, const std::string& caPem) {
    domain::CampaignStep out;
    out.cluster = cluster;
    out.caPem = caPem;
    out.spec.agent = kAgent;
    out.spec.version = kVersion;
    out.spec.machineTypes = {"LINUX"};
    return out;
}

/// Makes changes, each of a campaign of its own.
class Campaigner {
public:
    explicit Campaigner(InsideMaster& master)
        : m_admin(master.admin()),
          m_campaigns(v1::Campaigns::NewStub(m_admin)),
          m_digest(master.publish(kVersion, kAgent)),
          m_here(step(master.cluster(), master.ca().certificatePem)),
          m_otherCa(crypto::createCa("elsewhere", m_now, std::chrono::hours(24)).value()),
          m_elsewhere(step("elsewhere", m_otherCa.certificatePem)) {}

    Change import() const {
        Change out{"Campaigns/ImportCampaign", importOf(campaign(Place::First)), m_admin};
        out.refill = [another =
                          campaign(Place::First)](google::protobuf::Message& message) mutable {
            another.id = base::randomUuid();
            static_cast<v1::ImportCampaignRequest&>(message).set_document(
                codec::campaignToBytes(another));
        };
        return out;
    }
    Change prepare() const { return about("Campaigns/PrepareCampaign", imported(Place::First)); }
    Change present() const {
        const domain::Campaign after = imported(Place::Second);
        domain::CampaignReceipt receipt;
        receipt.campaignId = after.id;
        receipt.campaignDigest = crypto::sha256Hex(codec::campaignToBytes(after));
        receipt.cluster = m_elsewhere.cluster;
        receipt.releaseId = base::randomUuid();
        receipt.releaseNumber = 1;
        receipt.targets = {{"LINUX", {kVersion, m_digest}}};
        receipt.counts = {{domain::Outcome::Ok, 1}};
        receipt.started = receipt.ended = receipt.issued = m_now;
        auto request = started<v1::PresentReceiptRequest>(after);
        request->mutable_receipt()->set_receipt(codec::receiptToBytes(receipt));
        request->mutable_receipt()->set_signature(
            crypto::signDocument(m_otherCa.privateKeyPem,
                                 codec::receiptToSign(request->receipt().receipt()))
                .value());
        return {"Campaigns/PresentReceipt", request, m_admin};
    }
    Change start() const {
        const domain::Campaign ready = imported(Place::First);
        v1::Campaign prepared;
        ask(&v1::Campaigns::Stub::PrepareCampaign, *started<v1::CampaignRequest>(ready), prepared);
        v1::PlanReleaseRequest planned;
        planned.set_release_id(prepared.release().id());
        v1::ReleasePlan plan;
        grpc::ClientContext context;
        if (!v1::Releases::NewStub(m_admin)->PlanRelease(&context, planned, &plan).ok())
            throw std::runtime_error("no plan of a campaign's release");
        auto request = started<v1::StartCampaignRequest>(ready);
        request->set_plan_id(plan.plan_id());
        return {"Campaigns/StartCampaign", request, m_admin};
    }
    Change abort() const { return about("Campaigns/AbortCampaign", imported(Place::First)); }

private:
    enum class Place { First, Second };

    domain::Campaign campaign(Place ours) const {
        domain::Campaign out;
        out.id = base::randomUuid();
        out.name = "carried " + out.id;
        out.createdBy = "admin";
        out.created = m_now;
        out.expires = m_now + std::chrono::hours(24);
        out.agent = kAgent;
        out.steps = {m_here, m_elsewhere};
        if (ours == Place::Second) std::swap(out.steps[0], out.steps[1]);
        out.versions = domain::versionsOf(out.steps);
        return out;
    }
    static std::shared_ptr<v1::ImportCampaignRequest> importOf(const domain::Campaign& campaign) {
        auto request = std::make_shared<v1::ImportCampaignRequest>();
        fill(*request->mutable_mutation());
        request->set_document(codec::campaignToBytes(campaign));
        return request;
    }
    domain::Campaign imported(Place ours) const {
        domain::Campaign out = campaign(ours);
        v1::Campaign answer;
        ask(&v1::Campaigns::Stub::ImportCampaign, *importOf(out), answer);
        return out;
    }
    template <typename Request>
    static std::shared_ptr<Request> started(const domain::Campaign& campaign) {
        auto request = std::make_shared<Request>();
        fill(*request->mutable_mutation());
        request->set_campaign_id(campaign.id);
        return request;
    }
    Change about(const char* method, const domain::Campaign& campaign) const {
        return {method, started<v1::CampaignRequest>(campaign), m_admin};
    }
    template <typename Request>
    void ask(grpc::Status (v1::Campaigns::Stub::*method)(grpc::ClientContext*, const Request&,
                                                         v1::Campaign*),
             const Request& request, v1::Campaign& answer) const {
        grpc::ClientContext context;
        rpc::setDeadline(context, std::chrono::seconds(20));
        const grpc::Status status = ((*m_campaigns).*method)(&context, request, &answer);
        if (!status.ok()) throw std::runtime_error("campaigns: " + status.error_message());
    }

    const std::shared_ptr<grpc::Channel> m_admin;
    const std::unique_ptr<v1::Campaigns::Stub> m_campaigns;
    const base::WallTime m_now = base::SystemClock().now();
    const std::string m_digest;
    const domain::CampaignStep m_here;
    const crypto::Credentials m_otherCa;
    const domain::CampaignStep m_elsewhere;
};

}  // namespace

std::vector<Change> campaignChanges(InsideMaster& master) {
    const Campaigner campaigner(master);
    return {campaigner.import(), campaigner.prepare(), campaigner.present(), campaigner.start(),
            campaigner.abort()};
}

}  // namespace ifrit::tests
