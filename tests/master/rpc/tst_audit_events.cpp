// SPDX-License-Identifier: Apache-2.0
#include <google/protobuf/text_format.h>

#include <QTest>
#include <algorithm>
#include <map>
#include <set>

#include "ifrit/v1/access.pb.h"
#include "ifrit/v1/campaigns.pb.h"
#include "ifrit/v1/machine_link.pb.h"
#include "ifrit/v1/packages.pb.h"
#include "ifrit/v1/releases.pb.h"
#include "ifrit/v1/sessions.pb.h"
#include "master/auth/enrolment.h"
#include "master/rpc/method_table.h"
#include "shared/base/ids.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/codec/limits.h"
#include "shared/crypto/certificates.h"
#include "tests/master/rpc/contract.h"
#include "tests/master/rpc/sample_campaign.h"
#include "tests/master/rpc/trusted_server.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

using Channel = std::shared_ptr<grpc::Channel>;
using Verbs = std::vector<std::string>;

constexpr char kPassword[] = "correct horse battery";
/// What the walk sees the refusal of alone: it would need a second cluster, and a machine that has
/// lived for weeks.
const std::set<std::string> kRefusedAlone = {"campaign.present-receipt", "machine.renew"};

}  // namespace

/// Whatever is written to the audit is told to whoever watches the cluster, once: the desktop reads
/// its audit and permissions again by nothing else.
class TestAuditEvents : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        m_server = std::make_unique<TrustedServer>();
        m_server->addMachine("old", "LINUX", m_server->clock.now() - std::chrono::hours(48));
        m_server->addOperator("anna", storage::OperatorRole::Reader, kPassword);
        m_server->restart();
        m_root = m_server->root();
        m_anna = m_server->channelAs(crypto::Role::Operator, "anna");
        m_stranger = m_server->channelAs(crypto::Role::Machine, "");
        m_mailbox = m_server->server->services().events().subscribe({}, [] {});
        m_audited = m_server->lastAudit().id;
    }
    void cleanupTestCase() {
        m_mailbox.reset();
        m_root = m_anna = m_stranger = nullptr;
        m_server.reset();
    }

    void ofPeople();
    void ofTheirCredentials();
    void ofMachines();
    void ofReleases();
    void ofCampaigns();
    /// Last: what none of those has done is refused, which is audited as well.
    void everyAuditedMethodWasCalled();

private:
    /// The answer; `text` has all but the mutation. What is audited must have been told once.
    std::string ask(const Channel& channel, const std::string& method, const std::string& text,
                    const std::string& bearer = {});
    std::string askRaw(const Channel& channel, const std::string& method, const std::string& body,
                       const std::string& bearer = {});
    void compareTold();
    std::string planOf(const std::string& release);
    void act(const std::string& release, const std::string& verb);

    std::unique_ptr<TrustedServer> m_server;
    Channel m_root;
    Channel m_anna;
    Channel m_stranger;
    std::shared_ptr<services::EventHub::Mailbox> m_mailbox;
    std::uint64_t m_audited = 0;
    std::set<std::string> m_called;   ///< methods
    std::set<std::string> m_allowed;  ///< verbs
};

void TestAuditEvents::compareTold() {
    Verbs written;
    for (const storage::AuditRow& row : m_server->audit()) {
        if (row.id <= m_audited) continue;
        m_audited = row.id;
        written.push_back(row.entry.verb);
        if (row.entry.result == "allowed") m_allowed.insert(row.entry.verb);
    }
    Verbs told;
    for (const services::ClusterEvent& event : m_mailbox->take()) {
        if (event.kind == services::EventKind::AuditAppended) told.push_back(event.subject);
    }
    std::sort(written.begin(), written.end());
    std::sort(told.begin(), told.end());
    QVERIFY(!written.empty());
    QCOMPARE(told, written);
}

