// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTemporaryDir>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "agent/supervise/supervisor.h"
#include "tests/agent/support/fake_machine.h"
#include "tests/agent/support/fake_resource_groups.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {

class FakeProbes final : public agent::supervise::ProbeRunner {
public:
    std::vector<std::pair<agent::supervise::ProbeRequest, Callback>> sent;
    void run(agent::supervise::ProbeRequest request, Callback done) override {
        sent.emplace_back(std::move(request), std::move(done));
    }
    /// Answers the oldest that waits.
    void answer(bool ok, const std::string& message) {
        Callback done = std::move(sent.front().second);
        sent.erase(sent.begin());
        done({ok, message});
    }
};

/// Knows whom the machine knows, at once or when the test says.
class FakeAccounts final : public agent::supervise::AccountFinder {
public:
    explicit FakeAccounts(const agent::platform::UserDirectory& users) : m_users(users) {}
    bool hangs = false;
    std::vector<std::pair<std::string, Callback>> asked;  ///< while it hangs
    void find(const std::string& user, Callback done) override {
        if (hangs)
            asked.emplace_back(user, std::move(done));
        else
            done(m_users.find(user));
    }
    void answer() {
        for (auto& [user, done] : std::exchange(asked, {}))
            done(m_users.find(user));
    }

private:
    const agent::platform::UserDirectory& m_users;
};

class FakeRecord final : public agent::supervise::ProcessRecord {
public:
    std::map<std::string, agent::platform::ProcessId> running;
    absl::Status result;
    absl::Status started(const agent::supervise::RunSpec& spec,
                         const agent::platform::ProcessId& process) override {
        if (result.ok()) running[spec.agent] = process;
        return result;
    }
    absl::Status ended(const std::string& agent) override {
        running.erase(agent);
        return absl::OkStatus();
    }
};

/// A Supervisor over a machine in memory, driven by hand, with one agent: "log".
class SupervisedMachine {
protected:
    void makeMachine() {
        m_dir = std::make_unique<QTemporaryDir>();
        m_supervisor.reset();
        m_groups = {};
        m_machine = std::make_unique<FakeMachine>();
        m_probes = std::make_unique<FakeProbes>();
        m_accounts = std::make_unique<FakeAccounts>(*m_machine);
        m_record = std::make_unique<FakeRecord>();
        // Agents are looked at when the clock shows a multiple of the interval: begin there.
        const auto past = m_clock.steadyNow().time_since_epoch() % kSampleInterval;
        m_clock.advance(kSampleInterval -
                        std::chrono::duration_cast<std::chrono::milliseconds>(past));
        makeSupervisor();
    }
    static constexpr std::chrono::milliseconds kSampleInterval{10'000};
    void makeSupervisor() {
        agent::supervise::SupervisorOptions options;
        options.restart = {{std::chrono::seconds(1), std::chrono::seconds(8), {}},
                           3,
                           std::chrono::seconds(300),
                           std::chrono::seconds(60)};
        options.sampleInterval = kSampleInterval;
        options.instance = "/root";
        options.machine = "m-1";
        m_supervisor = std::make_unique<agent::supervise::Supervisor>(
            agent::supervise::SupervisorParts{m_clock, [] { return 0.999999; }, *m_machine,
                                              *m_machine, *m_machine, *m_machine, *m_machine,
                                              *m_probes, *m_record, m_groups, *m_accounts},
            options);
    }
    agent::supervise::RunSpec spec() const {
        agent::supervise::RunSpec made;
        made.agent = "log";
        made.version = "1";
        made.digest = "aa";
        made.command = {"/opt/log", "--flag"};
        made.environment = {{"A", "b"}};
        made.stopGrace = std::chrono::seconds(10);
        made.output.path = m_dir->filePath(QStringLiteral("log")).toStdString();
        return made;
    }
    agent::supervise::AgentSnapshot now() const {
        return m_supervisor->snapshot("log").value_or(agent::supervise::AgentSnapshot());
    }
    base::SteadyTime step() { return m_supervisor->step(std::chrono::milliseconds(0)); }
    void advance(std::chrono::milliseconds by) {
        m_clock.advance(by);
        step();
    }
    void crash() {
        m_machine->end(now().process, {agent::platform::ExitStatus::Kind::Exited, 1});
        step();
    }
    std::vector<std::string> kinds() {
        std::vector<std::string> all;
        for (const auto& event : m_supervisor->takeEvents().events)
            all.push_back(event.kind);
        return all;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    ManualClock m_clock;
    std::unique_ptr<FakeMachine> m_machine;
    std::unique_ptr<FakeProbes> m_probes;
    std::unique_ptr<FakeAccounts> m_accounts;
    std::unique_ptr<FakeRecord> m_record;
    FakeResourceGroups m_groups;
    std::unique_ptr<agent::supervise::Supervisor> m_supervisor;
};

}  // namespace ifrit::tests
