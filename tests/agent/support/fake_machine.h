// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/platform/exit_watcher.h"
#include "agent/platform/process_launcher.h"
#include "agent/platform/process_table.h"
#include "agent/platform/signaller.h"
#include "agent/platform/user_directory.h"

namespace ifrit::tests {

/// A machine whose processes do what the test says: launcher, table, signaller, exit watcher and
/// accounts over one list of processes. For one thread.
class FakeMachine final : public agent::platform::ProcessLauncher,
                          public agent::platform::ProcessTable,
                          public agent::platform::Signaller,
                          public agent::platform::ExitWatcher,
                          public agent::platform::UserDirectory {
public:
    using ProcessId = agent::platform::ProcessId;
    struct Process {
        ProcessId id;
        agent::platform::LaunchSpec spec;
        agent::platform::ProcessState state = agent::platform::ProcessState::Running;
        std::int32_t session = 0;                       ///< the pid of its leader
        agent::platform::TreeUsage usage{{}, 1024, 1};  ///< of the process alone
        std::vector<agent::platform::ProcessUse> children;
        bool ended = false;
        bool watched = false;
        bool released = false;
        std::chrono::nanoseconds age{0};
        std::chrono::nanoseconds cpuTime{0};
        agent::platform::ExitStatus status;
    };

    std::vector<std::pair<ProcessId, agent::platform::Signal>> signals;
    std::deque<absl::Status> launchErrors;  ///< the next launches fail with these
    std::deque<absl::Status> watchErrors;   ///< as do the next watches
    absl::Status signalError;               ///< of every signal to a session
    absl::Status lookError;                 ///< of withEnvironment()
    absl::Status userError;                 ///< of every look-up of a user
    mutable int userLookUps = 0;
    std::function<void()> onUserLookUp;  ///< in the middle of one
    std::int32_t own = 1;                ///< the pid of who asks
    bool obedient = true;                ///< processes end by SIGTERM
    std::vector<ProcessId> strays;       ///< what withEnvironment() finds until killed
    std::map<std::int32_t, agent::platform::ProcessOrigin> origins;  ///< by pid
    bool straysLinger = false;  ///< killed, and still there: uninterruptible I/O

    Process& process(const ProcessId& id) {
        for (Process& one : m_processes) {
            if (one.id == id) return one;
        }
        qFatal("no such process");
    }
    std::size_t launches() const { return m_processes.size(); }
    Process& latest() { return m_processes.back(); }
    ProcessId addForeign(std::chrono::nanoseconds age) {
        m_processes.push_back({nextId(), {}});
        m_processes.back().age = age;
        return m_processes.back().id;
    }
    void end(const ProcessId& id, agent::platform::ExitStatus status) {
        process(id).ended = true;
        process(id).status = status;
    }
    int count(agent::platform::Signal signal) const {
        return static_cast<int>(
            std::count_if(signals.begin(), signals.end(),
                          [&](const auto& sent) { return sent.second == signal; }));
    }

    absl::StatusOr<ProcessId> launch(const agent::platform::LaunchSpec& spec,
                                     const BeforeProgram& beforeProgram) override {
        if (!launchErrors.empty()) {
            const absl::Status error = launchErrors.front();
            launchErrors.pop_front();
            return error;
        }
        const ProcessId id = nextId();
        m_processes.push_back({id, spec});
        const absl::Status accepted = beforeProgram ? beforeProgram(id) : absl::OkStatus();
        if (accepted.ok()) return id;
        m_processes.pop_back();
        return accepted;
    }

    std::int32_t ownPid() const override { return own; }
    absl::StatusOr<ProcessId> identify(std::int32_t pid) const override {
        for (const Process& one : m_processes) {
            if (one.id.pid == pid && !one.ended) return one.id;
        }
        return gone();
    }
    absl::StatusOr<agent::platform::ProcessStatus> status(const ProcessId& id) const override {
        for (const Process& one : m_processes) {
            if (one.id != id || one.ended) continue;
            agent::platform::ProcessStatus found;
            found.state = one.state;
            found.sessionId = one.session;
            found.age = one.age;
            found.cpuTime = one.cpuTime;
            return found;
        }
        return gone();
    }
    absl::StatusOr<std::vector<agent::platform::ProcessUse>> family(
        const ProcessId& id, const std::vector<ProcessId>& known,
        const agent::platform::SessionList*) const override {
        ++m_families;
        std::vector<agent::platform::ProcessUse> all;
        if (!look(id, all)) return gone();
        for (const ProcessId& one : known)
            look(one, all);
        return all;
    }
    agent::platform::SessionList sessions() const override {
        ++m_listings;
        return {};
    }
    int listings() const { return m_listings; }  ///< of all processes, for their sessions
    int families() const { return m_families; }  ///< that were read
    std::vector<ProcessId> sessionMembers(const ProcessId& leader) const override {
        std::vector<ProcessId> members;
        for (const Process& one : m_processes) {
            const bool isIn = one.id == leader || one.session == leader.pid;
            if (isIn && !one.ended) members.push_back(one.id);
        }
        return members;
    }
    absl::StatusOr<std::vector<ProcessId>> withEnvironment(const std::string&,
                                                           const std::string&) const override {
        if (!lookError.ok()) return lookError;
        return strays;
    }
    absl::StatusOr<agent::platform::ProcessOrigin> origin(const ProcessId& id,
                                                          const std::string&) const override {
        const auto found = origins.find(id.pid);
        return found == origins.end() ? agent::platform::ProcessOrigin() : found->second;
    }

    absl::Status signal(const ProcessId& id, agent::platform::Signal signal) override {
        signals.emplace_back(id, signal);
        const bool isHeeded = signal == agent::platform::Signal::Kill ||
                              (signal == agent::platform::Signal::Terminate && obedient);
        if (!isHeeded || straysLinger) return absl::OkStatus();
        strays.erase(std::remove(strays.begin(), strays.end(), id), strays.end());
        for (Process& one : m_processes)
            one.ended = one.ended || one.id == id;
        return absl::OkStatus();
    }
    absl::Status signalSession(const ProcessId& leader, agent::platform::Signal signal) override {
        if (!status(leader).ok()) return gone();
        if (!signalError.ok()) return signalError;
        signals.emplace_back(leader, signal);
        if (signal == agent::platform::Signal::Kill)
            end(leader, {agent::platform::ExitStatus::Kind::Killed, 9});
        if (signal == agent::platform::Signal::Terminate && obedient)
            end(leader, {agent::platform::ExitStatus::Kind::Killed, 15});
        return absl::OkStatus();
    }

    absl::Status watch(const ProcessId& id) override {
        if (!status(id).ok()) return gone();
        if (!watchErrors.empty()) {
            const absl::Status error = watchErrors.front();
            watchErrors.pop_front();
            return error;
        }
        process(id).watched = true;
        return absl::OkStatus();
    }
    void forget(const ProcessId& id) override { process(id).watched = false; }
    std::vector<agent::platform::ExitNotice> wait(std::chrono::milliseconds) override {
        std::vector<agent::platform::ExitNotice> notices;
        for (Process& one : m_processes) {
            if (!one.ended || !one.watched) continue;
            one.watched = false;
            notices.push_back({one.id, one.status});
        }
        return notices;
    }
    void release(const ProcessId& id) override { process(id).released = true; }
    void wake() override {}

    absl::StatusOr<agent::platform::Account> find(const std::string& name) const override {
        ++userLookUps;
        if (onUserLookUp) onUserLookUp();
        if (!userError.ok()) return userError;
        if (name != "metrics")
            return base::failedPrecondition("NO_SUCH_USER", name, "user '{}' does not exist", name);
        return agent::platform::Account{name, "/home/metrics", 99, 99, {}};
    }

private:
    /// The process and its children, of which each is there once; false when it is gone.
    bool look(const ProcessId& id, std::vector<agent::platform::ProcessUse>& all) const {
        const auto add = [&all](const agent::platform::ProcessUse& use) {
            if (std::none_of(all.begin(), all.end(),
                             [&](const auto& other) { return other.id == use.id; }))
                all.push_back(use);
        };
        for (const Process& one : m_processes) {
            if (one.id != id || one.ended) continue;
            add({id, 1, one.usage.cpuTime, {}, one.usage.rssBytes, one.usage.tasks});
            for (const auto& child : one.children)
                add(child);
            return true;
        }
        return false;
    }
    static absl::Status gone() { return base::notFound("PROCESS_GONE", "", "gone"); }
    ProcessId nextId() {
        ++m_nextPid;
        return {m_nextPid, static_cast<std::uint64_t>(m_nextPid) * 10, "boot"};
    }

    std::deque<Process> m_processes;
    std::int32_t m_nextPid = 100;
    mutable int m_listings = 0;
    mutable int m_families = 0;
};

}  // namespace ifrit::tests
