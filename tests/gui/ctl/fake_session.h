// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTimer>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gui/services/session.h"
#include "shared/base/status.h"
#include "tests/gui/ctl/fake_answers.h"

namespace ifrit::tests {

namespace services = gui::services;

/// Every service in one object, answering from fields that the test sets, always from the event
/// loop as the contract says. `calls` tells what was asked, with its arguments.
class FakeSession final : public services::Session,
                          public services::ConnectionService,
                          public services::FleetService,
                          public services::PackageService,
                          public services::ReleaseService,
                          public services::CampaignService,
                          public services::AuditService,
                          public services::AccessService,
                          public services::EventService {
public:
    // Not in here, and so a compiler writes the functions once and not for each test.
    FakeSession();
    ~FakeSession() override;

    std::vector<std::string> calls;
    /// Answer of every call when not OK.
    absl::Status failure;
    /// Nothing is ever answered.
    bool silent = false;

    services::Identity identity{"anna", "super_admin", {"release.start"}, "certificate", {}};
    services::ClusterSummary cluster;
    services::MasterLoads loads;
    std::vector<services::UnconfirmedMaster> unconfirmed;  ///< of the next freeze
    std::vector<std::string> turns;  ///< freeze and unfreeze, with their reasons
    std::vector<services::MachineInfo> machines_;
    services::Explanation explanation;
    std::vector<domain::MachineEvent> events_;
    std::vector<services::ManagedAgentInfo> agents;
    services::LogTail log;
    std::vector<services::PackageInfo> packages_;
    services::ReleaseInfo release;
    services::ReleasePlan plan_;
    std::vector<services::ReleaseMachine> releaseMachines;
    std::vector<services::TimelineEntry> timeline_;
    std::vector<services::AuditRow> auditRows;
    services::AuditVerification verification;
    std::vector<services::AuditRow> chain;  ///< oldest first; read by two
    std::vector<std::uint64_t> askedRows;
    int headCalls = 0;
    absl::Status headFailure;
    std::vector<services::TestStepResult> steps;
    /// What a watch tells, one after another.
    std::vector<services::ReleaseInfo> watched;
    std::uint64_t watchedAtLeast = 0;  ///< revision that the last watch asked for
    services::Mutation mutation;
    domain::ReleaseSpec spec;
    services::ReleaseAct lastAct;
    /// Of this cluster; unset: it holds none.
    std::optional<services::CampaignInfo> campaign;
    /// What a change makes of it.
    std::function<void(const std::string& what, services::CampaignInfo&)> turn;
    std::vector<services::UserInfo> users;
    services::GrantList grants;
    std::vector<services::TokenInfo> tokens;
    std::vector<services::CertificateInfo> certificates;
    services::AccessAnswer accessAnswer;
    services::MadePassword madePassword;
    services::MadeToken madeToken;
    services::IssuedCertificate issued;
    services::PasswordChange lastPassword;
    services::NewToken lastToken;
    domain::Grant lastGrant;
    services::AccessQuestion lastQuestion;
    std::string lastCsr;

    services::ConnectionService& connection() override { return *this; }
    services::FleetService& fleet() override { return *this; }
    services::PackageService& packages() override { return *this; }
    services::ReleaseService& releases() override { return *this; }
    services::CampaignService& campaigns() override { return *this; }
    services::AuditService& audit() override { return *this; }
    services::AccessService& access() override { return *this; }
    services::EventService& events() override { return *this; }

    // ConnectionService
    void connect() override {}
    void disconnect() override {}
    void retryNow() override {}
    services::LinkStatus status() const override { return {}; }
    services::CallHandle watchStatus(std::function<void(const services::LinkStatus&)>) override {
        return {};
    }
    services::CallHandle whoAmI(services::Reply<services::Identity> reply) override {
        return answer("whoAmI", std::move(reply), identity);
    }
    services::CallHandle login(const std::string& user, const std::string& password,
                               services::Reply<services::LoginSession> reply) override {
        return answer("login " + user + " " + password, std::move(reply),
                      services::LoginSession{"secret-token", user, {}});
    }
    services::CallHandle logout(services::Done done) override {
        return finish("logout", std::move(done));
    }
    services::CallHandle test(std::function<void(const services::TestStepResult&)> onStep,
                              services::Done done) override {
        calls.emplace_back("test");
        return later([this, onStep, done] {
            absl::Status first;
            for (const auto& step : steps) {
                onStep(step);
                if (first.ok()) first = step.status;
            }
            done(first);
        });
    }

    // FleetService
    services::CallHandle getCluster(services::Reply<services::ClusterSummary> reply) override {
        return answer("getCluster", std::move(reply), cluster);
    }
    services::CallHandle freeze(const services::Mutation& change,
                                services::Reply<services::ClusterSummary> reply) override {
        turns.push_back("freeze: " + change.reason);
        cluster.freeze = services::ClusterFreeze{"me", change.reason, {}, true, unconfirmed};
        return answer("freeze", std::move(reply), cluster);
    }
    services::CallHandle unfreeze(const services::Mutation& change,
                                  services::Reply<services::ClusterSummary> reply) override {
        turns.push_back("unfreeze: " + change.reason);
        cluster.freeze.reset();
        return answer("unfreeze", std::move(reply), cluster);
    }
    services::CallHandle listMasterLoads(std::chrono::milliseconds within,
                                         services::Reply<services::MasterLoads> reply) override {
        return answer("listMasterLoads " + std::to_string(within.count()), std::move(reply), loads);
    }
    services::CallHandle watchMachines(
        const std::string&, services::StreamObserver<services::MachinesUpdate>) override {
        return {};
    }
    services::CallHandle listMachines(const std::string& filter, const services::PageRequest& page,
                                      services::Reply<services::MachineList> reply) override {
        services::MachineList list;
        list.page = pageOf(machines_, page);
        list.matching = machines_.size();
        list.total = 12;
        return answer("listMachines " + filter, std::move(reply), list);
    }
    services::CallHandle getMachine(const std::string& uuid,
                                    services::Reply<services::MachineInfo> reply) override {
        return answer("getMachine " + uuid, std::move(reply),
                      machines_.empty() ? services::MachineInfo() : machines_.front());
    }
    services::CallHandle explain(const std::string& uuid, const std::string& agent,
                                 services::Reply<services::Explanation> reply) override {
        return answer("explain " + uuid + " " + agent, std::move(reply), explanation);
    }
    services::CallHandle events(
        const std::string& uuid, const services::PageRequest& page,
        services::Reply<services::Page<domain::MachineEvent>> reply) override {
        return answer("events " + uuid, std::move(reply), pageOf(events_, page));
    }
    services::CallHandle listAgents(
        services::Reply<std::vector<services::ManagedAgentInfo>> reply) override {
        return answer("listAgents", std::move(reply), agents);
    }
    services::CallHandle tailLog(const services::LogTailQuestion& question,
                                 services::Reply<services::LogTail> reply) override {
        mutation = question.mutation;
        return answer("tailLog " + question.uuid + " " + question.agent, std::move(reply), log);
    }
    services::CallHandle clearKnownBad(const services::ClearKnownBad& request,
                                       services::Reply<std::uint64_t> reply) override {
        mutation = request.mutation;
        return answer("clearKnownBad " + request.agent, std::move(reply),
                      std::uint64_t{request.uuids.size()});
    }

    services::CallHandle removeMachines(const services::RemoveMachines& request,
                                        services::Reply<services::RemovedMachines> reply) override {
        mutation = request.mutation;
        std::string call = "removeMachines";
        for (const std::string& uuid : request.uuids)
            call += " " + uuid;
        return answer(call + (request.force ? " by force" : ""), std::move(reply),
                      services::RemovedMachines{request.uuids.size(), request.uuids.size()});
    }

    // PackageService
    services::CallHandle list(
        const std::string& agent, const services::PageRequest& page,
        services::Reply<services::Page<services::PackageInfo>> reply) override {
        return answer("listPackages " + agent, std::move(reply), pageOf(packages_, page));
    }
    services::CallHandle get(const services::PackageRef& ref,
                             services::Reply<services::PackageInfo> reply) override {
        return answer("getPackage " + ref.manifestDigest + ref.agent + " " + ref.version,
                      std::move(reply),
                      packages_.empty() ? services::PackageInfo() : packages_.front());
    }
    services::CallHandle publish(const services::PublishRequest& request,
                                 std::function<void(const services::PublishProgress&)>,
                                 services::Reply<services::PublishResult> reply) override {
        mutation = request.mutation;
        return answer("publish " + request.path, std::move(reply),
                      services::PublishResult{packages_.front(), false});
    }
    services::CallHandle remove(const std::string& digest, const services::Mutation& change,
                                services::Done done) override {
        mutation = change;
        return finish("deletePackage " + digest, std::move(done));
    }
    services::CallHandle publisherKeys(
        services::Reply<std::vector<services::PublisherKey>> reply) override {
        return answer("publisherKeys", std::move(reply), std::vector<services::PublisherKey>());
    }

    // ReleaseService
    services::CallHandle create(const domain::ReleaseSpec& wanted, const services::Mutation& change,
                                services::Reply<services::ReleaseInfo> reply) override {
        spec = wanted;
        mutation = change;
        return answer("createRelease", std::move(reply), release);
    }
    services::CallHandle plan(const std::string& id,
                              services::Reply<services::ReleasePlan> reply) override {
        return answer("planRelease " + id, std::move(reply), plan_);
    }
    services::CallHandle act(const services::ReleaseAct& request,
                             services::Reply<services::ReleaseInfo> reply) override {
        lastAct = request;
        mutation = request.mutation;
        return answer("act " + request.releaseId, std::move(reply), release);
    }
    services::CallHandle get(const std::string& id,
                             services::Reply<services::ReleaseInfo> reply) override {
        return answer("getRelease " + id, std::move(reply), release);
    }
    services::CallHandle list(
        const services::ReleaseQuery& query,
        services::Reply<services::Page<services::ReleaseInfo>> reply) override {
        return answer("listReleases " + query.agent + (query.onlyRunning ? " running" : ""),
                      std::move(reply),
                      services::Page<services::ReleaseInfo>{{release}, std::string()});
    }
    services::CallHandle machines(
        const services::ReleaseMachinesQuery& query,
        services::Reply<services::Page<services::ReleaseMachine>> reply) override {
        return answer("releaseMachines " + query.releaseId, std::move(reply),
                      pageOf(releaseMachines, query.page));
    }
    services::CallHandle timeline(
        const std::string& id, const services::PageRequest& page,
        services::Reply<services::Page<services::TimelineEntry>> reply) override {
        return answer("timeline " + id, std::move(reply), pageOf(timeline_, page));
    }
    services::CallHandle watch(const std::string& id, std::uint64_t atLeast,
                               services::StreamObserver<services::ReleaseInfo> observer) override {
        calls.push_back("watchRelease " + id);
        watchedAtLeast = atLeast;
        return later([this, observer] {
            for (const auto& info : watched)
                observer.next(info);
            if (!failure.ok()) observer.ended(failure);
        });
    }

    // CampaignService
    services::CallHandle import(const std::string& document, Import how,
                                const services::Mutation& change,
                                services::Reply<services::CampaignInfo> reply) override {
        mutation = change;
        services::CampaignInfo info = campaign.value_or(services::CampaignInfo());
        info.document = document;
        if (failure.ok() && how == Import::Store) {
            campaign = info;
            turned("import");
            info = *campaign;
        }
        return answer(how == Import::Store ? "importCampaign" : "validateCampaign",
                      std::move(reply), info);
    }
    services::CallHandle get(const std::string& id,
                             services::Reply<services::CampaignInfo> reply) override {
        if (failure.ok()) turned("get");
        return held("getCampaign " + id, std::move(reply));
    }
    services::CallHandle list(
        const services::PageRequest&,
        services::Reply<services::Page<services::CampaignInfo>> reply) override {
        services::Page<services::CampaignInfo> page;
        if (campaign) page.items.push_back(*campaign);
        return answer("listCampaigns", std::move(reply), page);
    }
    services::CallHandle prepare(const std::string& id, const services::Mutation& change,
                                 services::Reply<services::CampaignInfo> reply) override {
        mutation = change;
        if (failure.ok()) turned("prepare");
        return held("prepareCampaign " + id, std::move(reply));
    }
    services::CallHandle present(const std::string& id, const services::SignedReceipt& receipt,
                                 const services::Mutation& change,
                                 services::Reply<services::CampaignInfo> reply) override {
        mutation = change;
        if (failure.ok()) turned("present " + receipt.receipt);
        return held("presentReceipt " + id + " " + receipt.receipt, std::move(reply));
    }
    services::CallHandle receipt(const std::string& id,
                                 services::Reply<services::ReceiptInfo> reply) override {
        if (!campaign || !campaign->own) {
            calls.push_back("getReceipt " + id);
            return later([reply = std::move(reply)] {
                reply(base::failedPrecondition("RECEIPT_UNMADE", "", "it is running"));
            });
        }
        return answer("getReceipt " + id, std::move(reply), *campaign->own);
    }
    services::CallHandle start(const std::string& id, const std::string& planId,
                               const services::Mutation& change,
                               services::Reply<services::CampaignInfo> reply) override {
        mutation = change;
        if (failure.ok()) turned("start " + planId);
        return held("startCampaign " + id + " " + planId, std::move(reply));
    }
    services::CallHandle abort(const std::string& id, const services::Mutation& change,
                               services::Reply<services::CampaignInfo> reply) override {
        mutation = change;
        if (failure.ok()) turned("abort");
        return held("abortCampaign " + id, std::move(reply));
    }

    // AuditService
    services::CallHandle list(const services::AuditQuery& query,
                              services::Reply<services::Page<services::AuditRow>> reply) override {
        return answer("listAudit " + query.actor + query.result, std::move(reply),
                      pageOf(auditRows, query.page));
    }
    services::CallHandle verify(const std::vector<std::uint64_t>& rows,
                                services::Reply<services::AuditVerification> reply) override {
        askedRows = rows;
        return answer("verifyAudit", std::move(reply), verification);
    }
    services::CallHandle head(const std::vector<std::uint64_t>& rows,
                              services::Reply<services::AuditHeads> reply) override {
        ++headCalls;  // not among `calls`: it goes with every change
        askedRows = rows;
        if (!headFailure.ok()) return later([this, reply] { reply(headFailure); });
        return later([this, reply] { reply(verification.heads); });
    }
    services::CallHandle read(std::uint64_t afterId,
                              services::Reply<std::vector<services::AuditRow>> reply) override {
        std::vector<services::AuditRow> rows;
        for (const services::AuditRow& row : chain) {
            if (row.id > afterId && rows.size() < 2) rows.push_back(row);
        }
        return answer("readAudit " + std::to_string(afterId), std::move(reply), rows);
    }

    // AccessService
    services::CallHandle listUsers(
        services::Reply<std::vector<services::UserInfo>> reply) override {
        return answer("listUsers", std::move(reply), users);
    }
    services::CallHandle createUser(const services::NewUser& user,
                                    services::Reply<services::MadePassword> reply) override {
        mutation = user.mutation;
        const std::string how = user.withPassword ? "" : " no password";
        return answer("createUser " + user.name + ' ' + std::string(nameOf(user.role)) + how,
                      std::move(reply), madePassword);
    }
    services::CallHandle setPassword(const services::PasswordChange& change,
                                     services::Reply<services::MadePassword> reply) override {
        lastPassword = change;
        mutation = change.mutation;
        return answer("setPassword " + change.user, std::move(reply), madePassword);
    }
    services::CallHandle setRole(const std::string& user, services::UserRole role,
                                 const services::Mutation& change,
                                 services::Reply<services::UserInfo> reply) override {
        return standing("setRole " + user + ' ' + std::string(nameOf(role)), change,
                        std::move(reply));
    }
    services::CallHandle disableUser(const std::string& user, const services::Mutation& change,
                                     services::Reply<services::UserInfo> reply) override {
        return standing("disableUser " + user, change, std::move(reply));
    }
    services::CallHandle enableUser(const std::string& user, const services::Mutation& change,
                                    services::Reply<services::UserInfo> reply) override {
        return standing("enableUser " + user, change, std::move(reply));
    }
    services::CallHandle removeUser(const std::string& user, const services::Mutation& change,
                                    services::Done done) override {
        mutation = change;
        return finish("removeUser " + user, std::move(done));
    }
    services::CallHandle listGrants(const std::string& user,
                                    services::Reply<services::GrantList> reply) override {
        return answer("listGrants " + user, std::move(reply), grants);
    }
    services::CallHandle giveGrant(const domain::Grant& grant, const services::Mutation& change,
                                   services::Reply<services::GrantInfo> reply) override {
        mutation = change;
        lastGrant = grant;
        return answer("giveGrant " + grant.to, std::move(reply),
                      services::GrantInfo{grant, "root", {}, change.reason});
    }
    services::CallHandle takeGrant(const std::string& id, const services::Mutation& change,
                                   services::Done done) override {
        mutation = change;
        return finish("takeGrant " + id, std::move(done));
    }
    services::CallHandle checkAccess(const services::AccessQuestion& question,
                                     services::Reply<services::AccessAnswer> reply) override {
        lastQuestion = question;
        return answer("checkAccess " + question.permission, std::move(reply), accessAnswer);
    }
    services::CallHandle listTokens(
        const std::string& user, services::Reply<std::vector<services::TokenInfo>> reply) override {
        return answer("listTokens " + user, std::move(reply), tokens);
    }
    services::CallHandle createToken(const services::NewToken& token,
                                     services::Reply<services::MadeToken> reply) override {
        lastToken = token;
        mutation = token.mutation;
        return answer("createToken " + token.label, std::move(reply), madeToken);
    }
    services::CallHandle revokeTokens(const services::Revocation& which,
                                      services::Reply<std::uint32_t> reply) override {
        mutation = which.mutation;
        return answer("revokeTokens " + which.id + which.user, std::move(reply), 1U);
    }
    services::CallHandle listCertificates(
        const std::string& user,
        services::Reply<std::vector<services::CertificateInfo>> reply) override {
        return answer("listCertificates " + user, std::move(reply), certificates);
    }
    services::CallHandle issueCertificate(
        const std::string& user, const std::string& csrPem, const services::Mutation& change,
        services::Reply<services::IssuedCertificate> reply) override {
        mutation = change;
        lastCsr = csrPem;
        return answer("issueCertificate " + user, std::move(reply), issued);
    }
    services::CallHandle revokeCertificates(const services::Revocation& which,
                                            services::Reply<std::uint32_t> reply) override {
        mutation = which.mutation;
        return answer("revokeCertificates " + which.id + which.user, std::move(reply), 2U);
    }
    services::CallHandle revokeMachine(const std::string& uuid, const services::Mutation& change,
                                       services::Reply<std::uint32_t> reply) override {
        mutation = change;
        return answer("revokeMachine " + uuid, std::move(reply), 1U);
    }

    // EventService
    services::CallHandle watch(services::StreamObserver<services::ClusterEvent>) override {
        return {};
    }

private:
    void turned(const std::string& what) {
        if (turn && campaign) turn(what, *campaign);
    }
    services::CallHandle held(const std::string& call,
                              services::Reply<services::CampaignInfo> reply);
    services::CallHandle standing(const std::string& call, const services::Mutation& change,
                                  services::Reply<services::UserInfo> reply) {
        mutation = change;
        return answer(call, std::move(reply), users.empty() ? services::UserInfo() : users.front());
    }
    template <typename T>
    services::CallHandle answer(const std::string& call, services::Reply<T> reply, T value) {
        calls.push_back(call);
        if (silent) return {};
        return later([reply = std::move(reply), value = std::move(value), status = failure] {
            reply(status.ok() ? absl::StatusOr<T>(value) : absl::StatusOr<T>(status));
        });
    }
    services::CallHandle finish(const std::string& call, services::Done done) {
        calls.push_back(call);
        return later([done = std::move(done), status = failure] { done(status); });
    }
};

}  // namespace ifrit::tests
