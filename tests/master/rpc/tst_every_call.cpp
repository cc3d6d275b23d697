// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "ifrit/v1/access.pb.h"
#include "ifrit/v1/campaigns.pb.h"
#include "ifrit/v1/fleet.pb.h"
#include "ifrit/v1/packages.pb.h"
#include "ifrit/v1/releases.pb.h"
#include "master/rpc/method_table.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/codec/limits.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/contract.h"
#include "tests/master/rpc/sample_campaign.h"
#include "tests/master/rpc/trusted_server.h"
#include "tests/support/fault_row.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;
using std::chrono::hours;

namespace {

/// Of a machine that is offline, so that nobody waits for its log.
constexpr char kMachine[] = "old";

enum class Answer { LetIn, Unauthenticated, Denied };

const char* nameOf(Answer answer) {
    return answer == Answer::LetIn ? "let in" : answer == Answer::Denied ? "denied" : "unknown";
}

/// What a caller is, as far as it decides about calls.
enum class Kind {
    Nobody,          ///< no valid identity at all
    FormerOperator,  ///< a certificate that named an operator
    RevokedMachine,
    Machine,
    Master,
    Reader,
    SuperAdmin
};

/// What a reader's grants cover of what the sample of each method touches.
enum class Granted {
    Nothing,
    OtherScope,  ///< its verb, but another agent or machine type
    Sample,      ///< its verb, agent and machine type
    Cluster      ///< everything
};

struct Caller {
    std::string name;
    Kind kind = Kind::Nobody;
    Granted granted = Granted::Nothing;
    std::shared_ptr<grpc::Channel> channel;
    /// Makes the token that goes with the call; null: none.
    std::function<std::string()> bearer = nullptr;
};

/// The declared answer, from the table alone.
Answer expected(const MethodRule& rule, const Caller& caller) {
    if (rule.access == Access::Anyone) return Answer::LetIn;
    const auto letIn = [](bool yes) { return yes ? Answer::LetIn : Answer::Denied; };
    // There a token is not looked at, nor whether an operator's certificate is still good.
    const bool isForCertificates = rule.access == Access::Machine || rule.access == Access::Master;
    if (isForCertificates && caller.bearer) return Answer::Unauthenticated;
    if (isForCertificates && caller.kind == Kind::FormerOperator) return Answer::Denied;
    if (caller.kind == Kind::Nobody || caller.kind == Kind::FormerOperator)
        return Answer::Unauthenticated;
    if (rule.access == Access::Machine) return letIn(caller.kind == Kind::Machine);
    if (rule.access == Access::Master) return letIn(caller.kind == Kind::Master);
    // Without the password a token widens nothing; what is said of one's own things is
    // othersThings'.
    const bool lacksPassword = caller.bearer && rule.again == Again::Password;
    if (caller.kind == Kind::SuperAdmin) return letIn(!lacksPassword);
    if (caller.kind != Kind::Reader) return Answer::Denied;
    if (rule.access == Access::Reader) return Answer::LetIn;
    if (rule.access == Access::SuperAdmin) return Answer::Denied;
    switch (rule.scope) {
        case Scope::None:
            return letIn(caller.granted != Granted::Nothing);
        case Scope::Agent:
            return letIn(caller.granted >= Granted::Sample);
        case Scope::Cluster:
            return letIn(caller.granted == Granted::Cluster);
        case Scope::Own:
            break;
    }
    return Answer::Denied;
}

}  // namespace

/// Row H2: every call x every role x own and foreign scope, against the declared table.
class TestEveryCall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() {
        tests::printFaultRow("H2", "calls x callers", m_held, m_tried, "answers as declared");
        m_callers.clear();
        m_server.reset();
    }

    void everyMethodIsInTheTableAndTheTableNamesNoOther() {
        std::set<std::string> inProto;
        for (const auto* method : allMethods())
            inProto.insert(master::rpc::nameOf(*method));
        QVERIFY(inProto.size() > 50);
        std::set<std::string> inTable;
        for (const MethodRule& rule : methodTable())
            inTable.insert(std::string(rule.method));
        QCOMPARE(inTable.size(), methodTable().size());
        QVERIFY(inTable == inProto);
    }

    void everyCallByEverybody_data();
    void everyCallByEverybody();
    void othersThings_data();
    void othersThings();

private:
    void addReaders();
    void makeSamples();
    void makeCampaignSamples();
    void sample(const std::string& method, const google::protobuf::Message& request) {
        m_samples[method] = request.SerializeAsString();
    }
    /// Adds a reader with a certificate and one grant.
    void addGranted(const std::string& name, Granted granted, domain::Grant grant);
    /// What `caller` was answered, and whether a refusal is in the audit.
    bool isFirstPassword(const Caller& caller, const std::string& method,
                         const std::string& body) const;
    void check(const Caller& caller, const std::string& method, const std::string& body,
               Answer wanted);

    std::unique_ptr<TrustedServer> m_server;
    std::map<std::string, std::string> m_samples;
    std::vector<Caller> m_callers;
    int m_held = 0;
    int m_tried = 0;
};

