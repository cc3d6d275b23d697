// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <algorithm>

#include "ifrit/v1/campaigns.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/sample_campaign.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

using Channel = std::shared_ptr<grpc::Channel>;
const std::string kDenied = "NOT_ALLOWED";
const std::vector<std::string> kVerbs = {"import", "prepare", "present-receipt", "start", "abort"};

template <typename Request>
Request mutation() {
    Request out;
    out.mutable_mutation()->set_request_id(base::randomUuid());
    out.mutable_mutation()->set_reason("because");
    return out;
}

std::string reasonOf(const grpc::Status& status) {
    return status.ok() ? "ok" : base::errorInfo(ifrit::rpc::fromGrpc(status)).reason;
}

}  // namespace

/// What a grant of a campaign's verb opens, and what it does not: real calls at a real master.
class TestCampaignAccess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        m_server = std::make_unique<TrustedServer>();
        m_server->addMachine("m1", "LINUX", m_server->clock.now());
        m_server->restart();
        m_server->publish("logd", "1");
        m_server->publish("metricd", "1");
        m_root = m_server->root();
        m_eve = m_server->channelAs(crypto::Role::Operator, "eve");
    }
    void cleanup() {
        m_root.reset();
        m_eve.reset();
        m_server.reset();
    }

    void grants_data();
    void grants();
    void everyMachineTypeMustBeCovered();
    void oneOperatorTakesItFromTheDocumentToTheRelease();
    void aCampaignsVerbIsNoReleasesVerb();
    void theDocumentThatWasImportedCounts();

private:
    void grant(const std::string& verb, const std::string& agent = "logd",
               const std::string& type = "*", const std::string& cluster = "test") {
        m_server->grant({{}, "eve", verb, agent, cluster, type, std::nullopt});
    }
    template <typename Request>
    grpc::Status ask(const Channel& channel,
                     grpc::Status (v1::Campaigns::Stub::*method)(grpc::ClientContext*,
                                                                 const Request&, v1::Campaign*),
                     const Request& request) {
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
        m_answer.Clear();
        return ((*v1::Campaigns::NewStub(channel)).*method)(&context, request, &m_answer);
    }
    grpc::Status import(const Channel& channel, const domain::Campaign& campaign) {
        auto request = mutation<v1::ImportCampaignRequest>();
        request.set_document(codec::campaignToBytes(campaign));
        return ask(channel, &v1::Campaigns::Stub::ImportCampaign, request);
    }
    grpc::Status prepare(const Channel& channel, const std::string& id) {
        auto request = mutation<v1::CampaignRequest>();
        request.set_campaign_id(id);
        return ask(channel, &v1::Campaigns::Stub::PrepareCampaign, request);
    }
    grpc::Status abort(const Channel& channel, const std::string& id) {
        auto request = mutation<v1::CampaignRequest>();
        request.set_campaign_id(id);
        return ask(channel, &v1::Campaigns::Stub::AbortCampaign, request);
    }
    /// With the plan of the release that was prepared.
    grpc::Status start(const Channel& channel, const std::string& id, const std::string& release) {
        v1::PlanReleaseRequest planned;
        planned.set_release_id(release);
        v1::ReleasePlan plan;
        grpc::ClientContext context;
        ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
        (void)v1::Releases::NewStub(channel)->PlanRelease(&context, planned, &plan);
        auto request = mutation<v1::StartCampaignRequest>();
        request.set_campaign_id(id);
        request.set_plan_id(plan.plan_id());
        return ask(channel, &v1::Campaigns::Stub::StartCampaign, request);
    }
    grpc::Status present(const Channel& channel, const std::string& id) {
        auto request = mutation<v1::PresentReceiptRequest>();
        request.set_campaign_id(id);
        request.mutable_receipt()->set_receipt("none");
        return ask(channel, &v1::Campaigns::Stub::PresentReceipt, request);
    }
    /// A campaign that root imported and, where the verb needs it, prepared.
    grpc::Status tryVerb(const std::string& verb, const domain::Campaign& campaign) {
        if (verb == "import") return import(m_eve, campaign);
        grpc::Status status = import(m_root, campaign);
        if (status.ok() && verb == "start") status = prepare(m_root, campaign.id);
        if (!status.ok()) return status;
        const std::string release = m_answer.release().id();
        if (verb == "prepare") return prepare(m_eve, campaign.id);
        if (verb == "abort") return abort(m_eve, campaign.id);
        if (verb == "start") return start(m_eve, campaign.id, release);
        return present(m_eve, campaign.id);
    }

    std::unique_ptr<TrustedServer> m_server;
    Channel m_root;
    Channel m_eve;
    v1::Campaign m_answer;
};

void TestCampaignAccess::grants_data() {
    QTest::addColumn<std::string>("verb");
    QTest::addColumn<std::string>("granted");
    QTest::addColumn<std::string>("agent");
    QTest::addColumn<std::string>("type");
    QTest::addColumn<std::string>("cluster");
    QTest::addColumn<bool>("allowed");
    for (const std::string& verb : kVerbs) {
        const auto row = [&verb](const char* what, const std::string& granted, const char* agent,
                                 const char* type, const char* cluster, bool allowed) {
            QTest::addRow("%s, %s", verb.c_str(), what)
                << verb << granted << std::string(agent) << std::string(type)
                << std::string(cluster) << allowed;
        };
        const std::string own = "campaign." + verb;
        row("granted", own, "logd", "LINUX", "test", true);
        row("the whole family", "campaign.*", "log*", "*", "*", true);
        row("another agent", own, "metricd", "*", "*", false);
        row("another machine type", own, "logd", "ARM64", "*", false);
        row("another cluster", own, "logd", "*", "elsewhere", false);
        row("a release's verbs", "release.*", "*", "*", "*", false);
        for (const std::string& other : kVerbs) {
            if (other != verb) row(other.c_str(), "campaign." + other, "*", "*", "*", false);
        }
    }
}

