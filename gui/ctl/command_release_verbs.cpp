// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/release_plan.h"
#include "gui/ctl/release_wait.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/domain/danger.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using domain::ReleaseVerb;

struct ActOptions {
    std::string release;
    std::string plan;
    bool dryRun = false;
    bool wait = false;
    std::string waitFor;
};

constexpr char kAsksOfAbort[] =
    "Class 3: wants --reason TEXT, and --confirm-count N (the machines it reaches, as 'release "
    "show'\n"
    "counts them) or the number typed. A draft, and one that reaches no machine, are class 2: "
    "want\n"
    "--yes or a person's y";

/// What `--wait` waits for after the verb.
WaitFor endOf(ReleaseVerb verb, const ActOptions& options) {
    switch (verb) {
        case ReleaseVerb::Rollback:
            return WaitFor::RolledBack;
        case ReleaseVerb::Abort:
            return WaitFor::Aborted;
        default:
            return options.waitFor == "verify" ? WaitFor::Verify : WaitFor::Done;
    }
}

absl::Status act(Shell& shell, const ActOptions& options, const services::ReleaseAct& request) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::ReleaseInfo release,
                           shell.await<services::ReleaseInfo>([&](auto reply) {
                               return session->releases().act(request, std::move(reply));
                           }));
    if (options.wait || !options.waitFor.empty())
        return waitForRelease(shell, options.release, release.release.revision,
                              endOf(request.verb, options));
    shell.print().one(releaseFactsView(), release);
    return absl::OkStatus();
}

services::ReleaseAct requestFor(const Shell& shell, const ActOptions& options, ReleaseVerb verb) {
    services::ReleaseAct request;
    request.mutation = shell.mutation();
    request.releaseId = options.release;
    request.verb = verb;
    return request;
}

/// Asks as the danger class of the verb wants it, by the same rule as the desktop.
absl::Status ask(const Shell& shell, ReleaseVerb verb, const domain::Reach& reach,
                 const std::string& question) {
    const domain::DangerClass danger = domain::dangerOf(verb, reach);
    if (danger < domain::DangerClass::ChangesMachines) return absl::OkStatus();
    if (danger == domain::DangerClass::ChangesMachines) return shell.confirm(question);
    return shell.confirmCount(fmt::format("release {}", domain::nameOf(verb)), reach.machines);
}

absl::StatusOr<services::ReleaseInfo> fetchRelease(Shell& shell, const std::string& releaseId) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    return shell.await<services::ReleaseInfo>(
        [&](auto reply) { return session->releases().get(releaseId, std::move(reply)); });
}

std::string stateWords(domain::ReleaseState state) {
    if (state == domain::ReleaseState::Draft) return "a draft";
    return domain::spoken(domain::nameOf(state));
}

/// With how it stands and what can be done in place of it.
absl::Status refusal(const services::ReleaseInfo& info, ReleaseVerb verb, const std::string& why) {
    std::vector<std::string_view> open;
    for (const ReleaseVerb other : info.allowedVerbs)
        open.push_back(domain::nameOf(other));
    return base::failedPrecondition(
        "RELEASE_STATE", info.release.id, "{} is refused for release {}: {}; it takes {}",
        domain::nameOf(verb), info.release.number,
        why.empty() ? "it is " + stateWords(info.release.state) : why,
        open.empty() ? std::string("no verb any more") : fmt::format("{}", fmt::join(open, ", ")));
}

/// Of one that is no draft any more the master says that it has no plan, for which nobody asked.
absl::Status startRefused(Shell& shell, const ActOptions& options, const absl::Status& why) {
    if (base::errorInfo(why).reason != "RELEASE_STATE") return why;
    const auto release = fetchRelease(shell, options.release);
    if (!release.ok()) return why;
    const auto refused = release->refusedVerbs.find(ReleaseVerb::Start);
    const bool isTold = refused != release->refusedVerbs.end();
    return refusal(*release, ReleaseVerb::Start, isTold ? refused->second : std::string());
}

absl::Status start(Shell& shell, const ActOptions& options) {
    if (options.dryRun && !options.plan.empty())
        return usage("--dry-run makes a plan, --plan names one: choose");
    const absl::StatusOr<services::ReleasePlan> made = fetchPlan(shell, options.release);
    if (!made.ok()) return startRefused(shell, options, made.status());
    const services::ReleasePlan& plan = *made;
    const bool shown = options.plan.empty() && !shell.options().yes;
    if (options.dryRun) {
        printPlan(shell, plan);
        return absl::OkStatus();
    }
    if (shown) showPlan(shell, plan);
    IFRIT_RETURN_IF_ERROR(checkConflicts(plan, options.release, "the release"));
    IFRIT_RETURN_IF_ERROR(ask(shell, ReleaseVerb::Start,
                              {plan.machinesTotal, plan.clusterMachines, false},
                              fmt::format("Start release {} on {}?", options.release,
                                          countOf(plan.machinesTotal, "machines"))));
    services::ReleaseAct request = requestFor(shell, options, ReleaseVerb::Start);
    // Where the plan that was named no longer holds, the master says what changed.
    request.planId = options.plan.empty() ? plan.planId : options.plan;
    request.mutation.expectedCount = plan.machinesTotal;
    request.mutation.resolvedAtGeneration = plan.generation;
    return act(shell, options, request);
}