void TestEveryCall::initTestCase() {
    m_server = std::make_unique<TrustedServer>();
    const base::WallTime now = m_server->clock.now();
    m_server->addMachine("new", "LINUX", now);
    m_server->addMachine(kMachine, "LINUX", now - hours(48));
    m_server->restart();
    const auto as = [this](crypto::Role role, const char* name) {
        return m_server->channelAs(role, name);
    };
    const auto nobody = as(crypto::Role::Machine, "");
    m_callers.push_back({"nobody", Kind::Nobody, {}, nobody});
    m_callers.push_back({"unknown token", Kind::Nobody, {}, nobody, [] { return "ifritses_x"; }});
    m_callers.push_back({"expired token of a super admin", Kind::Nobody, {}, nobody, [this] {
                             return m_server->token("root", -hours(1));
                         }});
    m_server->addOperator("rita", storage::OperatorRole::SuperAdmin);
    m_callers.push_back({"super admin with a revoked certificate",
                         Kind::FormerOperator,
                         {},
                         as(crypto::Role::Operator, "rita")});
    m_server->revoke("operator", "rita");
    m_server->addOperator("dora", storage::OperatorRole::SuperAdmin);
    m_callers.push_back(
        {"disabled super admin", Kind::FormerOperator, {}, as(crypto::Role::Operator, "dora")});
    m_server->disable("dora");
    m_callers.push_back(
        {"certificate of nobody's", Kind::FormerOperator, {}, as(crypto::Role::Operator, "gone")});
    m_callers.push_back({"machine", Kind::Machine, {}, as(crypto::Role::Machine, kMachine)});
    m_callers.push_back(
        {"revoked machine", Kind::RevokedMachine, {}, as(crypto::Role::Machine, "stolen")});
    m_server->revoke("machine", "stolen");
    m_callers.push_back({"master", Kind::Master, {}, as(crypto::Role::Server, "another")});
    addReaders();
    m_callers.push_back({"super admin", Kind::SuperAdmin, {}, m_server->root()});
    m_callers.push_back({"super admin's token", Kind::SuperAdmin, {}, nobody, [this] {
                             return m_server->token("root", hours(1));
                         }});
    makeSamples();
}

void TestEveryCall::addReaders() {
    m_callers.push_back({"reader", Kind::Reader, Granted::Nothing,
                         m_server->channelAs(crypto::Role::Operator, "eve")});
    m_callers.push_back({"reader's token", Kind::Reader, Granted::Nothing,
                         m_server->channelAs(crypto::Role::Machine, ""),
                         [this] { return m_server->token("eve", hours(1)); }});
    const domain::Grant all{{}, {}, "*", "*", "*", "*", std::nullopt};
    const auto with = [&all](std::string domain::Grant::*field, const char* value) {
        domain::Grant out = all;
        out.*field = value;
        return out;
    };
    domain::Grant inScope = with(&domain::Grant::agent, "logd");
    inScope.machineType = "LINUX";
    addGranted("granted", Granted::Sample, inScope);
    addGranted("granted-other-agent", Granted::OtherScope, with(&domain::Grant::agent, "metricd"));
    addGranted("granted-other-type", Granted::OtherScope,
               with(&domain::Grant::machineType, "ARM64"));
    addGranted("granted-other-cluster", Granted::Nothing,
               with(&domain::Grant::cluster, "elsewhere"));
    addGranted("granted-other-verb", Granted::Nothing,
               with(&domain::Grant::verb, "release.verify"));
    domain::Grant expired = all;
    expired.expires = m_server->clock.now() - std::chrono::seconds(1);
    addGranted("granted-until-before", Granted::Nothing, expired);
    addGranted("granted-everything", Granted::Cluster, all);
}

void TestEveryCall::addGranted(const std::string& name, Granted granted, domain::Grant grant) {
    m_server->addOperator(name, storage::OperatorRole::Reader);
    grant.to = name;
    m_server->grant(grant);
    m_callers.push_back(
        {name, Kind::Reader, granted, m_server->channelAs(crypto::Role::Operator, name)});
}

