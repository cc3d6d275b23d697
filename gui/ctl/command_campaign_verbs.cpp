// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_verbs.h"

#include <memory>

#include "gui/ctl/campaign_carry.h"
#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/campaign_views.h"
#include "gui/ctl/campaign_wait.h"
#include "gui/ctl/commands.h"
#include "gui/ctl/exit_code.h"
#include "gui/ctl/release_plan.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/domain/danger.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignInfo;

/// As the master would say it, before a draft is made that only waits.
absl::Status checkReceiptOf(const CampaignBoard& board, std::size_t at) {
    const CampaignInfo& held = *board.seats()[at].held;
    if (held.state != domain::StepState::Waiting || at == 0) return absl::OkStatus();
    domain::StepFacts facts;
    facts.step = at;
    facts.expires = held.campaign.expires;
    if (held.previous) facts.previous = held.previous->receipt.verdict;
    // Whether it has expired, the master's clock says.
    return domain::mayStartStep(facts, board.seats()[at - 1].cluster, base::WallTime::min());
}

/// Its release as a draft: the one that is there, or a new one.
absl::StatusOr<CampaignInfo> prepared(Shell& shell, services::Session& session,
                                      const services::CampaignSeat& seat, const std::string& id) {
    if (seat.held->state == domain::StepState::Drafted) return *seat.held;
    const bool hasDraft =
        seat.held->release && seat.held->release->release.state == domain::ReleaseState::Draft;
    if (hasDraft) return *seat.held;
    return shell.await<CampaignInfo>([&](auto reply) {
        services::Mutation mutation = shell.mutation();
        // The count is of the start.
        mutation.expectedCount.reset();
        return session.campaigns().prepare(id, mutation, std::move(reply));
    });
}

absl::Status startSeat(Shell& shell, const CampaignLines& lines, const CampaignBoard& board,
                       std::size_t at, bool dryRun) {
    const services::CampaignSeat& seat = board.seats()[at];
    if (!seat.held) return unseen(lines, seat);
    if (!dryRun) IFRIT_RETURN_IF_ERROR(checkReceiptOf(board, at));
    services::Session& session = *lines.session(seat.cluster);
    IFRIT_ASSIGN_OR_RETURN(const CampaignInfo held, prepared(shell, session, seat, board.id()));
    if (!held.release) {
        return base::failedPrecondition("CAMPAIGN_UNPREPARED", seat.cluster,
                                        "cluster {} has no release of the campaign yet",
                                        seat.cluster);
    }
    const std::string release = held.release->release.id;
    IFRIT_ASSIGN_OR_RETURN(const services::ReleasePlan plan,
                           shell.await<services::ReleasePlan>([&](auto reply) {
                               return session.releases().plan(release, std::move(reply));
                           }));
    if (dryRun) {
        printPlan(shell, plan);
        return absl::OkStatus();
    }
    if (!shell.options().yes) showPlan(shell, plan);
    IFRIT_RETURN_IF_ERROR(checkConflicts(plan, release, "cluster " + seat.cluster));
    const domain::DangerClass danger = domain::dangerOf(
        domain::ReleaseVerb::Start, {plan.machinesTotal, plan.clusterMachines, false});
    const std::string what = fmt::format("starting the campaign in {}", seat.cluster);
    IFRIT_RETURN_IF_ERROR(
        danger > domain::DangerClass::ChangesMachines
            ? shell.confirmCount(what, plan.machinesTotal)
            : shell.confirm(fmt::format("Start the campaign in {} on {}?", seat.cluster,
                                        countOf(plan.machinesTotal, "machines"))));
    services::Mutation mutation = shell.mutation();
    mutation.expectedCount = plan.machinesTotal;
    mutation.resolvedAtGeneration = plan.generation;
    IFRIT_RETURN_IF_ERROR(shell
                              .await<CampaignInfo>([&](auto reply) {
                                  return session.campaigns().start(board.id(), plan.planId,
                                                                   mutation, std::move(reply));
                              })
                              .status());
    shell.note(
        fmt::format("cluster {} started release {}", seat.cluster, held.release->release.number));
    return absl::OkStatus();
}

absl::Status nothingToStart(const CampaignLines& lines, const CampaignBoard& board) {
    for (const services::CampaignSeat& seat : board.seats()) {
        if (!seat.held) return unseen(lines, seat);
        if (seat.held->state == domain::StepState::Verified) continue;
        return base::failedPrecondition(
            "CAMPAIGN_WAITS", seat.cluster, "nothing can be started now: cluster {} is {}{}{}",
            seat.cluster,
            seat.held->state ? domain::nameOf(*seat.held->state) : std::string_view("unknown"),
            seat.held->waitsFor.empty() ? "" : ", ", printable(seat.held->waitsFor));
    }
    return absl::OkStatus();
}

