// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

constexpr std::chrono::hours kKeptByMasters(1);

void noteFreeze(const Shell& shell, const services::ClusterSummary& cluster) {
    if (!cluster.freeze) return;
    shell.note(freezeText(*cluster.freeze));
    if (!cluster.freeze->unconfirmed.empty())
        shell.note("not confirmed: " + unconfirmedText(cluster.freeze->unconfirmed));
}

absl::Status showCluster(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::ClusterSummary cluster,
                           shell.await<services::ClusterSummary>([&](auto reply) {
                               return session->fleet().getCluster(std::move(reply));
                           }));
    IFRIT_ASSIGN_OR_RETURN(const services::Identity identity,
                           shell.await<services::Identity>([&](auto reply) {
                               return session->connection().whoAmI(std::move(reply));
                           }));
    shell.print().one(clusterView(), cluster);
    shell.note(fmt::format(
        "you are {} ({}) by {}; may {}", identity.user, identity.role, identity.method,
        identity.permissions.empty() ? std::string("read")
                                     : fmt::format("{}", fmt::join(identity.permissions, ", "))));
    noteFreeze(shell, cluster);
    if (cluster.staleSince.has_value()) {
        shell.note("the master serves its last composed state: its database or cache is away");
    }
    return absl::OkStatus();
}

enum class Turn { Freeze, Unfreeze };

absl::Status turn(Shell& shell, Turn turn) {
    if (shell.options().reason.empty())
        return usage("say why with --reason: whoever finds it later has to know");
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    // Freezing asks nothing: it has to be quick, and it changes no machine.
    if (turn == Turn::Unfreeze)
        IFRIT_RETURN_IF_ERROR(shell.confirm("Unfreeze the cluster and let machines change again?"));
    IFRIT_ASSIGN_OR_RETURN(
        const services::ClusterSummary cluster,
        shell.await<services::ClusterSummary>([&](auto reply) {
            return turn == Turn::Freeze
                       ? session->fleet().freeze(shell.mutation(), std::move(reply))
                       : session->fleet().unfreeze(shell.mutation(), std::move(reply));
        }));
    if (cluster.freeze && !cluster.freeze->recorded) shell.keepNoHead();
    shell.print().one(clusterView(), cluster);
    if (!cluster.freeze) shell.note("not frozen");
    noteFreeze(shell, cluster);
    if (turn == Turn::Unfreeze || !cluster.freeze) return absl::OkStatus();
    if (cluster.freeze->isForgottenByRestart) {
        return base::makeError(absl::StatusCode::kUnknown, kFreezeNotKept, cluster.name,
                               "the cluster is frozen, but neither the master's database nor its "
                               "disk took that: a restart of the master forgets it");
    }
    if (cluster.freeze->unconfirmed.empty()) return absl::OkStatus();
    // Not all of it is done: a script must not take the cluster for frozen.
    return base::makeError(absl::StatusCode::kUnknown, kFreezeUnconfirmed, cluster.name,
                           "the cluster is frozen, but not every master has confirmed it; one "
                           "that has not may let machines change until it hears of it");
}

absl::Status showLoad(Shell& shell, const std::string& since) {
    IFRIT_ASSIGN_OR_RETURN(const std::chrono::milliseconds within, parseDuration("--since", since));
    if (within.count() == 0) return usage("--since must be more than zero");
    // Of two hours they would answer one, and the table would not say so.
    if (within > kKeptByMasters)
        return usage(fmt::format("--since {} is more than the hour that masters keep",
                                 humanDuration(within)));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const auto loads = shell.await<services::MasterLoads>(
        [&](auto reply) { return session->fleet().listMasterLoads(within, std::move(reply)); });
    if (loads.status().code() == absl::StatusCode::kUnimplemented) {
        return base::makeError(absl::StatusCode::kUnimplemented, "MASTER_TOO_OLD", "",
                               "this master is older than ifritctl and does not tell its load");
    }
    IFRIT_RETURN_IF_ERROR(loads.status());
    shell.print().list(loadView(), *loads);
    for (const services::MasterLoad& load : *loads) {
        if (load.unreachable)
            shell.note(fmt::format("{} does not answer the other masters", load.address));
        else if (load.samples.empty())
            shell.note(fmt::format("{} has no sample of that time", load.address));
    }
    return absl::OkStatus();
}

absl::Status listAgents(Shell& shell) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::ManagedAgentInfo> agents,
                           shell.await<std::vector<services::ManagedAgentInfo>>([&](auto reply) {
                               return session->fleet().listAgents(std::move(reply));
                           }));
    shell.print().list(agentView(), agents);
    shell.noteShown(agents.size(), "agents", false);
    return absl::OkStatus();
}

}  // namespace

void addClusterCommands(Shell& shell) {
    CLI::App& cluster = shell.addNoun("cluster", "The cluster that the context's masters serve");
    shell.addVerb(cluster,
                  {"show", "Machines, states, versions, ring and who you are there",
                   "ifritctl cluster show -o json"},
                  [&shell] { return showCluster(shell); });
    shell.addVerb(cluster,
                  {"freeze",
                   "Stop all change: no permits, no stage opens, nothing starts; works without the "
                   "master's database too",
                   "ifritctl cluster freeze --reason 'disk full everywhere after 4.2'"},
                  [&shell] { return turn(shell, Turn::Freeze); });
    shell.addVerb(cluster,
                  {"unfreeze", "Let machines change again",
                   "ifritctl cluster unfreeze --reason 'was the sensor' --yes", kAsksForAYes},
                  [&shell] { return turn(shell, Turn::Unfreeze); });
    const auto since = std::make_shared<std::string>("1m");
    CLI::App& load = shell.addVerb(
        cluster,
        {"load",
         "Polls per second of each master and how long they took: half of them within P50, the "
         "worst ten seconds within P99",
         "ifritctl cluster load --since 10m"},
        [&shell, since] { return showLoad(shell, *since); });
    load.add_option("--since", *since, "So long until now; masters keep an hour")
        ->type_name("DURATION")
        ->capture_default_str();
    CLI::App& agent = shell.addNoun("agent", "Managed agents of the cluster");
    shell.addVerb(agent,
                  {"list", "Agents with their settled and running versions", "ifritctl agent list"},
                  [&shell] { return listAgents(shell); });
}

}  // namespace ifrit::gui::ctl