absl::Status approve(Shell& shell, const ActOptions& options) {
    services::ReleaseAct request = requestFor(shell, options, ReleaseVerb::Approve);
    request.planId = options.plan;
    if (!request.planId.empty()) {
        IFRIT_RETURN_IF_ERROR(shell.confirm(
            fmt::format("Approve plan {} of release {}?", options.plan, options.release)));
    } else {
        // Whoever approves has seen it.
        IFRIT_ASSIGN_OR_RETURN(const services::ReleasePlan plan, fetchPlan(shell, options.release));
        showPlan(shell, plan);
        IFRIT_RETURN_IF_ERROR(
            shell.confirm(fmt::format("Approve that release {} runs on {}?", options.release,
                                      countOf(plan.machinesTotal, "machines"))));
        request.planId = plan.planId;
    }
    return act(shell, options, request);
}

absl::Status simple(Shell& shell, const ActOptions& options, ReleaseVerb verb) {
    return act(shell, options, requestFor(shell, options, verb));
}

/// Of verify and promote: what opens, and whether there is anything left to wait for, as the
/// desktop says it.
std::string askOpening(const services::ReleaseInfo& info, ReleaseVerb verb,
                       const std::string& release, const std::string& machines) {
    const std::vector<std::size_t> opened = info.openedBy(verb);
    const std::string now = stageName(info.release.stage, info.batch);
    std::string next = "the next stage";
    if (!opened.empty()) {
        const domain::StageCounts& stage = info.stages[opened.back()].counts;
        next = stageName(stage.kind, stage.batch);
    }
    if (verb == ReleaseVerb::Verify)
        return fmt::format("Verify {} of release {} and open {}, {}?", now, release, next,
                           machines);
    return fmt::format("Open {} of release {}, {}{}?", next, release, machines,
                       info.waitsForPerson() ? "" : fmt::format(", without waiting for {}", now));
}

std::string questionOf(const services::ReleaseInfo& info, ReleaseVerb verb,
                       const std::string& release, const std::string& machines) {
    switch (verb) {
        case ReleaseVerb::Abort:
            return fmt::format("Abort release {}? It reaches {}.", release, machines);
        case ReleaseVerb::RetryFailed:
            return fmt::format("Let the machines of release {} that failed, {}, try again?",
                               release, machines);
        default:
            return askOpening(info, verb, release, machines);
    }
}

absl::Status discardDraft(Shell& shell, const ActOptions& options) {
    IFRIT_RETURN_IF_ERROR(shell.confirm(fmt::format(
        "Discard draft {}? It was not started, and no machine has changed.", options.release)));
    services::ReleaseAct request = requestFor(shell, options, ReleaseVerb::Abort);
    // Should somebody have started it meanwhile, the count refuses the end.
    request.mutation.expectedCount = 0;
    return act(shell, options, request);
}

absl::Status confirmed(Shell& shell, const ActOptions& options, ReleaseVerb verb) {
    IFRIT_ASSIGN_OR_RETURN(const services::ReleaseInfo release,
                           fetchRelease(shell, options.release));
    if (verb == ReleaseVerb::Abort && release.release.state == domain::ReleaseState::Draft)
        return discardDraft(shell, options);
    // Before anybody counts: a verb that is not allowed reaches nothing.
    if (const auto why = release.refusedVerbs.find(verb); why != release.refusedVerbs.end()) {
        return refusal(release, verb, why->second);
    }
    const std::uint64_t reached = release.reachedBy(verb);
    IFRIT_RETURN_IF_ERROR(
        ask(shell, verb, {reached, release.clusterMachines, false},
            questionOf(release, verb, options.release, countOf(reached, "machines"))));
    services::ReleaseAct request = requestFor(shell, options, verb);
    request.mutation.expectedCount = reached;
    request.seen = release.seenFor(verb);
    return act(shell, options, request);
}

/// Aborts what nobody has started, and nothing else.
absl::Status discard(Shell& shell, const ActOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::ReleaseInfo release,
                           fetchRelease(shell, options.release));
    if (release.release.state != domain::ReleaseState::Draft) {
        return base::failedPrecondition("RELEASE_STATE", options.release,
                                        "release {} is {}, and no draft; abort ends one that was "
                                        "started",
                                        options.release, stateWords(release.release.state));
    }
    return discardDraft(shell, options);
}

absl::Status plan(Shell& shell, const ActOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::ReleasePlan made, fetchPlan(shell, options.release));
    printPlan(shell, made);
    return absl::OkStatus();
}

absl::Status watch(Shell& shell, const ActOptions& options) {
    // The leader's word: a watch at a master that follows may begin before it.
    const auto release = fetchRelease(shell, options.release);
    if (!release.ok() && !absl::IsUnavailable(release.status()))
        return stillRuns(release.status(), "release");
    return waitForRelease(shell, options.release, release.ok() ? release->release.revision : 0,
                          options.waitFor == "verify" ? WaitFor::Verify : WaitFor::Done);
}

