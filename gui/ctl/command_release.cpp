// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/release_file.h"
#include "gui/ctl/release_plan.h"
#include "gui/ctl/rule_options.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/stage_options.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/machine_deadline.h"

namespace ifrit::gui::ctl {
namespace {

struct CreateOptions {
    std::string file;
    domain::ReleaseSpec spec;
    std::string action;
    std::string soak;
    std::string deadline;
    std::vector<std::string> labels;
    StageOptions stages;
    RuleOptions rules;
    bool dryRun = false;
};

struct LookOptions {
    std::string release;
    std::string agent;
    std::string outcome;
    bool running = false;
    std::size_t limit = 0;
};

absl::StatusOr<domain::ReleaseSpec> specOf(const CreateOptions& options) {
    domain::ReleaseSpec spec = options.spec;
    if (!options.file.empty()) {
        IFRIT_ASSIGN_OR_RETURN(const std::string text,
                               readSmallFile(options.file, kReleaseFileBytes));
        return parseReleaseFile(text, options.file);
    }
    if (!options.action.empty()) {
        spec.action = domain::fromName<domain::DesiredAction>(options.action)
                          .value_or(domain::DesiredAction::Install);
    }
    if (!options.soak.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.soak, parseDuration("--soak", options.soak));
    }
    if (!options.deadline.empty()) {
        IFRIT_ASSIGN_OR_RETURN(spec.machineDeadline, parseDuration("--deadline", options.deadline));
        if (const absl::Status good = domain::checkMachineDeadline(spec.machineDeadline);
            !good.ok())
            return usage("--deadline: " + base::messageOf(good));
    }
    for (const std::string& label : options.labels) {
        const std::size_t equals = label.find('=');
        if (equals == std::string::npos || equals == 0) {
            return usage(fmt::format("--gray-label '{}' is not KEY=VALUE", label));
        }
        spec.gray.labels[label.substr(0, equals)] = label.substr(equals + 1);
    }
    IFRIT_RETURN_IF_ERROR(applyStageOptions(options.stages, spec));
    IFRIT_RETURN_IF_ERROR(applyRuleOptions(options.rules, spec));
    return spec;
}

absl::Status checkSpec(const domain::ReleaseSpec& spec) {
    if (spec.agent.empty()) return usage("name the agent: --agent, or 'agent' in the file");
    if (spec.machineTypes.empty()) {
        return usage("name the machine types: --types LINUX,ARM64, or 'machine_types' in the file");
    }
    const bool install = spec.action == domain::DesiredAction::Install;
    if (install && spec.version.empty()) return usage("name the version: --version");
    if (!install && !spec.version.empty()) return usage("an uninstall takes no version");
    return absl::OkStatus();
}

absl::Status create(Shell& shell, const CreateOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const domain::ReleaseSpec spec, specOf(options));
    IFRIT_RETURN_IF_ERROR(checkSpec(spec));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(
        const services::ReleaseInfo release, shell.await<services::ReleaseInfo>([&](auto reply) {
            return session->releases().create(spec, shell.mutation(), std::move(reply));
        }));
    if (options.dryRun) {
        IFRIT_ASSIGN_OR_RETURN(const services::ReleasePlan plan,
                               fetchPlan(shell, release.release.id));
        printPlan(shell, plan);
    } else {
        shell.print().one(releaseView(), release);
    }
    shell.note(fmt::format("draft {} changes nothing yet; start it with: ifritctl release start {}",
                           release.release.number, release.release.number));
    return absl::OkStatus();
}