absl::Status start(Shell& shell, const CampaignVerbOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(CampaignBoard board, lines.board(options.campaign));
    if (!options.dryRun) {
        IFRIT_ASSIGN_OR_RETURN(board, carryAll(shell, lines, board));
    }
    IFRIT_RETURN_IF_ERROR(startSeat(shell, lines, board, 0, options.dryRun));
    if (options.dryRun) return absl::OkStatus();
    if (options.wait) IFRIT_RETURN_IF_ERROR(waitForSeat(shell, lines, board, 0));
    IFRIT_ASSIGN_OR_RETURN(board, lines.again(board));
    printBoard(shell.print(), board);
    return absl::OkStatus();
}

/// A release of the campaign that runs already; with --wait it is waited for.
std::optional<std::size_t> underWay(const CampaignBoard& board) {
    using domain::StepState;
    for (std::size_t i = 0; i < board.seats().size(); ++i) {
        const auto& held = board.seats()[i].held;
        if (held && (held->state == StepState::Running || held->state == StepState::Paused ||
                     held->state == StepState::Settling || held->state == StepState::RollingBack))
            return i;
    }
    return std::nullopt;
}

absl::Status advance(Shell& shell, const CampaignVerbOptions& options) {
    if (options.all && shell.options().confirmCount.has_value()) {
        return usage(
            "--confirm-count says how many machines one cluster has, and --all starts every one "
            "that is left: advance them one by one, or on a terminal, where each is asked for");
    }
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(CampaignBoard board, lines.board(options.campaign));
    const bool waits = options.wait || options.all;
    do {
        if (const auto running = underWay(board); waits && running) {
            IFRIT_RETURN_IF_ERROR(waitForSeat(shell, lines, board, *running));
            IFRIT_ASSIGN_OR_RETURN(board, lines.again(board));
        }
        if (!options.dryRun) {
            IFRIT_ASSIGN_OR_RETURN(board, carryAll(shell, lines, board));
        }
        if (options.carryOnly || board.isComplete()) break;
        std::optional<std::size_t> seat = board.next();
        if (!options.cluster.empty()) {
            IFRIT_ASSIGN_OR_RETURN(seat, seatNamed(board, options.cluster));
        }
        if (!seat) return nothingToStart(lines, board);
        IFRIT_RETURN_IF_ERROR(startSeat(shell, lines, board, *seat, options.dryRun));
        if (options.dryRun) return absl::OkStatus();
        if (waits) IFRIT_RETURN_IF_ERROR(waitForSeat(shell, lines, board, *seat));
        IFRIT_ASSIGN_OR_RETURN(board, lines.again(board));
    } while (options.all && !board.isComplete());
    printBoard(shell.print(), board);
    return absl::OkStatus();
}

absl::Status abortSeat(Shell& shell, services::Session& session, const CampaignBoard& board,
                       const services::CampaignSeat& seat, bool rollback) {
    services::Mutation mutation = shell.mutation();
    mutation.expectedCount.reset();
    if (!seat.held->aborted) {
        IFRIT_RETURN_IF_ERROR(shell
                                  .await<CampaignInfo>([&](auto reply) {
                                      return session.campaigns().abort(board.id(), mutation,
                                                                       std::move(reply));
                                  })
                                  .status());
        shell.note(fmt::format("aborted in {}", seat.cluster));
    }
    if (!rollback || !seat.canRollBack()) return absl::OkStatus();
    services::ReleaseAct act{
        mutation, seat.held->release->release.id, domain::ReleaseVerb::Rollback, {}};
    act.mutation.expectedCount = seat.held->release->reachedBy(act.verb);
    IFRIT_RETURN_IF_ERROR(shell
                              .await<services::ReleaseInfo>([&](auto reply) {
                                  return session.releases().act(act, std::move(reply));
                              })
                              .status());
    shell.note(
        fmt::format("{} rolls release {} back", seat.cluster, seat.held->release->release.number));
    return absl::OkStatus();
}

