// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/program_launch.h"

#include <algorithm>

#include "agent/supervise/program_check.h"

namespace ifrit::agent::supervise {
namespace {

constexpr char kDefaultPath[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

}  // namespace

std::string markerOf(const SupervisorOptions& options, const RunSpec& spec) {
    return options.instance + ':' + spec.agent;
}

platform::LaunchSpec launchSpecOf(const RunSpec& spec, const SupervisorOptions& options,
                                  const std::optional<platform::Account>& account,
                                  const std::string& outputFile) {
    platform::LaunchSpec launch;
    launch.outputFile = outputFile;
    launch.command = spec.command;
    launch.checkProgram = programCheck(spec.command[0], spec.programSha256);
    launch.environment = spec.environment;
    launch.environment.emplace("PATH", kDefaultPath);
    if (account) {
        launch.environment.emplace("HOME", account->home);
        launch.environment.emplace("USER", account->name);
        launch.environment.emplace("LOGNAME", account->name);
    }
    launch.environment[kMarker] = markerOf(options, spec);
    launch.environment[kMachineMarker] = options.machine;
    launch.workingDirectory = spec.workingDirectory;
    launch.account = account;
    if (spec.limits.openFiles != 0) launch.limits.openFiles = spec.limits.openFiles;
    return launch;
}

bool hasCompany(const platform::ProcessTable& processes, const platform::ProcessId& leader) {
    const auto members = processes.sessionMembers(leader);
    return std::any_of(members.begin(), members.end(), [&](const platform::ProcessId& member) {
        return member.pid != leader.pid && processes.isAlive(member);
    });
}

}  // namespace ifrit::agent::supervise
