// SPDX-License-Identifier: Apache-2.0
#include "agent/install/hook_runner.h"

#include "agent/reconcile/reasons.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::install {
namespace {

constexpr std::size_t kShownOutput = 1024;

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

std::string endOf(const std::string& output) {
    return output.size() <= kShownOutput ? output
                                         : "..." + output.substr(output.size() - kShownOutput);
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
                             HookPoint point) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_manifests.load(agent, version.digest));
    const std::optional<domain::Hook>& hook = hookOf(manifest.hooks, point);
    if (!hook) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(platform::LaunchSpec spec, m_specs.hookSpec(manifest, version, *hook));
    if (!manifest.start.user.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.account, m_users.find(manifest.start.user));
    }
    const auto result = m_commands.run(spec, hook->timeout);
    if (base::isExhaustion(result.status())) {
        return base::annotate(result.status(),
                              fmt::format("hook {} could not be run", nameOf(point)));
    }
    if (!result.ok()) {
        return failed(point, agent,
                      fmt::format("could not be run: {}", base::messageOf(result.status())));
    }
    if (result->success()) return absl::OkStatus();
    const std::string how = result->timedOut
                                ? fmt::format("was killed after {} ms", hook->timeout.count())
                                : platform::describe(result->status);
    return failed(point, agent,
                  result->output.empty() ? how : fmt::format("{}: {}", how, endOf(result->output)));
}

}  // namespace ifrit::agent::install