void addWait(Shell& shell, CLI::App& verb, ActOptions& options, const char* end) {
    shell.waitsWith(
        verb.add_flag("--wait", options.wait,
                      fmt::format("Wait until the release {}; --timeout limits the waiting", end)));
}

void addWaitFor(Shell& shell, CLI::App& verb, ActOptions& options, const char* help) {
    shell.waitsWith(verb.add_option("--wait-for", options.waitFor, help)
                        ->type_name("WHAT")
                        ->check(CLI::IsMember({"done", "verify"})));
}

void addWaiting(Shell& shell, CLI::App& verb, ActOptions& options) {
    addWait(shell, verb, options, "has ended");
    addWaitFor(shell, verb, options, "As --wait: done, or verify (gray is over)");
}

}  // namespace

void addReleaseVerbs(Shell& shell) {
    CLI::App& noun = *shell.app().get_subcommand("release");
    const auto options = std::make_shared<ActOptions>();
    const auto add = [&](const VerbHelp& help, Shell::Action action) -> CLI::App& {
        CLI::App& verb = shell.addVerb(noun, help, std::move(action));
        verb.add_option("RELEASE", options->release, "Number or id")->required();
        return verb;
    };
    const auto bind = [&shell, options](auto function, ReleaseVerb verb) {
        return [&shell, options, function, verb] { return function(shell, *options, verb); };
    };
    add({"plan", "What starting would do now: machines a stage, refusals, conflicts, plan id",
         "ifritctl release plan 12"},
        [&shell, options] { return plan(shell, *options); });
    CLI::App& startVerb =
        add({"start", "Plan, show, ask, start; or start exactly a plan that was shown before",
             "ifritctl release start 12 --wait --timeout 2h\n  ifritctl release start 12 --plan "
             "3f2a --yes",
             kAsksByPlan},
            [&shell, options] { return start(shell, *options); });
    startVerb.add_option("--plan", options->plan, "Plan that must still hold")->type_name("ID");
    startVerb.add_flag("--dry-run", options->dryRun, "Print the plan with its id, start nothing");
    addWaiting(shell, startVerb, *options);
    add({"approve", "Say as a second person that a draft's plan may run",
         "ifritctl release approve 12\n  ifritctl release approve 12 --plan 3f2a"},
        [&shell, options] { return approve(shell, *options); })
        .add_option("--plan", options->plan, "Plan that was shown, and must still hold")
        ->type_name("ID");
    addWaiting(shell,
               add({"verify", "Confirm the gray or pilot stage, and go on to the next",
                    "ifritctl release verify 12 --yes --wait", kAsksByReach},
                   bind(confirmed, ReleaseVerb::Verify)),
               *options);
    addWaiting(shell,
               add({"promote", "Open the next stage; one that is not over yet is not waited for",
                    "ifritctl release promote 12 --yes", kAsksByReach},
                   bind(confirmed, ReleaseVerb::Promote)),
               *options);
    addWaiting(shell,
               add({"promote-all", "Open every stage that is left, at once",
                    "ifritctl release promote-all 12 --reason 'security fix' --confirm-count 900",
                    kAsksForTheReached},
                   bind(confirmed, ReleaseVerb::PromoteAll)),
               *options);
    addWaiting(shell,
               add({"retry-failed", "Let machines that failed, reverted or went silent try again",
                    "ifritctl release retry-failed 12 --yes", kAsksByReach},
                   bind(confirmed, ReleaseVerb::RetryFailed)),
               *options);
    add({"pause", "Open no further stage; give no further permit",
         "ifritctl release pause 12 --reason 'looking into CPU'"},
        bind(simple, ReleaseVerb::Pause));
    addWaiting(shell,
               add({"resume", "Go on after a pause", "ifritctl release resume 12"},
                   bind(simple, ReleaseVerb::Resume)),
               *options);
    addWait(
        shell,
        add({"abort", "Stop here; machines keep what they run",
             "ifritctl release abort 12 --reason 'wrong version' --confirm-count 3", kAsksOfAbort},
            bind(confirmed, ReleaseVerb::Abort)),
        *options, "is aborted");
    add({"discard", "End a draft that nobody has started; no machine changes",
         "ifritctl release discard 12 --yes", "Class 2: wants --yes or a person's y"},
        [&shell, options] { return discard(shell, *options); });
    addWait(shell,
            add({"rollback", "Put the version before back on every machine whose stage has opened",
                 "ifritctl release rollback 12 --reason 'CPU doubled' --confirm-count 120",
                 kAsksForTheReached},
                bind(confirmed, ReleaseVerb::Rollback)),
            *options, "is rolled back");
    CLI::App& watchVerb =
        add({"watch", "Follow a release until it has ended; exit 6 where it failed",
             "ifritctl release watch 12 --timeout 30m"},
            [&shell, options] { return watch(shell, *options); });
    // It waits by itself: without --wait.
    shell.waitsAlways(watchVerb);
    addWaitFor(shell, watchVerb, *options, "Until what: done (default), or verify (gray is over)");
}

}  // namespace ifrit::gui::ctl
