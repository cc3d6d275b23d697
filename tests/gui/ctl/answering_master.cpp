// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/ctl/answering_master.h"

#include <algorithm>

namespace ifrit::tests {
namespace {

/// Two items a page, so that paging is seen.
template <typename T>
services::Page<T> pageOf(const std::vector<T>& all, const services::PageRequest& page) {
    const std::size_t begin = page.token.empty() ? 0 : std::stoul(page.token);
    const std::size_t end = std::min(all.size(), begin + 2);
    services::Page<T> out;
    out.items.assign(all.begin() + static_cast<long>(begin), all.begin() + static_cast<long>(end));
    if (end < all.size()) out.nextToken = std::to_string(end);
    return out;
}

template <typename T>
T firstOf(const std::vector<T>& all) {
    return all.empty() ? T() : all.front();
}

}  // namespace

AnsweringMaster::AnsweringMaster() {
    answerConnection();
    answerFleet();
    answerPackages();
    answerReleases();
    answerCampaigns();
    answerAudit();
    answerUsers();
    answerCredentials();
}

void AnsweringMaster::answerConnection() {
    FakeConnection& fake = m_fakes.connection;
    fake.whoAmICalls.automatic = [this](const None&) { return answer("whoAmI", identity); };
    fake.loginCalls.automatic = [this](const auto& who) {
        return answer("login " + who.first + " " + who.second,
                      services::LoginSession{"secret-token", who.first, {}});
    };
    fake.logoutCalls.automatic = [this](const None&) {
        calls.emplace_back("logout");
        return failure;
    };
    fake.testCalls.automatic = [this](const None&) {
        calls.emplace_back("test");
        absl::Status first;
        for (const services::TestStepResult& step : steps) {
            m_fakes.connection.testStep(step);
            if (first.ok()) first = step.status;
        }
        return first;
    };
}

void AnsweringMaster::answerFleet() {
    FakeFleet& fake = m_fakes.fleet;
    fake.clusterCalls.automatic = [this](const None&) { return answer("getCluster", cluster); };
    fake.freezeCalls.automatic = [this](const services::Mutation& change) {
        turns.push_back("freeze: " + change.reason);
        cluster.freeze = services::ClusterFreeze{"me",           change.reason, {},
                                                 freezeRecorded, unconfirmed,   forgetsFreeze};
        return answer("freeze", cluster);
    };
    fake.unfreezeCalls.automatic = [this](const services::Mutation& change) {
        turns.push_back("unfreeze: " + change.reason);
        cluster.freeze.reset();
        return answer("unfreeze", cluster);
    };
    fake.loadCalls.automatic = [this](const std::chrono::milliseconds& within) {
        return answer("listMasterLoads " + std::to_string(within.count()), loads);
    };
    fake.listCalls.automatic = [this](const std::string& filter) {
        services::MachineList list;
        list.page = pageOf(machines, m_fakes.fleet.lastPage);
        list.matching = m_fakes.fleet.lastPage.token.empty() ? machines.size() : 0;
        list.total = 12;
        return answer("listMachines " + filter, list);
    };
    fake.machineCalls.automatic = [this](const std::string& uuid) {
        return answer("getMachine " + uuid, firstOf(machines));
    };
    fake.explainCalls.automatic = [this](const std::string& uuid) {
        return answer("explain " + uuid + " " + m_fakes.fleet.explainedAgent, explanation);
    };
    fake.eventCalls.automatic = [this](const std::string& uuid) {
        return answer("events " + uuid, pageOf(events, m_fakes.fleet.lastPage));
    };
    fake.agentCalls.automatic = [this](const None&) { return answer("listAgents", agents); };
    fake.logCalls.automatic = [this](const services::LogTailQuestion& question) {
        mutation = question.mutation;
        return answer("tailLog " + question.uuid + " " + question.agent, log);
    };
    fake.clearCalls.automatic = [this](const services::ClearKnownBad& request) {
        mutation = request.mutation;
        return answer("clearKnownBad " + request.agent, std::uint64_t{request.uuids.size()});
    };
    fake.removeCalls.automatic = [this](const services::RemoveMachines& request) {
        mutation = request.mutation;
        std::string call = "removeMachines";
        for (const std::string& uuid : request.uuids)
            call += " " + uuid;
        return answer(call + (request.force ? " by force" : ""),
                      services::RemovedMachines{request.uuids.size(), request.uuids.size()});
    };
}

void AnsweringMaster::answerPackages() {
    FakePackages& fake = m_fakes.packages;
    fake.listCalls.automatic = [this](const services::PageRequest& page) {
        return answer("listPackages " + m_fakes.packages.listedAgent, pageOf(packages, page));
    };
    fake.getCalls.automatic = [this](const services::PackageRef& ref) {
        return answer("getPackage " + ref.manifestDigest + ref.agent + " " + ref.version,
                      firstOf(packages));
    };
    fake.publishCalls.automatic = [this](const services::PublishRequest& request) {
        mutation = request.mutation;
        return answer("publish " + request.path,
                      services::PublishResult{packages.front(), archivePutBack, archivePutBack});
    };
    fake.removeCalls.automatic = [this](const auto& which) {
        return finish("deletePackage " + which.first, which.second);
    };
    fake.keyCalls.automatic = [this](const None&) {
        return answer("publisherKeys", std::vector<services::PublisherKey>());
    };
}

void AnsweringMaster::answerReleases() {
    FakeReleases& fake = m_fakes.releases;
    fake.createCalls.automatic = [this](const FakeReleases::Spec& wanted) {
        spec = wanted.first;
        mutation = wanted.second;
        return answer("createRelease", release);
    };
    fake.planCalls.automatic =
        [this](const std::string& id) -> absl::StatusOr<services::ReleasePlan> {
        if (!planFailure.ok()) return planFailure;
        return answer("planRelease " + id, plan);
    };
    fake.actCalls.automatic = [this](const services::ReleaseAct& request) {
        lastAct = request;
        mutation = request.mutation;
        return answer("act " + request.releaseId, release);
    };
    fake.getCalls.automatic =
        [this](const std::string& id) -> absl::StatusOr<services::ReleaseInfo> {
        if (!releaseFailure.ok()) return releaseFailure;
        return answer("getRelease " + id, release);
    };
    fake.listCalls.automatic = [this](const services::ReleaseQuery& query) {
        return answer("listReleases " + query.agent + (query.onlyRunning ? " running" : ""),
                      services::Page<services::ReleaseInfo>{{release}, std::string()});
    };
    fake.machineCalls.automatic = [this](const services::ReleaseMachinesQuery& query) {
        return answer("releaseMachines " + query.releaseId, pageOf(releaseMachines, query.page));
    };
    fake.timelineCalls.automatic = [this](const std::string& id) {
        return answer("timeline " + id, pageOf(timeline, m_fakes.releases.timelinePage));
    };
    fake.releaseWatch.opened = [this](const std::string& id) {
        calls.push_back("watchRelease " + id);
        watchedAtLeast = m_fakes.releases.watchedAtLeast;
        const auto all = watched;
        for (const services::ReleaseInfo& info : all)
            m_fakes.releases.releaseWatch.tell(info);
        if (!failure.ok()) m_fakes.releases.releaseWatch.end(failure);
    };
}

void AnsweringMaster::turned(const std::string& what) {
    if (failure.ok() && turn && campaign) turn(what, *campaign);
}

absl::StatusOr<services::CampaignInfo> AnsweringMaster::held(const std::string& call) {
    if (campaign || !failure.ok()) return answer(call, campaign.value_or(services::CampaignInfo()));
    calls.push_back(call);
    return base::notFound("CAMPAIGN_UNKNOWN", "", "there is no such campaign");
}

absl::StatusOr<services::CampaignInfo> AnsweringMaster::importCampaign(const std::string& document,
                                                                       bool kept) {
    services::CampaignInfo info = campaign.value_or(services::CampaignInfo());
    info.document = document;
    if (failure.ok() && kept) {
        campaign = info;
        turned("import");
        info = *campaign;
    }
    return answer(kept ? "importCampaign" : "validateCampaign", info);
}

absl::StatusOr<services::CampaignInfo> AnsweringMaster::changeCampaign(
    const FakeCampaigns::Change& change) {
    mutation = change.mutation;
    if (change.what == "import" || change.what == "validate")
        return importCampaign(change.id, change.what == "import");
    turned(change.what);
    const std::size_t space = change.what.find(' ');
    const std::string verb = change.what.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : change.what.substr(space);
    const std::string noun = verb == "present" ? "Receipt " : "Campaign ";
    return held(verb + noun + change.id + rest);
}

void AnsweringMaster::answerCampaigns() {
    FakeCampaigns& fake = m_fakes.campaigns;
    fake.changes.automatic = [this](const auto& change) { return changeCampaign(change); };
    fake.gets.automatic = [this](const std::string& id) {
        turned("get");
        return held("getCampaign " + id);
    };
    fake.lists.automatic = [this](const std::string&) {
        services::Page<services::CampaignInfo> page;
        if (campaign) page.items.push_back(*campaign);
        return answer("listCampaigns", page);
    };
    fake.receipts.automatic =
        [this](const std::string& id) -> absl::StatusOr<services::ReceiptInfo> {
        if (campaign && campaign->own) return answer("getReceipt " + id, *campaign->own);
        calls.push_back("getReceipt " + id);
        return base::failedPrecondition("RECEIPT_UNMADE", "", "it is running");
    };
}

void AnsweringMaster::answerAudit() {
    FakeAudit& fake = m_fakes.audit;
    fake.listCalls.automatic = [this](const services::AuditQuery& query) {
        askedObject = query.object;
        return answer("listAudit " + query.actor + query.result, pageOf(auditRows, query.page));
    };
    fake.verifyCalls.automatic = [this](const FakeAudit::Rows& rows) {
        askedRows = rows;
        return answer("verifyAudit", verification);
    };
    fake.headCalls.automatic = [this](const FakeAudit::Rows& rows) {
        ++headCalls;  // not among `calls`: it goes with every change
        askedRows = rows;
        return headFailure.ok() ? absl::StatusOr<services::AuditHeads>(verification.heads)
                                : absl::StatusOr<services::AuditHeads>(headFailure);
    };
    fake.readCalls.automatic = [this](const std::uint64_t& afterId) {
        std::vector<services::AuditRow> rows;
        for (const services::AuditRow& row : chain) {
            if (row.id > afterId && rows.size() < 2) rows.push_back(row);
        }
        return answer("readAudit " + std::to_string(afterId), rows);
    };
}

absl::StatusOr<services::UserInfo> AnsweringMaster::standing(const std::string& call,
                                                             const services::Mutation& change) {
    mutation = change;
    return answer(call, firstOf(users));
}

absl::Status AnsweringMaster::finish(const std::string& call, const services::Mutation& change) {
    mutation = change;
    calls.push_back(call);
    return failure;
}

void AnsweringMaster::answerUsers() {
    FakeAccess& fake = m_fakes.access;
    fake.userCalls.automatic = [this](const None&) { return answer("listUsers", users); };
    fake.createCalls.automatic = [this](const services::NewUser& user) {
        mutation = user.mutation;
        const std::string how = user.withPassword ? "" : " no password";
        return answer("createUser " + user.name + ' ' + std::string(nameOf(user.role)) + how,
                      madePassword);
    };
    fake.passwordCalls.automatic = [this](const services::PasswordChange& change) {
        lastPassword = change;
        mutation = change.mutation;
        return answer("setPassword " + change.user, madePassword);
    };
    fake.roleCalls.automatic = [this](const auto& change) {
        const std::string role(nameOf(m_fakes.access.lastRole));
        return standing("setRole " + change.first + ' ' + role, change.second);
    };
    fake.disableCalls.automatic = [this](const auto& change) {
        return standing("disableUser " + change.first, change.second);
    };
    fake.enableCalls.automatic = [this](const auto& change) {
        return standing("enableUser " + change.first, change.second);
    };
    fake.removeCalls.automatic = [this](const auto& change) {
        return finish("removeUser " + change.first, change.second);
    };
    fake.grantCalls.automatic = [this](const std::string& user) {
        return answer("listGrants " + user, grants);
    };
    fake.giveCalls.automatic = [this](const auto& given) {
        mutation = given.second;
        lastGrant = given.first;
        return answer("giveGrant " + given.first.to,
                      services::GrantInfo{
                          given.first, "root", {}, given.second.reason, false, givesElsewhere});
    };
    fake.takeCalls.automatic = [this](const auto& taken) {
        return finish("takeGrant " + taken.first, taken.second);
    };
    fake.checkCalls.automatic = [this](const services::AccessQuestion& question) {
        lastQuestion = question;
        return answer("checkAccess " + question.permission, accessAnswer);
    };
}

void AnsweringMaster::answerCredentials() {
    FakeAccess& fake = m_fakes.access;
    fake.tokenCalls.automatic = [this](const std::string& user) {
        return answer("listTokens " + user, tokens);
    };
    fake.createTokenCalls.automatic = [this](const services::NewToken& token) {
        lastToken = token;
        mutation = token.mutation;
        return answer("createToken " + token.label, madeToken);
    };
    fake.revokeTokenCalls.automatic = [this](const services::Revocation& which) {
        mutation = which.mutation;
        return answer("revokeTokens " + which.id + which.user, std::uint32_t{1});
    };
    fake.certificateCalls.automatic = [this](const std::string& user) {
        return answer("listCertificates " + user, certificates);
    };
    fake.issueCalls.automatic = [this](const auto& wanted) {
        mutation = m_fakes.access.issueMutation;
        lastCsr = wanted.second;
        return answer("issueCertificate " + wanted.first, issued);
    };
    fake.revokeCertificateCalls.automatic = [this](const services::Revocation& which) {
        mutation = which.mutation;
        return answer("revokeCertificates " + which.id + which.user, std::uint32_t{2});
    };
    fake.revokeMachineCalls.automatic = [this](const auto& machine) {
        mutation = machine.second;
        return answer("revokeMachine " + machine.first, std::uint32_t{1});
    };
}

}  // namespace ifrit::tests
