// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/probe_check.h"

#include <fmt/format.h>

#include "agent/platform/tcp_connection.h"
#include "agent/supervise/http_probe.h"
#include "agent/supervise/program_check.h"
#include "shared/base/exhaustion.h"
#include "shared/base/one_line.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kMessageBytes = 300;

std::string lastLine(const std::string& output) {
    const auto end = output.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return "";
    const auto lineStart = output.find_last_of('\n', end);
    const auto start = lineStart == std::string::npos ? 0 : lineStart + 1;
    return base::oneLine(output.substr(start, std::min(end + 1 - start, kMessageBytes)));
}

ProbeResult checkExec(const ProbeRequest& request, platform::CommandRunner& commands,
                      std::stop_token stop) {
    platform::LaunchSpec spec;
    spec.command = request.probe.command;
    spec.environment = request.environment;
    spec.workingDirectory = request.workingDirectory;
    spec.account = request.account;
    if (!spec.account && request.findAccount) {
        auto account = request.findAccount();
        if (!account.ok()) return ProbeResult::notAsked(base::messageOf(account.status()));
        spec.account = *std::move(account);
    }
    spec.checkProgram = request.checkProgram;
    const auto result = commands.run(spec, request.probe.timeout, std::move(stop));
    if (!result.ok()) return notOk(result.status(), "");
    std::string message =
        result->timedOut
            ? fmt::format("{} gave no answer in {} ms", spec.command[0],
                          request.probe.timeout.count())
            : fmt::format("{} {}", spec.command[0], platform::describe(result->status));
    if (const std::string line = lastLine(result->output); !line.empty()) message += ": " + line;
    return {result->success(), message};
}

ProbeResult checkTcp(const domain::Probe& probe, std::stop_token stop) {
    const auto deadline = std::chrono::steady_clock::now() + probe.timeout;
    const auto address = base::parseHostPort(probe.address);
    if (!address.ok()) return {false, base::messageOf(address.status())};
    const auto status = platform::connectTcp(*address, deadline, std::move(stop)).status();
    if (status.ok()) return {true, probe.address + " accepts connections"};
    return notOk(status, probe.address + ": ");
}

}  // namespace

ProbeResult notOk(const absl::Status& status, const std::string& context) {
    const std::string message = context + base::messageOf(status);
    const bool isRefused = isRefusedProgram(status);
    if (!base::isExhaustion(status) && !isRefused) return {false, message};
    // Our own want, or what somebody did to the probe, of which the agent knows nothing.
    ProbeResult result = ProbeResult::notAsked(message);
    result.isRefused = isRefused;
    result.isWant = !isRefused;
    return result;
}

ProbeResult checkProbe(const ProbeRequest& request, platform::CommandRunner& commands,
                       std::stop_token stop) {
    switch (request.probe.kind) {
        case domain::Probe::Kind::Exec:
            return checkExec(request, commands, std::move(stop));
        case domain::Probe::Kind::Tcp:
            return checkTcp(request.probe, std::move(stop));
        case domain::Probe::Kind::Http:
            return checkHttp(request.probe.url, request.probe.timeout, std::move(stop));
    }
    return {false, "unknown kind of probe"};
}

}  // namespace ifrit::agent::supervise
