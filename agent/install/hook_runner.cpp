// SPDX-License-Identifier: Apache-2.0
#include "agent/install/hook_runner.h"

#include <spdlog/spdlog.h>

#include "agent/reconcile/reasons.h"
#include "agent/supervise/program_check.h"
#include "shared/base/exhaustion.h"
#include "shared/base/one_line.h"

namespace ifrit::agent::install {
namespace {

constexpr std::size_t kShownOutput = 1024;
constexpr std::size_t kToldOutput = 256;

const std::optional<domain::Hook>& hookOf(const domain::Hooks& hooks, HookPoint point) {
    switch (point) {
        case HookPoint::PreInstall:
            return hooks.preInstall;
        case HookPoint::PostInstall:
            return hooks.postInstall;
        case HookPoint::PreStart:
            return hooks.preStart;
        case HookPoint::PostStop:
            return hooks.postStop;
        case HookPoint::PreUninstall:
            break;
    }
    return hooks.preUninstall;
}

std::string_view nameOf(HookPoint point) {
    switch (point) {
        case HookPoint::PreInstall:
            return "pre_install";
        case HookPoint::PostInstall:
            return "post_install";
        case HookPoint::PreStart:
            return "pre_start";
        case HookPoint::PostStop:
            return "post_stop";
        case HookPoint::PreUninstall:
            break;
    }
    return "pre_uninstall";
}

/// The end of an output, in one line: at most so many bytes of it.
std::string endOf(const std::string& output, std::size_t bytes) {
    if (output.size() <= bytes) return base::oneLine(output);
    return "..." + base::oneLine(std::string_view(output).substr(output.size() - bytes));
}

absl::Status failed(HookPoint point, const std::string& agent, const std::string& how) {
    return base::failedPrecondition(reconcile::kHookFailed, agent, "hook {} {}", nameOf(point),
                                    how);
}

}  // namespace

HookRunner::HookRunner(platform::CommandRunner& commands, const platform::UserDirectory& users,
                       const package::ManifestStore& manifests, const RunSpecMaker& specs)
    : m_commands(commands), m_users(users), m_manifests(manifests), m_specs(specs) {}

absl::Status HookRunner::run(const std::string& agent, const journal::InstalledVersion& version,
                             HookPoint point, RunSpecMaker::Purpose purpose) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_manifests.load(agent, version.digest));
    const std::optional<domain::Hook>& hook = hookOf(manifest.hooks, point);
    if (!hook) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(platform::LaunchSpec spec,
                           m_specs.hookSpec(manifest, version, *hook, purpose));
    if (!manifest.start.user.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.account, m_users.find(manifest.start.user));
    }
    const auto result = m_commands.run(spec, hook->timeout);
    if (base::isExhaustion(result.status())) {
        return base::annotate(result.status(),
                              fmt::format("hook {} could not be run", nameOf(point)));
    }
    if (supervise::isRefusedProgram(result.status())) {
        if (m_suspect) m_suspect(agent);
        return base::annotate(result.status(), fmt::format("hook {} did not run", nameOf(point)));
    }
    if (!result.ok()) {
        return failed(point, agent,
                      fmt::format("could not be run: {}", base::messageOf(result.status())));
    }
    if (result->success()) {
        note(agent, point, result->output);
        return absl::OkStatus();
    }
    const std::string how = result->timedOut
                                ? fmt::format("was killed after {} ms", hook->timeout.count())
                                : platform::describe(result->status);
    return failed(point, agent,
                  result->output.empty()
                      ? how
                      : fmt::format("{}: {}", how, endOf(result->output, kShownOutput)));
}

void HookRunner::note(const std::string& agent, HookPoint point, const std::string& output) {
    if (output.find_first_not_of(" \t\r\n") == std::string::npos) return;
    spdlog::info("{}: hook {} says: {}", agent, nameOf(point), endOf(output, kShownOutput));
    const absl::MutexLock lock(&m_mutex);
    std::string& said = m_said[agent];
    if (said.size() > kShownOutput) return;
    said += fmt::format("{}{}: {}", said.empty() ? "" : "; ", nameOf(point),
                        endOf(output, kToldOutput));
}

std::string HookRunner::takeSaid(const std::string& agent) {
    const absl::MutexLock lock(&m_mutex);
    const auto found = m_said.find(agent);
    if (found == m_said.end()) return "";
    std::string said = std::move(found->second);
    m_said.erase(found);
    return said;
}

}  // namespace ifrit::agent::install