std::string TestAuditEvents::askRaw(const Channel& channel, const std::string& method,
                                    const std::string& body, const std::string& bearer) {
    m_called.insert(method);
    const GenericAnswer answer = askGeneric(channel, {method, body, bearer, nullptr});
    if (!answer.status.ok())
        qWarning("%s: %s", method.c_str(), answer.status.error_message().c_str());
    compareTold();
    if (QTest::currentTestFailed()) qWarning("after %s", method.c_str());
    return answer.body;
}

std::string TestAuditEvents::ask(const Channel& channel, const std::string& method,
                                 const std::string& text, const std::string& bearer) {
    for (const auto* known : allMethods()) {
        if (master::rpc::nameOf(*known) != method) continue;
        const auto request = requestOf(*known);
        const bool hasMutation = request->GetDescriptor()->FindFieldByName("mutation") != nullptr;
        const std::string mutation =
            hasMutation ? "mutation { request_id: '" + base::randomUuid() + "' reason: 'why' } "
                        : std::string();
        if (!google::protobuf::TextFormat::ParseFromString(mutation + text, request.get())) break;
        return askRaw(channel, method, request->SerializeAsString(), bearer);
    }
    QTest::qFail(method.c_str(), __FILE__, __LINE__);
    return {};
}

void TestAuditEvents::ofPeople() {
    const auto access = [this](const char* method, const std::string& text) {
        return ask(m_root, std::string("ifrit.v1.Access/") + method, text);
    };
    access("CreateUser", "name: 'bob' role: USER_ROLE_READER");
    access("SetPassword", "name: 'bob' password: 'another horse battery'");
    access("SetRole", "name: 'bob' role: USER_ROLE_SUPER_ADMIN");
    access("DisableUser", "name: 'bob'");
    access("EnableUser", "name: 'bob'");
    access("RemoveUser", "name: 'bob'");
    v1::Grant grant;
    QVERIFY(grant.ParseFromString(access(
        "GiveGrant",
        "grant { to: 'anna' verb: 'release.*' agent: '*' cluster: '*' machine_type: '*' }")));
    access("TakeGrant", "id: '" + grant.id() + "'");
}

void TestAuditEvents::ofTheirCredentials() {
    const std::string known = std::string("password: '") + kPassword + "'";
    v1::LoginResponse login;
    QVERIFY(
        login.ParseFromString(ask(m_stranger, "ifrit.v1.Sessions/Login", "user: 'anna' " + known)));
    ask(m_stranger, "ifrit.v1.Sessions/Logout", {}, login.token());
    ask(m_anna, "ifrit.v1.Access/CreateToken", "label: 'ci' lifetime_ms: 3600000 " + known);
    ask(m_anna, "ifrit.v1.Access/RevokeToken", "user: 'anna'");
    v1::IssueCertificateRequest issue;
    issue.mutable_mutation()->set_request_id(base::randomUuid());
    issue.set_user("anna");
    issue.set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "anna").value());
    askRaw(m_root, "ifrit.v1.Access/IssueCertificate", issue.SerializeAsString());
    ask(m_root, "ifrit.v1.Access/RevokeCertificates", "user: 'anna'");
}

void TestAuditEvents::ofMachines() {
    storage::JoinTokenRecord like;
    like.createdBy = "root";
    like.created = m_server->clock.now();
    like.expires = like.created + std::chrono::hours(1);
    const auto tokens =
        auth::makeJoinTokens(*m_server->database, m_server->trail, "test", like, 1).value();
    compareTold();
    v1::EnrolRequest enrol;
    enrol.set_join_token(tokens[0]);
    enrol.set_uuid("fresh");
    enrol.set_csr_pem(crypto::createCsr(crypto::generatePrivateKey().value(), "x").value());
    enrol.mutable_facts()->set_machine_type("LINUX");
    askRaw(m_stranger, "ifrit.v1.Enrolment/Enrol", enrol.SerializeAsString());
    ask(m_root, "ifrit.v1.Machines/ClearKnownBad", "uuids: 'old' agent: 'logd'");
    ask(m_root, "ifrit.v1.Machines/TailLog", "uuid: 'old' agent: 'logd'");
    ask(m_root, "ifrit.v1.Access/RevokeMachine", "uuid: 'fresh'");
    ask(m_root, "ifrit.v1.Machines/RemoveMachines", "uuids: 'fresh' force: true");
    ask(m_root, "ifrit.v1.Clusters/FreezeCluster", {});
    ask(m_root, "ifrit.v1.Clusters/UnfreezeCluster", {});
}