absl::Status list(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::ReleaseInfo> releases,
                           shell.awaitPages<services::ReleaseInfo>(
                               [&](const services::PageRequest& page, auto reply) {
                                   return session->releases().list(
                                       {options.agent, options.running, page}, std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(releaseView(), releases);
    shell.noteShown(releases.size(), "releases", more);
    return absl::OkStatus();
}

absl::Status show(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::ReleaseInfo release,
                           shell.await<services::ReleaseInfo>([&](auto reply) {
                               return session->releases().get(options.release, std::move(reply));
                           }));
    Printer print = shell.print();
    print.one(releaseFactsView(), release);
    if (print.isForPeople() && !release.stages.empty()) {
        print.line("");
        print.list(stageView(), release.stages);
    }
    return absl::OkStatus();
}

absl::Status machines(Shell& shell, const LookOptions& options) {
    services::ReleaseMachinesQuery query{options.release, std::nullopt, {}};
    if (!options.outcome.empty())
        query.outcome = domain::fromName<domain::Outcome>(options.outcome);
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::ReleaseMachine> all,
                           shell.awaitPages<services::ReleaseMachine>(
                               [&](const services::PageRequest& page, auto reply) {
                                   query.page = page;
                                   return session->releases().machines(query, std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(releaseMachineView(), all);
    shell.noteShown(all.size(), "machines", more);
    return absl::OkStatus();
}

absl::Status timeline(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::TimelineEntry> all,
                           shell.awaitPages<services::TimelineEntry>(
                               [&](const services::PageRequest& page, auto reply) {
                                   return session->releases().timeline(options.release, page,
                                                                       std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(timelineView(), all);
    shell.noteShown(all.size(), "entries", more);
    return absl::OkStatus();
}

void addCreate(Shell& shell, CLI::App& noun) {
    const auto options = std::make_shared<CreateOptions>();
    domain::ReleaseSpec& spec = options->spec;
    CLI::App& verb = shell.addVerb(
        noun,
        {"create", "Make a draft; it changes no machine until it is started",
         "ifritctl release create --agent node-exporter --version 1.5.0 --types LINUX,CONTAINER "
         "--gray-uuid 10.0.0.7 --gray-uuid 10.0.0.8 --soak 10m --pilot 1% --batches "
         "--batch-interval 5m --reason 'fixes the leak'\n  "
         "ifritctl release create -f release.toml --dry-run"},
        [&shell, options] { return create(shell, *options); });
    CLI::Option* file = verb.add_option("-f,--file", options->file, "All of it as TOML");
    file->type_name("FILE");
    verb.add_flag("--dry-run", options->dryRun, "Print the plan of the draft, with its id");
    const auto own = [file](CLI::Option* option) { return option->excludes(file); };
    own(verb.add_option("--agent", spec.agent, "Agent to move"))->type_name("NAME");
    own(verb.add_option("--version", spec.version, "Version to move it to"))->type_name("VERSION");
    own(verb.add_option("--action", options->action,
                        "install (default), uninstall, "
                        "uninstall-purge"))
        ->type_name("ACTION")
        ->check(CLI::IsMember({"install", "uninstall", "uninstall-purge"}));
    own(verb.add_option("--types", spec.machineTypes, "Machine types, with commas between"))
        ->type_name("TYPE")
        ->delimiter(',');
    own(verb.add_option("--gray-uuid", spec.gray.uuids, "Machines that go first, repeatable"))
        ->type_name("UUID");
    own(verb.add_option("--gray-pin", spec.gray.pin, "Machines of this pin go first"))
        ->type_name("PIN");
    own(verb.add_option("--gray-label", options->labels, "Machines with all these go first"))
        ->type_name("KEY=VALUE");
    addStageOptions(verb, options->stages, own);
    addRuleOptions(verb, options->rules, own);
    own(verb.add_option("--soak", options->soak, "Least time of gray and of pilot before verify"))
        ->type_name("TIME");
    own(verb.add_option("--deadline", options->deadline, "Each machine's limit (10m)"))
        ->type_name("TIME");
    own(verb.add_flag("--auto", spec.autoVerify, "Go on by itself once soak is over"));
}

}  // namespace

void addReleaseCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("release", "Move an agent to a version, stage by stage");
    addCreate(shell, noun);
    const auto options = std::make_shared<LookOptions>();
    const auto named = [options](CLI::App& verb) {
        verb.add_option("RELEASE", options->release, "Number or id")->required();
    };
    const auto limit = [options](CLI::App& verb) {
        verb.add_option("--limit", options->limit, "At most so many; all if absent")
            ->type_name("N")
            ->check(wholeNumber(0, 1'000'000));
    };
    CLI::App& listVerb =
        shell.addVerb(noun, {"list", "Releases, newest first", "ifritctl release list --running"},
                      [&shell, options] { return list(shell, *options); });
    listVerb.add_option("--agent", options->agent, "Only of this agent")->type_name("NAME");
    listVerb.add_flag("--running", options->running, "Only those that have not ended");
    limit(listVerb);
    named(shell.addVerb(noun, {"show", "One release with its stages", "ifritctl release show 12"},
                        [&shell, options] { return show(shell, *options); }));
    CLI::App& machinesVerb =
        shell.addVerb(noun,
                      {"machines", "How each machine came out of a release",
                       "ifritctl release machines 12 --outcome failed -o jsonl"},
                      [&shell, options] { return machines(shell, *options); });
    named(machinesVerb);
    machinesVerb.add_option("--outcome", options->outcome, "Only these")
        ->type_name("OUTCOME")
        ->check(CLI::IsMember(
            {"pending", "ok", "already", "failed", "reverted", "silent", "skipped", "aborted"}));
    limit(machinesVerb);
    CLI::App& timelineVerb = shell.addVerb(
        noun,
        {"timeline", "What happened in a release, and by whom", "ifritctl release timeline 12"},
        [&shell, options] { return timeline(shell, *options); });
    named(timelineVerb);
    limit(timelineVerb);
    addReleaseVerbs(shell);
}

}  // namespace ifrit::gui::ctl
