// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "shared/domain/hash_ring.h"
#include "tests/gui/support/fake_session.h"
#include "tests/gui/support/fleet_script.h"

namespace ifrit::tests {

/// A cluster with a life of its own for pictures and page tests: machines in every state, packages,
/// releases (a failed gray one first), audit rows. Answers every call from the event loop.
class ScriptedMaster {
public:
    explicit ScriptedMaster(base::WallTime now, std::size_t machines = 240);

    FakeMaster& fakes() { return m_fakes; }
    /// The line goes the way that a real one goes.
    void connect();
    void breakLine();
    static services::ConnectionProfile profile(const std::string& kind = "production") {
        services::ConnectionProfile profile;
        profile.bundle.cluster = "cn-north-1";
        profile.bundle.kind = kind;
        profile.bundle.addresses = {"10.4.0.1:7443"};
        return profile;
    }

    /// A release in its batches: 3 is done, 4 is open, some machines of it fail. Not in `releases`
    /// until the test puts it there.
    services::ReleaseInfo stagedRelease() const;
    /// Of every draft: all stages that there can be, the last of them without a machine.
    services::ReleasePlan plan(const std::string& releaseId) const;

    /// The machine's next report: its agents use a little more or less.
    void report(std::size_t machine, int turn);

    std::vector<ScriptMachine> machines;
    std::string signedInBy = "certificate";  ///< or "token"
    std::string serverVersion = "0.1.0";
    std::string serverCertificatePem;  ///< that the line shows
    std::size_t measured = 3;          ///< machines of a release whose costs are known
    std::vector<services::PackageInfo> packages;
    std::vector<services::ReleaseInfo> releases;
    std::vector<services::AuditRow> auditRows;
    std::optional<services::ClusterFreeze> frozen;
    std::vector<services::CampaignInfo> campaigns;  ///< as this cluster holds them
    std::vector<services::UserInfo> users;
    services::GrantList grants;
    std::vector<services::TokenInfo> tokens;
    std::vector<services::CertificateInfo> certificates;

private:
    static domain::RingSpec ring() { return {8, 2'048, 4711}; }
    void makeMachines(std::size_t count);
    void makeReleases();
    void makeAudit();
    void makeAccess();
    void answerAccess();
    void answerFleet();
    void answerReleases();
    services::ClusterSummary summary() const;
    services::MasterLoads loads() const;
    services::MachineInfo infoOf(const ScriptMachine& machine) const;
    std::vector<services::ReleaseMachine> releaseMachines() const;
    std::vector<services::ReleaseMachine> measuredMachines() const;

    base::WallTime m_now;
    FakeMaster m_fakes;
    FleetScript m_script;
};

}  // namespace ifrit::tests
