// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/own_password.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views_access.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

constexpr std::chrono::hours kMostOfGrant{3'650 * 24};

struct GrantOptions {
    domain::Grant grant;
    std::string lifetime;
    std::string until;
    std::string id;
    std::string user;
    bool permissions = false;
    OwnPasswordOptions password;
};

const View<std::string>& permissionView() {
    static const View<std::string> kView = {
        {{"PERMISSION", Shown::Always, [](const auto& p) { return p; }}},
        [](const auto& p) { return p; },
        [](const auto& p) { return Json::object().set("permission", p); }};
    return kView;
}

absl::Status list(Shell& shell, const GrantOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto all, shell.await<services::GrantList>([&](auto reply) {
        return session->access().listGrants(options.user, std::move(reply));
    }));
    if (options.permissions) {
        shell.print().list(permissionView(), all.permissions);
        return absl::OkStatus();
    }
    shell.print().list(grantView(), all.grants);
    shell.noteShown(all.grants.size(), "grants", false);
    return absl::OkStatus();
}

absl::Status readEnd(GrantOptions& options) {
    if (!options.lifetime.empty() && !options.until.empty())
        return usage("say either --for or --until");
    if (!options.until.empty()) {
        IFRIT_ASSIGN_OR_RETURN(options.grant.expires, parseUntil("--until", options.until));
    }
    if (!options.lifetime.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const auto lifetime,
                               parseDuration("--for", options.lifetime, kMostOfGrant));
        options.grant.expires = base::SystemClock().now() + lifetime;
    }
    return absl::OkStatus();
}

absl::Status give(Shell& shell, GrantOptions options) {
    IFRIT_RETURN_IF_ERROR(readEnd(options));
    const domain::Grant& grant = options.grant;
    if (const absl::Status good = domain::checkGrant(grant); !good.ok())
        return usage(base::messageOf(good));
    IFRIT_RETURN_IF_ERROR(shell.confirmCount(
        "grant give", 1, fmt::format("Grant {} {}?", grant.to, domain::describe(grant))));
    IFRIT_ASSIGN_OR_RETURN(const services::Mutation mutation,
                           wideningMutation(shell, options.password));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const auto given, shell.await<services::GrantInfo>([&](auto reply) {
        return session->access().giveGrant(grant, mutation, std::move(reply));
    }));
    shell.print().one(grantView(), given);
    if (given.elsewhere) {
        shell.note(fmt::format("this cluster is not called '{}': here the grant opens nothing",
                               printable(grant.cluster)));
    }
    return absl::OkStatus();
}

absl::Status take(Shell& shell, const GrantOptions& options) {
    IFRIT_RETURN_IF_ERROR(
        shell.confirmCount("grant take", 1, fmt::format("Take the grant {} away?", options.id)));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const absl::StatusOr<bool> taken = shell.await<bool>([&](services::Reply<bool> reply) {
        return session->access().takeGrant(
            options.id, shell.mutation(), [reply](const absl::Status& status) {
                reply(status.ok() ? absl::StatusOr<bool>(true) : absl::StatusOr<bool>(status));
            });
    });
    if (taken.ok()) shell.note("taken away: it holds nowhere any more");
    return taken.status();
}

}  // namespace

void addGrantCommands(Shell& shell) {
    CLI::App& noun =
        shell.addNoun("grant", "What users who are no super admins may do beside reading");
    const auto options = std::make_shared<GrantOptions>();
    CLI::App& listVerb = shell.addVerb(
        noun,
        {"list", "Grants of everybody or of one user, also those of the configuration",
         "ifritctl grant list --user anna"},
        [&shell, options] { return list(shell, *options); });
    listVerb.add_option("--user", options->user, "Only of this user")->type_name("NAME");
    listVerb.add_flag("--permissions", options->permissions,
                      "Print the permissions that can be granted instead");
    CLI::App& giveVerb = shell.addVerb(
        noun,
        {"give", "Let a user do something, for an agent and a machine type or for all",
         "ifritctl grant give anna 'release.*' --agent logd --type LINUX --for 30d --reason "
         "'on call' --confirm-count 1",
         kAsksForTheGrant},
        [&shell, options] { return give(shell, *options); });
    domain::Grant& grant = options->grant;
    giveVerb.add_option("USER", grant.to, "To whom")->required();
    giveVerb
        .add_option("PERMISSION", grant.verb,
                    "As release.start, campaign.prepare, 'release.*' or '*'")
        ->required();
    giveVerb
        .add_option("--agent", grant.agent, "Agent, or the beginning of names and *; * if absent")
        ->type_name("NAME");
    giveVerb.add_option("--type", grant.machineType, "Machine type, in the same way")
        ->type_name("TYPE");
    giveVerb.add_option("--cluster", grant.cluster, "Cluster, in the same way")->type_name("NAME");
    giveVerb
        .add_option("--for", options->lifetime,
                    "How long it holds, as 8h or 365d; for ever if absent")
        ->type_name("DURATION");
    giveVerb.add_option("--until", options->until, "Or until when; a day is included")
        ->type_name("TIME");
    addOwnPasswordOption(giveVerb, options->password);
    CLI::App& takeVerb =
        shell.addVerb(noun,
                      {"take", "Take a grant away; one of the configuration is taken away there",
                       "ifritctl grant take 5f0c6a3e-... --reason 'off call' --confirm-count 1",
                       kAsksForTheGrant},
                      [&shell, options] { return take(shell, *options); });
    takeVerb.add_option("ID", options->id, "As 'grant list' shows it")->required();
}

}  // namespace ifrit::gui::ctl
