// SPDX-License-Identifier: Apache-2.0
#include "agent/app/local_machine.h"

#include <spdlog/spdlog.h>

#include "agent/guard/slots.h"
#include "agent/install/journal_rebuild.h"
#include "agent/supervise/rhythm.h"
#include "shared/base/atomic_file.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {
namespace {

constexpr std::uint32_t kOpenMode = 0755;     // managed agents may run as other users
constexpr std::uint32_t kPrivateMode = 0700;  // keys, journal, archives
constexpr std::size_t kMaxPidBytes = 64;

absl::Status makeDirectories(const install::Layout& layout, platform::Directories& directories) {
    for (const auto& [path, mode] :
         {std::pair(layout.root(), kOpenMode), std::pair(layout.agents(), kOpenMode),
          std::pair(layout.logs(), kOpenMode), std::pair(layout.keys(), kOpenMode),
          std::pair(layout.cache(), kPrivateMode), std::pair(layout.state(), kPrivateMode)}) {
        IFRIT_RETURN_IF_ERROR(directories.create(path, mode));
    }
    return absl::OkStatus();
}

/// Who has the root is an ifrit-agent, which ifrit-guard starts again when it is ended.
absl::StatusOr<platform::FileLock> acquireLock(const install::Layout& layout) {
    absl::StatusOr<platform::FileLock> lock = platform::FileLock::acquire(layout.lock());
    if (base::errorInfo(lock.status()).reason != "LOCKED") return lock;
    const std::string holder = base::readFile(layout.lock(), kMaxPidBytes).value_or("");
    return base::failedPrecondition(
        "LOCKED", layout.root(),
        "another instance runs on {}: ifrit-agent, process {}; stop ifrit-guard first",
        layout.root(), holder.substr(0, holder.find('\n')));
}

std::string bootOf(const platform::ProcessTable& processes) {
    const auto self = processes.identify(processes.ownPid());
    return self.ok() ? self->bootId : "";
}

}  // namespace

LocalMachine::LocalMachine(Opened opened)
    : config(std::move(opened.config)),
      facts(std::move(opened.facts)),
      identity(std::move(opened.identity)),
      marks(std::move(opened.marks)),
      layout(config.root),
      platform(std::move(opened.platform)),
      lock(std::move(opened.lock)),
      journal(std::move(opened.journal)),
      manifests(layout.agents()),
      cache(layout.cache()),
      live(facts, *platform.host, clock, {layout.address(), bootOf(*platform.processes)}),
      specs(layout, facts, config.vars, [this] { return live.address(); }),
      versions(*platform.directories, *platform.users, manifests, layout, opened.beforeChange),
      hooks(*platform.commands, *platform.users, manifests, specs),
      record(*journal, clock),
      probes(*platform.commands, clock),
      accounts(*platform.users),
      groups(platform::openResourceGroups(config.limits.cgroup)),
      supervisor({clock, base::systemUniformRandom(), *platform.launcher, *platform.processes,
                  *platform.signaller, *platform.exits, *platform.users, probes, record,
                  *groups.groups, accounts},
                 {{},
                  config.limits.sampleInterval,
                  layout.state(),
                  facts.uuid,
                  supervise::phaseOf(facts.uuid)}),
      processes(supervisor),
      installer(
          {clock, *journal, versions, hooks, processes, manifests, specs, opened.beforeChange}) {}

absl::StatusOr<std::unique_ptr<LocalMachine>> LocalMachine::open(
    const Config& config, const std::string& ifritVersion,
    const install::VersionDirectories::BeforeChange& beforeChange) {
    const install::Layout layout(config.root);
    IFRIT_ASSIGN_OR_RETURN(platform::Platform platform, platform::makePlatform());
    platform::HostFacts host = platform.host->facts();
    IFRIT_RETURN_IF_ERROR(makeDirectories(layout, *platform.directories));
    IFRIT_ASSIGN_OR_RETURN(platform::FileLock lock, acquireLock(layout));
    // A version on trial that cannot read what the one before wrote must not write it anew: it is
    // to be put back, and the one before goes on from what is there.
    const bool onTrial = guard::Slots(layout.root(), *platform.directories).trial().has_value();
    IFRIT_ASSIGN_OR_RETURN(
        journal::Journal::Opened opened,
        journal::Journal::open(layout.journal(), onTrial ? journal::Journal::OnDamage::Refuse
                                                         : journal::Journal::OnDamage::StartEmpty));
    IFRIT_ASSIGN_OR_RETURN(const IdentityDecision identity, identityOf(config, host));
    std::unique_ptr<LocalMachine> machine(new LocalMachine(
        {config, machineFacts(config, host, identity.uuid, ifritVersion), identity, hostMarks(host),
         std::move(platform), std::move(lock), std::move(opened.journal), beforeChange}));
    IFRIT_RETURN_IF_ERROR(machine->cleanUp(opened.damage));
    if (const absl::Status held = machine->journal->holdReserve(); !held.ok())
        spdlog::warn("no room is held for a full disk: {}", base::messageOf(held));
    machine->noteIdentity();
    return machine;
}

