// SPDX-License-Identifier: Apache-2.0
// How the Installer starts and stops the programs of versions.
#include <spdlog/spdlog.h>

#include "agent/install/installer.h"
#include "agent/reconcile/reasons.h"
#include "agent/reconcile/step_positions.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::install {

absl::Status Installer::run(const std::string& agent, const Version& version) {
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(agent, version.digest));
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    const bool isOnTrial = record.step && record.step->target == version;
    IFRIT_ASSIGN_OR_RETURN(const supervise::RunSpec spec,
                           m_parts.specs.runSpec(manifest, version,
                                                 isOnTrial ? RunSpecMaker::Purpose::Trial
                                                           : RunSpecMaker::Purpose::Start));
    if (m_parts.beforeChange) m_parts.beforeChange("start");
    // No sooner: what runs already needs none, and is adopted whether there is room for it or not.
    const auto beforeStart = [&] {
        const absl::Status made = ensureData(agent, version, manifest.start.user);
        return made.ok() ? prepareStart(agent, version, isOnTrial) : made;
    };
    IFRIT_RETURN_IF_ERROR(m_parts.processes.run(spec, record.process, beforeStart));
    // What waits for its next start is started by its supervisor, who makes none.
    return ensureData(agent, version, manifest.start.user);
}

absl::Status Installer::giveData(const SwitchOrder& order, const std::string& user,
                                 const std::optional<Version>& old) {
    using TakenFrom = VersionDirectories::TakenFrom;
    // Of an agent that was uninstalled nobody knows any more to whom its directory was given.
    IFRIT_ASSIGN_OR_RETURN(const std::string said,
                           m_parts.versions.prepareData(
                               order.agent, user, old ? TakenFrom::Ours : TakenFrom::Anybody));
    if (!said.empty()) tell(event("data-owner", order.agent, order.target.version, said));
    return absl::OkStatus();
}

void Installer::giveDataBack(const std::string& agent, const std::optional<Version>& version) {
    if (!version) return;
    const auto manifest = m_parts.manifests.load(agent, version->digest);
    const absl::Status given =
        manifest.ok() ? ensureData(agent, *version, manifest->start.user) : manifest.status();
    if (!given.ok())
        spdlog::error("{}: its data directory is not prepared for version {}: {}", agent,
                      version->version, base::messageOf(given));
}

absl::Status Installer::ensureData(const std::string& agent, const Version& version,
                                   const std::string& user) {
    IFRIT_RETURN_IF_ERROR(m_parts.versions.ensureData(agent, user));
    const auto said = m_parts.versions.mendData(agent, user);
    // It may run as it is; what it cannot do without its directory it says itself.
    if (!said.ok())
        spdlog::warn("{}: its data directory is left as it is: {}", agent,
                     base::messageOf(said.status()));
    else if (!said->empty())
        tell(event("data-owner", agent, version.version, *said));
    return absl::OkStatus();
}

absl::Status Installer::prepareStart(const std::string& agent, const Version& version,
                                     bool isOnTrial) {
    const auto purpose = isOnTrial ? RunSpecMaker::Purpose::Trial : RunSpecMaker::Purpose::Start;
    const absl::Status hook = m_parts.hooks.run(agent, version, HookPoint::PreStart, purpose);
    // One that could not be run has said nothing: it is run at the next try.
    if (isOnTrial || base::errorInfo(hook).reason != reconcile::kHookFailed) return hook;
    // There is nothing to go back to: down it would help nobody.
    tell(event("hook-failed", agent, version.version, base::messageOf(hook)));
    return absl::OkStatus();
}

absl::Status Installer::runCurrent(const std::string& agent, const journal::AgentRecord& record) {
    absl::Status started = run(agent, *record.current);
    const bool isOnTrial = record.step && record.step->position == reconcile::kWatching;
    if (isOnTrial && base::errorInfo(started).reason == reconcile::kHookFailed)
        return revert(agent, std::string(reconcile::kHookFailed), base::messageOf(started));
    return started;
}

absl::StatusOr<supervise::RunSpec> Installer::stopSpec(const std::string& agent,
                                                       const Version& version) const {
    const auto manifest = m_parts.manifests.load(agent, version.digest);
    if (manifest.ok())
        return m_parts.specs.runSpec(*manifest, version, RunSpecMaker::Purpose::Stop);
    if (base::isExhaustion(manifest.status())) return manifest.status();
    // Nobody knows any more how it wants to be stopped, and it must not run on for that.
    return m_parts.specs.bareSpec(agent, version);
}

absl::Status Installer::stop(const std::string& agent, const Version& version) {
    IFRIT_ASSIGN_OR_RETURN(const supervise::RunSpec spec, stopSpec(agent, version));
    if (m_parts.beforeChange) m_parts.beforeChange("stop");
    IFRIT_RETURN_IF_ERROR(m_parts.processes.stop(spec, m_parts.journal.agent(agent).process));
    // The program is gone, whatever its hook says: to go back because of it would help nobody.
    if (const absl::Status hook =
            m_parts.hooks.run(agent, version, HookPoint::PostStop, RunSpecMaker::Purpose::Start);
        !hook.ok())
        tell(event("hook-failed", agent, version.version, base::messageOf(hook)));
    return absl::OkStatus();
}

absl::Status Installer::startCurrent(const std::string& agent) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (!record.current) return absl::OkStatus();
    return runCurrent(agent, record);
}

absl::Status Installer::restartCurrent(const std::string& agent, const std::string& why) {
    const journal::AgentRecord record = m_parts.journal.agent(agent);
    if (!record.current) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(const domain::Manifest manifest,
                           m_parts.manifests.load(agent, record.current->digest));
    // What could not be started again is not ended.
    IFRIT_RETURN_IF_ERROR(m_parts.specs.runSpec(manifest, *record.current).status());
    IFRIT_RETURN_IF_ERROR(stop(agent, *record.current));
    if (!why.empty()) tell(event("restarted", agent, record.current->version, why));
    return runCurrent(agent, record);
}

}  // namespace ifrit::agent::install