/// What each call touches: agent logd on LINUX. None has the reason or the names that it would need
/// to change anything, so that the same call finds the same cluster for everybody.
void TestEveryCall::makeSamples() {
    const std::string digest = m_server->publish("logd", "1");
    const std::string release = m_server->draft();
    v1::ClearKnownBadRequest clear;
    clear.set_agent("logd");
    clear.add_uuids(kMachine);
    sample("ifrit.v1.Machines/ClearKnownBad", clear);
    v1::TailLogRequest tail;
    tail.set_agent("logd");
    tail.set_uuid(kMachine);
    sample("ifrit.v1.Machines/TailLog", tail);
    const auto manifest = m_server->manifestOf("logd", "2");
    v1::PublishPackageRequest publish;
    publish.mutable_begin()->set_manifest(manifest.bytes);
    publish.mutable_begin()->set_signature(manifest.signature);
    publish.mutable_begin()->set_key_id(manifest.keyId);
    sample("ifrit.v1.Packages/PublishPackage", publish);
    v1::DeletePackageRequest erase;  // which the draft keeps
    erase.set_manifest_digest(codec::digestToWire(digest));
    sample("ifrit.v1.Packages/DeletePackage", erase);
    v1::CreateReleaseRequest create;
    create.mutable_spec()->set_agent("logd");
    create.mutable_spec()->set_action(v1::DESIRED_ACTION_INSTALL);
    create.mutable_spec()->set_version("no-such");
    create.mutable_spec()->add_machine_types("LINUX");
    sample("ifrit.v1.Releases/CreateRelease", create);
    v1::ActOnReleaseRequest act;
    act.set_release_id(release);
    act.set_verb(v1::RELEASE_VERB_START);
    act.set_plan_id("not this one");
    sample("ifrit.v1.Releases/ActOnRelease", act);
    makeCampaignSamples();
    v1::SetPasswordRequest password;
    password.set_password("short");
    sample("ifrit.v1.Access/SetPassword", password);
}

void TestEveryCall::makeCampaignSamples() {
    const domain::Campaign campaign = sampleCampaign(*m_server, "logd", {"LINUX"});
    v1::ImportCampaignRequest import;
    import.set_document(codec::campaignToBytes(campaign));
    sample("ifrit.v1.Campaigns/ImportCampaign", import);
    import.mutable_mutation()->set_request_id(base::randomUuid());
    import.mutable_mutation()->set_reason("to be asked about");
    const grpc::Status imported =
        callGeneric(m_server->root(),
                    {"ifrit.v1.Campaigns/ImportCampaign", import.SerializeAsString(), {}, nullptr});
    QVERIFY2(imported.ok(), imported.error_message().c_str());
    v1::CampaignRequest about;
    about.set_campaign_id(campaign.id);
    sample("ifrit.v1.Campaigns/PrepareCampaign", about);
    sample("ifrit.v1.Campaigns/AbortCampaign", about);
    v1::StartCampaignRequest start;
    start.set_campaign_id(campaign.id);
    sample("ifrit.v1.Campaigns/StartCampaign", start);
    v1::PresentReceiptRequest present;
    present.set_campaign_id(campaign.id);
    sample("ifrit.v1.Campaigns/PresentReceipt", present);
}

void TestEveryCall::everyCallByEverybody_data() {
    QTest::addColumn<QByteArray>("method");
    for (const auto* method : allMethods()) {
        const std::string name = master::rpc::nameOf(*method);
        QTest::newRow(name.c_str()) << QByteArray::fromStdString(name);
    }
}

/// Nobody here has a password, and a token alone buys none (docs/security.md, "Said again").
bool TestEveryCall::isFirstPassword(const Caller& caller, const std::string& method,
                                    const std::string& body) const {
    constexpr char kMethod[] = "ifrit.v1.Access/SetPassword";
    return caller.bearer && method == kMethod && body == m_samples.at(kMethod);
}