void LocalMachine::noteIdentity() {
    using Certificate = IdentityDecision::Certificate;
    std::string kind;
    std::string message;
    if (identity.certificate == Certificate::Moved) {
        kind = "identity-moved";
        message = fmt::format(
            "machine {} was enrolled on another host than this one ({}): its disk was moved or "
            "copied. While the other one runs too, this one is refused",
            facts.uuid, facts.hostname);
    } else if (identity.certificate == Certificate::OfAnother) {
        kind = "identity-changed";
        message = fmt::format(
            "the certificate on this disk is of another machine than {} (by {}): it is set aside, "
            "and this machine enrols under its own name",
            facts.uuid, identity.source);
    } else {
        return;
    }
    spdlog::warn("{}", message);
    const absl::Status written = journal->update([&](journal::JournalState& state) {
        state.addEvent({kind, "", "", message, clock.now()});
        if (identity.certificate == Certificate::Moved) return;
        // The original goes on with these numbers.
        state.reportStream.clear();
        state.reportSequence = 0;
    });
    // No reason to keep managed agents waiting: a full disk passes.
    if (!written.ok()) spdlog::error("{}", base::messageOf(written));
}

absl::Status LocalMachine::cleanUp(const absl::Status& damage) {
    if (!damage.ok()) spdlog::error("{}", base::messageOf(damage));
    install::Rebuilt rebuilt;
    // No agents at all: also when a kill came between the finding of the damage and the rebuilding.
    if (!damage.ok() || journal->state().agents.empty()) {
        IFRIT_ASSIGN_OR_RETURN(
            rebuilt, install::rebuildJournal(*journal, *platform.directories, versions, manifests));
    }
    if (rebuilt.found > 0) spdlog::warn("{} managed agents were found on the disk", rebuilt.found);
    for (const std::string& unread : rebuilt.unread)
        spdlog::error("an agent that is here may not be known: {}", unread);
    if (!damage.ok()) {
        std::string message = base::messageOf(damage);
        if (!rebuilt.unread.empty())
            message += "; not all could be read from the disk: " + rebuilt.unread.front();
        IFRIT_RETURN_IF_ERROR(journal->update([&](journal::JournalState& state) {
            state.addEvent({"journal-damaged", "", "", message, clock.now()});
        }));
    }
    // What cannot be removed (something is mounted there, it is immutable, the disk is failing)
    // takes room and keeps nobody from running.
    const auto tell = [](const absl::Status& removed) {
        if (!removed.ok()) spdlog::warn("not removed: {}", base::messageOf(removed));
    };
    tell(versions.removeLeftovers());
    const auto agents = versions.agents();
    tell(agents.status());
    for (const std::string& agent : agents.value_or(std::vector<std::string>()))
        tell(removeOldVersions(agent));
    const auto needed = neededArchives();
    tell(needed.ok() ? cache.keepOnly(*needed) : needed.status());
    return absl::OkStatus();
}

absl::Status LocalMachine::removeOldVersions(const std::string& agent) {
    const journal::JournalState state = journal->state();
    const auto found = state.agents.find(agent);
    // Without a journal's word nothing is old: it may be all that is left of a damaged one.
    if (found == state.agents.end() || !found->second.current) return absl::OkStatus();
    const journal::AgentRecord& known = found->second;
    std::vector<journal::InstalledVersion> kept{*known.current};
    if (known.previous) kept.push_back(*known.previous);
    if (known.step) kept.push_back(known.step->target);
    if (state.desired) {
        // What is on its way here, and not yet a step.
        for (const domain::DesiredEntry& entry : state.desired->entries)
            if (entry.agent == agent) kept.push_back({entry.version, entry.manifestDigest});
    }
    return versions.keepOnly(agent, kept);
}

absl::StatusOr<std::set<std::string>> LocalMachine::neededArchives() const {
    IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> agents, versions.agents());
    std::set<std::string> archives;
    for (const std::string& agent : agents) {
        IFRIT_ASSIGN_OR_RETURN(const std::vector<std::string> digests, manifests.digests(agent));
        for (const std::string& digest : digests) {
            const auto manifest = manifests.load(agent, digest);
            if (manifest.ok()) archives.insert(manifest->archiveSha256);
        }
    }
    return archives;
}

void LocalMachine::removeUnneededArchives() const {
    // Looked at first: a download that begins in the meantime is not among them, and one that has
    // begun has its manifest on the disk.
    const auto there = cache.archives();
    const auto needed = neededArchives();
    for (const absl::Status& listed : {there.status(), needed.status()}) {
        if (listed.ok()) continue;
        spdlog::warn("no archives are removed: {}", base::messageOf(listed));
        return;
    }
    for (const std::string& archive : *there)
        if (needed->count(archive) == 0) cache.remove(archive);
}

void LocalMachine::startSupervising() {
    if (!m_thread) m_thread.emplace(supervisor, *platform.exits, clock);
}

absl::Status LocalMachine::stopAll() {
    startSupervising();
    absl::Status first;
    const auto failed = [&first](const std::string& agent, const absl::Status& status) {
        spdlog::error("{}: {}", agent, base::messageOf(status));
        if (first.ok()) first = base::annotate(status, agent);
    };
    std::vector<install::SupervisedProcesses::Stop> stops;
    for (const auto& [agent, agentRecord] : journal->state().agents) {
        if (!agentRecord.current && !agentRecord.process) continue;
        if (agent == domain::kSelfAgent) continue;
        const journal::InstalledVersion version =
            agentRecord.process ? agentRecord.process->version : *agentRecord.current;
        auto spec = installer.stopSpec(agent, version);
        if (spec.ok())
            stops.push_back({*std::move(spec), agentRecord.process});
        else
            failed(agent, spec.status());
    }
    const std::vector<absl::Status> ends = processes.stopTogether(stops);
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const supervise::RunSpec& spec = stops[i].spec;
        if (ends[i].ok())
            spdlog::info("{} {} stopped", spec.agent, spec.version);
        else
            failed(spec.agent, ends[i]);
    }
    return first;
}

}  // namespace ifrit::agent::app
