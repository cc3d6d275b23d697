// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    static services::ConnectionProfile profile(const std::string& kind = "production");

    std::vector<ScriptMachine> machines;
    std::vector<services::PackageInfo> packages;
    std::vector<services::ReleaseInfo> releases;
    std::vector<services::AuditRow> auditRows;
    std::optional<services::ClusterFreeze> frozen;

private:
    void makeMachines(std::size_t count);
    void makePackages();
    void makeReleases();
    void makeAudit();
    void answerFleet();
    void answerReleases();
    services::ClusterSummary summary() const;
    services::MachineInfo infoOf(const ScriptMachine& machine) const;
    std::vector<services::ReleaseMachine> releaseMachines() const;

    base::WallTime m_now;
    FakeMaster m_fakes;
    FleetScript m_script;
};

}  // namespace ifrit::tests