void TestEveryCall::check(const Caller& caller, const std::string& method, const std::string& body,
                          Answer wanted) {
    const MethodRule& rule = *findMethod(method);
    const std::uint64_t audited = m_server->lastAudit().id;
    const grpc::Status status = callGeneric(
        caller.channel, {method, body, caller.bearer ? caller.bearer() : std::string(), nullptr});
    const base::ErrorInfo info = base::errorInfo(ifrit::rpc::fromGrpc(status));
    Answer got = status.error_code() == grpc::StatusCode::UNAUTHENTICATED ? Answer::Unauthenticated
                 : status.error_code() == grpc::StatusCode::PERMISSION_DENIED ? Answer::Denied
                                                                              : Answer::LetIn;
    // Enrolment and login are reached by anybody and then refuse a bad token or password.
    const bool isOwnRefusal = info.reason != "NO_IDENTITY" && info.reason != "NOT_ALLOWED";
    if (rule.access == Access::Anyone && isOwnRefusal) got = Answer::LetIn;
    ++m_tried;
    const std::string what = caller.name + " is " + nameOf(got) + ", not " + nameOf(wanted) + ": " +
                             status.error_message();
    QVERIFY2(got == wanted, what.c_str());
    const bool isFirst = isFirstPassword(caller, method, body);
    if (got == Answer::Denied && isFirst) QCOMPARE(info.reason, std::string("PASSWORD_NEEDED"));
    if (got == Answer::Denied && caller.kind == Kind::Reader && !isFirst) {
        QCOMPARE(info.reason, std::string("NOT_ALLOWED"));
        // Which permission, and who can grant it.
        if (rule.access == Access::Granted)
            QVERIFY2(
                status.error_message().find("super admins can grant it: ") != std::string::npos,
                status.error_message().c_str());
    }
    const bool isAskedAgain = caller.kind == Kind::SuperAdmin && rule.again != Again::Nothing;
    if (got == Answer::Denied && isAskedAgain)
        QCOMPARE(info.reason, std::string("PASSWORD_NEEDED"));
    const bool isAudited = wanted != Answer::LetIn && !rule.verb.empty();
    if (isAudited) {
        const storage::AuditRow row = m_server->lastAudit();
        QVERIFY2(row.id > audited, what.c_str());
        QCOMPARE(row.entry.result, std::string("denied"));
        QVERIFY2(row.entry.verb.rfind(rule.verb.substr(0, rule.verb.find('.')), 0) == 0,
                 row.entry.verb.c_str());
    }
    ++m_held;
}

void TestEveryCall::everyCallByEverybody() {
    const std::string method = QTest::currentDataTag();
    const MethodRule* rule = findMethod(method);
    QVERIFY2(rule != nullptr, "a new call needs its row in method_table.cpp");
    const auto found = m_samples.find(method);
    QVERIFY2(rule->scope != Scope::Agent || found != m_samples.end(),
             "a call that touches an agent needs a sample that does");
    const std::string body = found == m_samples.end() ? std::string() : found->second;
    for (const Caller& caller : m_callers) {
        Answer wanted = expected(*rule, caller);
        // Beyond the table: hours must not become a year (docs/security.md, "Certificates").
        const bool isTokens = caller.bearer && caller.kind == Kind::Reader;
        if (isTokens && method == "ifrit.v1.Access/IssueCertificate") wanted = Answer::Denied;
        if (wanted == Answer::LetIn && isFirstPassword(caller, method, body))
            wanted = Answer::Denied;
        check(caller, method, body, wanted);
        if (QTest::currentTestFailed()) return;
    }
}

void TestEveryCall::othersThings_data() {
    QTest::addColumn<QByteArray>("body");
    for (const MethodRule& rule : methodTable()) {
        if (rule.scope != Scope::Own) continue;
        const std::string method(rule.method);
        QByteArray body;
        if (method == "ifrit.v1.Access/SetPassword") {
            v1::SetPasswordRequest request;
            request.set_name("rita");
            request.set_password("short");
            body = QByteArray::fromStdString(request.SerializeAsString());
        } else if (method == "ifrit.v1.Access/ListTokens") {
            v1::ListTokensRequest request;
            request.set_user("*");
            body = QByteArray::fromStdString(request.SerializeAsString());
        } else if (method == "ifrit.v1.Access/RevokeToken") {
            v1::RevokeTokenRequest request;
            request.set_user("rita");
            body = QByteArray::fromStdString(request.SerializeAsString());
        } else if (method == "ifrit.v1.Access/ListCertificates") {
            v1::ListCertificatesRequest request;
            request.set_user("root");
            body = QByteArray::fromStdString(request.SerializeAsString());
        } else if (method == "ifrit.v1.Access/IssueCertificate") {
            v1::IssueCertificateRequest request;
            request.set_user("root");
            body = QByteArray::fromStdString(request.SerializeAsString());
        }
        QTest::newRow(method.c_str()) << body;
    }
}

void TestEveryCall::othersThings() {
    QFETCH(QByteArray, body);
    QVERIFY2(!body.isEmpty(), "a call about one's own things needs a sample about another's");
    for (const Caller& caller : m_callers) {
        const bool isOperator = caller.kind == Kind::Reader || caller.kind == Kind::SuperAdmin;
        if (!isOperator) continue;
        const std::string method = QTest::currentDataTag();
        const bool lacksPassword = caller.bearer && findMethod(method)->again != Again::Nothing;
        const bool isLetIn = caller.kind == Kind::SuperAdmin && !lacksPassword;
        check(caller, method, body.toStdString(), isLetIn ? Answer::LetIn : Answer::Denied);
        if (QTest::currentTestFailed()) return;
    }
}

QTEST_GUILESS_MAIN(TestEveryCall)
#include "tst_every_call.moc"
