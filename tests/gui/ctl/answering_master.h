// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/base/status.h"
#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

/// A master that answers every call at once from fields that the test sets, always from the event
/// loop as the contract says. `calls` tells what was asked, with its arguments.
class AnsweringMaster {
public:
    AnsweringMaster();
    AnsweringMaster(const AnsweringMaster&) = delete;
    AnsweringMaster& operator=(const AnsweringMaster&) = delete;
    FakeMaster& fakes() { return m_fakes; }

    std::vector<std::string> calls;
    /// Answer of every call when not OK.
    absl::Status failure;

    services::Identity identity{"anna", "super_admin", {"release.start"}, "certificate", {}};
    services::ClusterSummary cluster;
    services::MasterLoads loads;
    std::vector<services::UnconfirmedMaster> unconfirmed;  ///< of the next freeze
    bool forgetsFreeze = false;                            ///< at a restart, the next one
    bool freezeRecorded = true;                            ///< of the next freeze
    std::vector<std::string> turns;  ///< freeze and unfreeze, with their reasons
    std::vector<services::MachineInfo> machines;
    services::Explanation explanation;
    std::vector<domain::MachineEvent> events;
    std::vector<services::ManagedAgentInfo> agents;
    services::LogTail log;
    std::vector<services::PackageInfo> packages;
    bool archivePutBack = false;  ///< by the next publish, of a package that was there
    services::ReleaseInfo release;
    absl::Status releaseFailure;  ///< of looking at it
    services::ReleasePlan plan;
    absl::Status planFailure;
    std::vector<services::ReleaseMachine> releaseMachines;
    std::vector<services::TimelineEntry> timeline;
    std::vector<services::AuditRow> auditRows;
    std::string askedObject;  ///< of the last list of the audit
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
    bool givesElsewhere = false;  ///< what is granted is for another cluster
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

private:
    void answerConnection();
    void answerFleet();
    void answerPackages();
    void answerReleases();
    void answerCampaigns();
    void answerAudit();
    void answerUsers();
    void answerCredentials();

    absl::StatusOr<services::CampaignInfo> changeCampaign(const FakeCampaigns::Change& change);
    absl::StatusOr<services::CampaignInfo> importCampaign(const std::string& document, bool kept);
    void turned(const std::string& what);
    absl::StatusOr<services::CampaignInfo> held(const std::string& call);
    absl::StatusOr<services::UserInfo> standing(const std::string& call,
                                                const services::Mutation& change);
    absl::Status finish(const std::string& call, const services::Mutation& change);
    template <typename T>
    absl::StatusOr<T> answer(const std::string& call, T value) {
        calls.push_back(call);
        if (!failure.ok()) return failure;
        return value;
    }

    FakeMaster m_fakes;
};

}  // namespace ifrit::tests
