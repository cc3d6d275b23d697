// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "gui/services/session.h"
#include "tests/gui/support/fake_calls.h"
#include "tests/gui/support/fake_secrets.h"

namespace ifrit::tests {

namespace services = gui::services;

struct None {};

// What they do is not in here, and so a compiler makes FakeCalls of each kind once and not for each
// test.

class FakeConnection final : public services::ConnectionService {
public:
    FakeConnection();
    ~FakeConnection() override;
    void connect() override { connected = true; }
    void disconnect() override { connected = false; }
    void retryNow() override { ++retries; }
    services::LinkStatus status() const override { return current; }
    services::CallHandle watchStatus(
        std::function<void(const services::LinkStatus&)> observer) override;
    services::CallHandle whoAmI(services::Reply<services::Identity> reply) override;
    services::CallHandle login(const std::string& user, const std::string& password,
                               services::Reply<services::LoginSession> reply) override;
    services::CallHandle logout(services::Done done) override;
    services::CallHandle test(std::function<void(const services::TestStepResult&)> onStep,
                              services::Done done) override;
    /// Sets the status and tells who watches.
    void tell(const services::LinkStatus& status);
    void tell(services::LinkState state);

    bool connected = false;
    int retries = 0;
    services::LinkStatus current;
    FakeStream<None, services::LinkStatus> statusWatch;
    FakeCalls<None, absl::StatusOr<services::Identity>> whoAmICalls;
    FakeCalls<std::pair<std::string, std::string>, absl::StatusOr<services::LoginSession>>
        loginCalls;
    FakeCalls<None, absl::Status> logoutCalls;
    FakeCalls<None, absl::Status> testCalls;
    std::function<void(const services::TestStepResult&)> testStep;
};

class FakeFleet final : public services::FleetService {
public:
    FakeFleet();
    ~FakeFleet() override;
    services::CallHandle getCluster(services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle freeze(const services::Mutation& mutation,
                                services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle unfreeze(const services::Mutation& mutation,
                                  services::Reply<services::ClusterSummary> reply) override;
    services::CallHandle listMasterLoads(std::chrono::milliseconds within,
                                         services::Reply<services::MasterLoads> reply) override;
    services::CallHandle watchMachines(
        const std::string& filter,
        services::StreamObserver<services::MachinesUpdate> observer) override;
    services::CallHandle listMachines(const std::string& filter, const services::PageRequest& page,
                                      services::Reply<services::MachineList> reply) override;
    services::CallHandle getMachine(const std::string& uuid,
                                    services::Reply<services::MachineInfo> reply) override;
    services::CallHandle explain(const std::string& uuid, const std::string& agent,
                                 services::Reply<services::Explanation> reply) override;
    services::CallHandle events(
        const std::string& uuid, const services::PageRequest& page,
        services::Reply<services::Page<domain::MachineEvent>> reply) override;
    services::CallHandle listAgents(
        services::Reply<std::vector<services::ManagedAgentInfo>> reply) override;
    services::CallHandle tailLog(const services::LogTailQuestion& question,
                                 services::Reply<services::LogTail> reply) override;
    services::CallHandle clearKnownBad(const services::ClearKnownBad& request,
                                       services::Reply<std::uint64_t> reply) override;
    services::CallHandle removeMachines(const services::RemoveMachines& request,
                                        services::Reply<services::RemovedMachines> reply) override;

    services::PageRequest lastPage;  ///< of machines or events
    std::string explainedAgent;      ///< the last one
    FakeCalls<None, absl::StatusOr<services::ClusterSummary>> clusterCalls;
    FakeCalls<services::Mutation, absl::StatusOr<services::ClusterSummary>> freezeCalls;
    FakeCalls<services::Mutation, absl::StatusOr<services::ClusterSummary>> unfreezeCalls;
    FakeCalls<std::chrono::milliseconds, absl::StatusOr<services::MasterLoads>> loadCalls;
    FakeStream<std::string, services::MachinesUpdate> machineWatch;
    FakeCalls<std::string, absl::StatusOr<services::MachineList>> listCalls;
    FakeCalls<std::string, absl::StatusOr<services::MachineInfo>> machineCalls;
    FakeCalls<std::string, absl::StatusOr<services::Explanation>> explainCalls;
    FakeCalls<std::string, absl::StatusOr<services::Page<domain::MachineEvent>>> eventCalls;
    FakeCalls<None, absl::StatusOr<std::vector<services::ManagedAgentInfo>>> agentCalls;
    FakeCalls<services::ClearKnownBad, absl::StatusOr<std::uint64_t>> clearCalls;
    FakeCalls<services::RemoveMachines, absl::StatusOr<services::RemovedMachines>> removeCalls;
    FakeCalls<services::LogTailQuestion, absl::StatusOr<services::LogTail>> logCalls;
};

class FakePackages final : public services::PackageService {
public:
    FakePackages();
    ~FakePackages() override;
    services::CallHandle list(
        const std::string& agent, const services::PageRequest& page,
        services::Reply<services::Page<services::PackageInfo>> reply) override;
    services::CallHandle get(const services::PackageRef& ref,
                             services::Reply<services::PackageInfo> reply) override;
    services::CallHandle publish(const services::PublishRequest& request,
                                 std::function<void(const services::PublishProgress&)> onProgress,
                                 services::Reply<services::PublishResult> reply) override;
    services::CallHandle remove(const std::string& manifestDigest,
                                const services::Mutation& mutation, services::Done done) override;
    services::CallHandle publisherKeys(
        services::Reply<std::vector<services::PublisherKey>> reply) override;

    std::string listedAgent;  ///< the last one
    FakeCalls<services::PageRequest, absl::StatusOr<services::Page<services::PackageInfo>>>
        listCalls;
    FakeCalls<services::PackageRef, absl::StatusOr<services::PackageInfo>> getCalls;
    FakeCalls<services::PublishRequest, absl::StatusOr<services::PublishResult>> publishCalls;
    FakeCalls<std::pair<std::string, services::Mutation>, absl::Status> removeCalls;
    FakeCalls<None, absl::StatusOr<std::vector<services::PublisherKey>>> keyCalls;
    std::function<void(const services::PublishProgress&)> publishProgress;
};

class FakeReleases final : public services::ReleaseService {
public:
    FakeReleases();
    ~FakeReleases() override;
    using Spec = std::pair<domain::ReleaseSpec, services::Mutation>;
    services::CallHandle create(const domain::ReleaseSpec& spec, const services::Mutation& mutation,
                                services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle plan(const std::string& releaseId,
                              services::Reply<services::ReleasePlan> reply) override;
    services::CallHandle act(const services::ReleaseAct& request,
                             services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle get(const std::string& releaseId,
                             services::Reply<services::ReleaseInfo> reply) override;
    services::CallHandle list(
        const services::ReleaseQuery& query,
        services::Reply<services::Page<services::ReleaseInfo>> reply) override;
    services::CallHandle machines(
        const services::ReleaseMachinesQuery& query,
        services::Reply<services::Page<services::ReleaseMachine>> reply) override;
    services::CallHandle timeline(
        const std::string& releaseId, const services::PageRequest& page,
        services::Reply<services::Page<services::TimelineEntry>> reply) override;
    services::CallHandle watch(const std::string& releaseId, std::uint64_t atLeast,
                               services::StreamObserver<services::ReleaseInfo> observer) override;

    FakeCalls<Spec, absl::StatusOr<services::ReleaseInfo>> createCalls;
    FakeCalls<std::string, absl::StatusOr<services::ReleasePlan>> planCalls;
    FakeCalls<services::ReleaseAct, absl::StatusOr<services::ReleaseInfo>> actCalls;
    FakeCalls<std::string, absl::StatusOr<services::ReleaseInfo>> getCalls;
    FakeCalls<services::ReleaseQuery, absl::StatusOr<services::Page<services::ReleaseInfo>>>
        listCalls;
    FakeCalls<services::ReleaseMachinesQuery,
              absl::StatusOr<services::Page<services::ReleaseMachine>>>
        machineCalls;
    FakeCalls<std::string, absl::StatusOr<services::Page<services::TimelineEntry>>> timelineCalls;
    FakeStream<std::string, services::ReleaseInfo> releaseWatch;
    services::PageRequest timelinePage;  ///< the last one
    std::uint64_t watchedAtLeast = 0;    ///< of the last watch
};

class FakeCampaigns final : public services::CampaignService {
public:
    FakeCampaigns();
    ~FakeCampaigns() override;
    using Infos = absl::StatusOr<services::CampaignInfo>;
    struct Change {
        std::string what;  ///< "import", "prepare", "start PLAN"...
        std::string id;
        services::Mutation mutation;
    };

    services::CallHandle import(const std::string& document, Import how,
                                const services::Mutation& mutation,
                                services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle get(const std::string& id,
                             services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle list(
        const services::PageRequest& page,
        services::Reply<services::Page<services::CampaignInfo>> reply) override;
    services::CallHandle prepare(const std::string& id, const services::Mutation& mutation,
                                 services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle present(const std::string& id, const services::SignedReceipt& receipt,
                                 const services::Mutation& mutation,
                                 services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle receipt(const std::string& id,
                                 services::Reply<services::ReceiptInfo> reply) override;
    services::CallHandle start(const std::string& id, const std::string& planId,
                               const services::Mutation& mutation,
                               services::Reply<services::CampaignInfo> reply) override;
    services::CallHandle abort(const std::string& id, const services::Mutation& mutation,
                               services::Reply<services::CampaignInfo> reply) override;

    FakeCalls<Change, Infos> changes;
    FakeCalls<std::string, Infos> gets;
    FakeCalls<std::string, absl::StatusOr<services::Page<services::CampaignInfo>>> lists;
    FakeCalls<std::string, absl::StatusOr<services::ReceiptInfo>> receipts;
};

class FakeAudit final : public services::AuditService {
public:
    FakeAudit();
    ~FakeAudit() override;
    services::CallHandle list(const services::AuditQuery& query,
                              services::Reply<services::Page<services::AuditRow>> reply) override;
    using Rows = std::vector<std::uint64_t>;
    services::CallHandle verify(const Rows& rows,
                                services::Reply<services::AuditVerification> reply) override;
    services::CallHandle head(const Rows& rows,
                              services::Reply<services::AuditHeads> reply) override;
    services::CallHandle read(std::uint64_t afterId,
                              services::Reply<std::vector<services::AuditRow>> reply) override;

    FakeCalls<services::AuditQuery, absl::StatusOr<services::Page<services::AuditRow>>> listCalls;
    FakeCalls<Rows, absl::StatusOr<services::AuditVerification>> verifyCalls;
    FakeCalls<Rows, absl::StatusOr<services::AuditHeads>> headCalls;
    FakeCalls<std::uint64_t, absl::StatusOr<std::vector<services::AuditRow>>> readCalls;
};

class FakeAccess final : public services::AccessService {
public:
    FakeAccess();
    ~FakeAccess() override;
    using UserChange = std::pair<std::string, services::Mutation>;
    using UserAnswer = absl::StatusOr<services::UserInfo>;
    services::CallHandle listUsers(services::Reply<std::vector<services::UserInfo>> reply) override;
    services::CallHandle createUser(const services::NewUser& user,
                                    services::Reply<services::MadePassword> reply) override;
    services::CallHandle setPassword(const services::PasswordChange& change,
                                     services::Reply<services::MadePassword> reply) override;
    services::CallHandle setRole(const std::string& user, services::UserRole role,
                                 const services::Mutation& mutation,
                                 services::Reply<services::UserInfo> reply) override;
    services::CallHandle disableUser(const std::string& user, const services::Mutation& mutation,
                                     services::Reply<services::UserInfo> reply) override;
    services::CallHandle enableUser(const std::string& user, const services::Mutation& mutation,
                                    services::Reply<services::UserInfo> reply) override;
    services::CallHandle removeUser(const std::string& user, const services::Mutation& mutation,
                                    services::Done done) override;
    services::CallHandle listGrants(const std::string& user,
                                    services::Reply<services::GrantList> reply) override;
    services::CallHandle giveGrant(const domain::Grant& grant, const services::Mutation& mutation,
                                   services::Reply<services::GrantInfo> reply) override;
    services::CallHandle takeGrant(const std::string& id, const services::Mutation& mutation,
                                   services::Done done) override;
    services::CallHandle checkAccess(const services::AccessQuestion& question,
                                     services::Reply<services::AccessAnswer> reply) override;
    services::CallHandle listTokens(
        const std::string& user, services::Reply<std::vector<services::TokenInfo>> reply) override;
    services::CallHandle createToken(const services::NewToken& token,
                                     services::Reply<services::MadeToken> reply) override;
    services::CallHandle revokeTokens(const services::Revocation& which,
                                      services::Reply<std::uint32_t> reply) override;
    services::CallHandle listCertificates(
        const std::string& user,
        services::Reply<std::vector<services::CertificateInfo>> reply) override;
    services::CallHandle issueCertificate(
        const std::string& user, const std::string& csrPem, const services::Mutation& mutation,
        services::Reply<services::IssuedCertificate> reply) override;
    services::CallHandle revokeCertificates(const services::Revocation& which,
                                            services::Reply<std::uint32_t> reply) override;
    services::CallHandle revokeMachine(const std::string& uuid, const services::Mutation& mutation,
                                       services::Reply<std::uint32_t> reply) override;

    services::UserRole lastRole = services::UserRole::Reader;
    services::Mutation issueMutation;  ///< of the last certificate
    FakeCalls<None, absl::StatusOr<std::vector<services::UserInfo>>> userCalls;
    FakeCalls<services::NewUser, absl::StatusOr<services::MadePassword>> createCalls;
    FakeCalls<services::PasswordChange, absl::StatusOr<services::MadePassword>> passwordCalls;
    FakeCalls<UserChange, UserAnswer> roleCalls;
    FakeCalls<UserChange, UserAnswer> disableCalls;
    FakeCalls<UserChange, UserAnswer> enableCalls;
    FakeCalls<UserChange, absl::Status> removeCalls;
    FakeCalls<std::string, absl::StatusOr<services::GrantList>> grantCalls;
    FakeCalls<std::pair<domain::Grant, services::Mutation>, absl::StatusOr<services::GrantInfo>>
        giveCalls;
    FakeCalls<UserChange, absl::Status> takeCalls;
    FakeCalls<services::AccessQuestion, absl::StatusOr<services::AccessAnswer>> checkCalls;
    FakeCalls<std::string, absl::StatusOr<std::vector<services::TokenInfo>>> tokenCalls;
    FakeCalls<services::NewToken, absl::StatusOr<services::MadeToken>> createTokenCalls;
    FakeCalls<services::Revocation, absl::StatusOr<std::uint32_t>> revokeTokenCalls;
    FakeCalls<std::string, absl::StatusOr<std::vector<services::CertificateInfo>>> certificateCalls;
    FakeCalls<std::pair<std::string, std::string>, absl::StatusOr<services::IssuedCertificate>>
        issueCalls;
    FakeCalls<services::Revocation, absl::StatusOr<std::uint32_t>> revokeCertificateCalls;
    FakeCalls<UserChange, absl::StatusOr<std::uint32_t>> revokeMachineCalls;
};

class FakeEvents final : public services::EventService {
public:
    FakeEvents();
    ~FakeEvents() override;
    services::CallHandle watch(services::StreamObserver<services::ClusterEvent> observer) override;
    void tell(services::ClusterEvent::Kind kind, const std::string& subject = {});

    FakeStream<None, services::ClusterEvent> eventWatch;
};

/// What the fakes of one session remember; outlives the session, which the code under test owns.
struct FakeMaster {
    FakeConnection connection;
    FakeFleet fleet;
    FakePackages packages;
    FakeReleases releases;
    FakeCampaigns campaigns;
    FakeAudit audit;
    FakeAccess access;
    FakeEvents events;
    services::ConnectionProfile profile;
    int sessions = 0;  ///< opened and not closed
};

class FakeSession final : public services::Session {
public:
    explicit FakeSession(FakeMaster& master) : m_master(master) { ++m_master.sessions; }
    ~FakeSession() override { --m_master.sessions; }
    services::ConnectionService& connection() override { return m_master.connection; }
    services::FleetService& fleet() override { return m_master.fleet; }
    services::PackageService& packages() override { return m_master.packages; }
    services::ReleaseService& releases() override { return m_master.releases; }
    services::CampaignService& campaigns() override { return m_master.campaigns; }
    services::AuditService& audit() override { return m_master.audit; }
    services::AccessService& access() override { return m_master.access; }
    services::EventService& events() override { return m_master.events; }

private:
    FakeMaster& m_master;
};

class FakeSessionFactory final : public services::SessionFactory {
public:
    explicit FakeSessionFactory(FakeMaster& master) : m_master(master) {}
    std::unique_ptr<services::Session> open(const services::ConnectionProfile& profile) override {
        const auto other = others.find(profile.bundle.cluster);
        FakeMaster& master = other == others.end() ? m_master : *other->second;
        master.profile = profile;
        return std::make_unique<FakeSession>(master);
    }
    /// Masters of other clusters, by name.
    std::map<std::string, FakeMaster*> others;

private:
    FakeMaster& m_master;
};

}  // namespace ifrit::tests