std::string TestAuditEvents::planOf(const std::string& release) {
    return m_server->server->services().engine().plan(release).value().id;
}

void TestAuditEvents::act(const std::string& release, const std::string& verb) {
    ask(m_root, "ifrit.v1.Releases/ActOnRelease",
        "release_id: '" + release + "' verb: RELEASE_VERB_" + verb);
}

void TestAuditEvents::ofReleases() {
    // By the service and not by the call, whose archive comes as a stream.
    m_called.insert("ifrit.v1.Packages/PublishPackage");
    m_server->publish("logd", "1");
    compareTold();
    const std::string unused = m_server->publish("logd", "2");
    compareTold();
    v1::DeletePackageRequest erase;
    erase.mutable_mutation()->set_request_id(base::randomUuid());
    erase.mutable_mutation()->set_reason("why");
    erase.set_manifest_digest(codec::digestToWire(unused));
    askRaw(m_root, "ifrit.v1.Packages/DeletePackage", erase.SerializeAsString());
    v1::Release release;
    QVERIFY(release.ParseFromString(ask(m_root, "ifrit.v1.Releases/CreateRelease",
                                        "spec { agent: 'logd' action: DESIRED_ACTION_INSTALL "
                                        "version: '1' machine_types: 'LINUX' }")));
    act(release.id(), "START plan_id: '" + planOf(release.id()) + "'");
    act(release.id(), "PAUSE");
    act(release.id(), "RESUME");
    act(release.id(), "ABORT");
}

void TestAuditEvents::ofCampaigns() {
    const domain::Campaign campaign = sampleCampaign(*m_server, "logd", {"LINUX"});
    v1::ImportCampaignRequest import;
    import.mutable_mutation()->set_request_id(base::randomUuid());
    import.mutable_mutation()->set_reason("why");
    import.set_document(codec::campaignToBytes(campaign));
    askRaw(m_root, "ifrit.v1.Campaigns/ImportCampaign", import.SerializeAsString());
    const std::string about = "campaign_id: '" + campaign.id + "'";
    ask(m_root, "ifrit.v1.Campaigns/PrepareCampaign", about);
    const auto prepared = m_server->server->services().campaigns().get(campaign.id);
    QVERIFY(prepared.ok() && prepared->release);
    ask(m_root, "ifrit.v1.Campaigns/StartCampaign",
        about + " plan_id: '" + planOf(prepared->release->release.id) + "'");
    ask(m_root, "ifrit.v1.Campaigns/AbortCampaign", about);
}

void TestAuditEvents::everyAuditedMethodWasCalled() {
    const Channel machine = m_server->channelAs(crypto::Role::Machine, "old");
    for (const MethodRule& rule : methodTable()) {
        if (rule.verb.empty()) continue;
        const std::string method(rule.method);
        // A question that no one audits where it is allowed.
        if (rule.effect == Effect::Read && rule.method == "ifrit.v1.Packages/GetUpload") continue;
        if (!m_called.contains(method))
            ask(rule.access == Access::Machine ? machine : m_root, method, {});
        if (QTest::currentTestFailed()) return;
        const auto verbs = permissionsOf(rule);
        const bool isAllowed = std::any_of(verbs.begin(), verbs.end(), [this](const auto& verb) {
            return m_allowed.contains(verb);
        });
        QVERIFY2(isAllowed || kRefusedAlone.contains(verbs.front()),
                 ("this walk has no call that is allowed of " + method).c_str());
    }
}

QTEST_GUILESS_MAIN(TestAuditEvents)
#include "tst_audit_events.moc"