void TestCampaignAccess::grants() {
    QFETCH(std::string, verb);
    QFETCH(std::string, granted);
    QFETCH(std::string, agent);
    QFETCH(std::string, type);
    QFETCH(std::string, cluster);
    QFETCH(bool, allowed);
    grant(granted, agent, type, cluster);
    const domain::Campaign campaign = sampleCampaign(*m_server, "logd", {"LINUX"});
    const grpc::Status status = tryVerb(verb, campaign);
    if (!allowed) {
        QCOMPARE(reasonOf(status), kDenied);
        const auto row = m_server->lastAudit().entry;
        QCOMPARE(row.verb, "campaign." + verb);
        QCOMPARE(row.result, std::string("denied"));
        QCOMPARE(row.actor, std::string("eve"));
        return;
    }
    // What the receipt says is none of what this is about.
    QCOMPARE(reasonOf(status), verb == "present-receipt" ? "DOCUMENT_INVALID" : "ok");
    const auto rows = m_server->audit();
    QVERIFY(verb == "present-receipt" ||
            std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
                return row.entry.verb == "campaign." + verb && row.entry.actor == "eve" &&
                       row.entry.result == "allowed";
            }));
}

void TestCampaignAccess::everyMachineTypeMustBeCovered() {
    const domain::Campaign campaign = sampleCampaign(*m_server, "logd", {"LINUX", "ARM64"});
    grant("campaign.import", "logd", "LINUX");
    const grpc::Status half = import(m_eve, campaign);
    QCOMPARE(reasonOf(half), kDenied);
    QVERIFY(half.error_message().find("campaign.import of agent logd on ARM64") !=
            std::string::npos);
    grant("campaign.import", "logd", "ARM64");
    QCOMPARE(reasonOf(import(m_eve, campaign)), std::string("ok"));
}

void TestCampaignAccess::oneOperatorTakesItFromTheDocumentToTheRelease() {
    grant("campaign.*");
    const domain::Campaign campaign = sampleCampaign(*m_server, "logd", {"LINUX"});
    QCOMPARE(reasonOf(import(m_eve, campaign)), std::string("ok"));
    QCOMPARE(reasonOf(prepare(m_eve, campaign.id)), std::string("ok"));
    const std::string release = m_answer.release().id();
    QCOMPARE(m_answer.release().created_by(), std::string("eve"));
    QCOMPARE(reasonOf(start(m_eve, campaign.id, release)), std::string("ok"));
    QVERIFY(m_answer.release().state() != v1::RELEASE_STATE_DRAFT);
    // Its own verbs are granted by their own names.
    auto act = mutation<v1::ActOnReleaseRequest>();
    act.set_release_id(release);
    act.set_verb(v1::RELEASE_VERB_PAUSE);
    v1::Release answer;
    grpc::ClientContext context;
    ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
    QCOMPARE(reasonOf(v1::Releases::NewStub(m_eve)->ActOnRelease(&context, act, &answer)), kDenied);
}

/// Nor the other way round: who may prepare a campaign may not make a release of their own.
void TestCampaignAccess::aCampaignsVerbIsNoReleasesVerb() {
    grant("campaign.*", "*");
    auto create = mutation<v1::CreateReleaseRequest>();
    create.mutable_spec()->set_agent("logd");
    create.mutable_spec()->set_action(v1::DESIRED_ACTION_INSTALL);
    create.mutable_spec()->set_version("1");
    create.mutable_spec()->add_machine_types("LINUX");
    v1::Release made;
    grpc::ClientContext context;
    ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
    QCOMPARE(reasonOf(v1::Releases::NewStub(m_eve)->CreateRelease(&context, create, &made)),
             kDenied);
}

void TestCampaignAccess::theDocumentThatWasImportedCounts() {
    grant("campaign.*", "metricd");
    const domain::Campaign others = sampleCampaign(*m_server, "logd", {"LINUX"});
    QCOMPARE(reasonOf(import(m_root, others)), std::string("ok"));
    // The same id for one's own agent is another document, and makes nothing of the first one's.
    domain::Campaign own = sampleCampaign(*m_server, "metricd", {"LINUX"});
    own.id = others.id;
    QCOMPARE(reasonOf(import(m_eve, own)), std::string("CAMPAIGN_OTHER"));
    QCOMPARE(reasonOf(prepare(m_eve, others.id)), kDenied);
    QCOMPARE(reasonOf(abort(m_eve, others.id)), kDenied);
    QCOMPARE(reasonOf(prepare(m_eve, base::randomUuid())), std::string("CAMPAIGN_UNKNOWN"));
}

QTEST_GUILESS_MAIN(TestCampaignAccess)
#include "tst_campaign_access.moc"
