// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/commands.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

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
    if (cluster.staleSince.has_value()) {
        shell.note("the master serves its last composed state: its database or cache is away");
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
    CLI::App& agent = shell.addNoun("agent", "Managed agents of the cluster");
    shell.addVerb(agent,
                  {"list", "Agents with their settled and running versions", "ifritctl agent list"},
                  [&shell] { return listAgents(shell); });
}

}  // namespace ifrit::gui::ctl