absl::Status abort(Shell& shell, const CampaignVerbOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(CampaignBoard board, lines.board(options.campaign));
    using services::CampaignReleases;
    const auto releases = options.rollback ? CampaignReleases::RolledBack : CampaignReleases::Left;
    IFRIT_RETURN_IF_ERROR(
        shell.confirmCount(options.rollback ? "campaign abort --rollback" : "campaign abort",
                           board.reachedByAbort(releases)));
    absl::Status first;
    // The last cluster first: what it runs was vouched for by the ones before.
    for (auto seat = board.seats().rbegin(); seat != board.seats().rend(); ++seat) {
        if (!seat->held && absl::IsNotFound(seat->status)) continue;
        const absl::Status done = seat->held ? abortSeat(shell, *lines.session(seat->cluster),
                                                         board, *seat, options.rollback)
                                             : unseen(lines, *seat);
        if (done.ok()) continue;
        shell.note(fmt::format("cluster {} was not told: {}", lines.named(seat->cluster),
                               printable(base::messageOf(done))));
        if (first.ok()) first = done;
    }
    IFRIT_ASSIGN_OR_RETURN(board, lines.again(board));
    printBoard(shell.print(), board);
    return first;
}

void addMoving(Shell& shell, const std::shared_ptr<CampaignVerbOptions>& options) {
    const auto common = [&shell, options](CLI::App& verb) {
        verb.add_flag("--dry-run", options->dryRun, "Print the cluster's plan, start nothing");
        shell.waitsWith(
            verb.add_flag("--wait", options->wait,
                          "Wait until the cluster has its receipt; --timeout limits the waiting"));
    };
    common(addCampaignVerb(shell, options,
                           {"start", "Start it in its first cluster: plan, show, ask, start",
                            "ifritctl campaign start 'logd 1.4' --wait --timeout 4h"},
                           start));
    CLI::App& advanceVerb = addCampaignVerb(
        shell, options,
        {"advance", "Carry receipts, and start the next cluster that may start",
         "ifritctl campaign advance 'logd 1.4' --yes --wait\n  ifritctl campaign advance "
         "'logd 1.4' "
         "--carry-only",
         "Class 2: wants --yes or a person's y. Class 3 where it reaches over 5 % of the "
         "cluster or over 1,000 machines: wants --reason TEXT, and --confirm-count N "
         "(machines of the plan) or the number typed. --carry-only: nothing"},
        advance);
    common(advanceVerb);
    advanceVerb.add_option("--cluster", options->cluster, "This cluster instead of the next one")
        ->type_name("NAME");
    advanceVerb.add_flag("--carry-only", options->carryOnly, "Carry receipts, start nothing");
    shell.waitsWith(advanceVerb.add_flag(
        "--all", options->all,
        "Go on to the last cluster, waiting for each; asks for every cluster by its "
        "class, so where one is of class 3 it wants a terminal: one "
        "--confirm-count is not the number of all of them"));
}

absl::Status watch(Shell& shell, const CampaignVerbOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(const CampaignBoard board, lines.board(options.campaign));
    return watchCampaign(shell, lines, board);
}

}  // namespace

absl::Status unseen(const CampaignLines& lines, const services::CampaignSeat& seat) {
    return base::annotate(seat.status, fmt::format("cluster {}", lines.named(seat.cluster)));
}

absl::StatusOr<std::size_t> seatNamed(const CampaignBoard& board, const std::string& cluster) {
    const auto seat = board.seatOf(cluster);
    if (seat) return *seat;
    std::vector<std::string> names;
    for (const services::CampaignSeat& one : board.seats())
        names.push_back(one.cluster);
    return base::notFound("CAMPAIGN_ELSEWHERE", cluster,
                          "cluster {} is not in this campaign; its clusters are {}", cluster,
                          fmt::join(names, ", "));
}

CLI::App& addCampaignVerb(Shell& shell, const std::shared_ptr<CampaignVerbOptions>& options,
                          const VerbHelp& help, CampaignVerb function) {
    CLI::App& noun = *shell.app().get_subcommand("campaign");
    CLI::App& verb = shell.addVerb(
        noun, help, [&shell, options, function] { return function(shell, *options); });
    verb.add_option("CAMPAIGN", options->campaign, "Id, its beginning, or name")->required();
    CampaignLines::addOptions(verb, options->asked);
    return verb;
}

void addCampaignVerbs(Shell& shell) {
    const auto options = std::make_shared<CampaignVerbOptions>();
    addMoving(shell, options);
    shell.waitsAlways(addCampaignVerb(
        shell, options,
        {"watch", "Follow it until every cluster has its receipt; exit 6 where one stopped it",
         "ifritctl campaign watch 'logd 1.4' --timeout 8h"},
        watch));
    addCampaignVerb(
        shell, options,
        {"abort", "Start it nowhere any more; releases that run are left as they are",
         "ifritctl campaign abort 'logd 1.4' --reason 'CPU doubled' --confirm-count 120 "
         "--rollback"},
        abort)
        .add_flag("--rollback", options->rollback,
                  "Also roll its releases back, the last cluster first");
    addCampaignReceipts(shell, options);
}

}  // namespace ifrit::gui::ctl
