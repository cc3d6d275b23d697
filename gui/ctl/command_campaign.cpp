// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include "gui/ctl/campaign_file.h"
#include "gui/ctl/campaign_lines.h"
#include "gui/ctl/campaign_views.h"
#include "gui/ctl/commands.h"
#include "gui/ctl/key_file.h"
#include "gui/ctl/release_file.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"
#include "shared/domain/campaign.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignInfo;
using Import = services::CampaignService::Import;

/// A file, or a release that there is.
struct CreateOptions {
    std::string file;
    std::uint64_t fromRelease = 0;
    std::string of;
    std::string name;
    std::vector<std::string> clusters;
    std::string settle = "0s";
    std::string expiresIn = "14d";
    bool dryRun = false;
};

struct LookOptions {
    std::string campaign;
    CampaignLines::Asked asked;
    std::size_t limit = 0;
};

absl::StatusOr<CampaignFile> readFile(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text, readSmallFile(path));
    return parseCampaignFile(text, path, std::filesystem::path(path).parent_path().string());
}

domain::Campaign begun(const std::string& name, std::chrono::milliseconds settle,
                       std::chrono::milliseconds expiresIn) {
    domain::Campaign out;
    out.id = base::randomUuid();
    out.name = name;
    out.created = base::SystemClock().now();
    out.expires = out.created + expiresIn;
    out.settle = settle;
    return out;
}

domain::Campaign finished(domain::Campaign campaign) {
    campaign.agent = campaign.steps.front().spec.agent;
    campaign.versions = domain::versionsOf(campaign.steps);
    return campaign;
}

/// What the file says, with the clusters as the contexts have them.
absl::StatusOr<domain::Campaign> campaignOf(const CampaignFile& file, const CampaignLines& lines) {
    domain::Campaign out = begun(file.name, file.settle, file.expiresIn);
    for (const CampaignFile::Cluster& cluster : file.clusters) {
        IFRIT_ASSIGN_OR_RETURN(const std::string text,
                               readSmallFile(cluster.releaseFile, kReleaseFileBytes));
        domain::CampaignStep step;
        IFRIT_ASSIGN_OR_RETURN(step.spec, parseReleaseFile(text, cluster.releaseFile));
        for (const CampaignLines::Line& line : lines.lines()) {
            if (line.context != cluster.context) continue;
            step.cluster = line.cluster;
            step.caPem = line.caPem;
        }
        out.steps.push_back(std::move(step));
    }
    return finished(std::move(out));
}

/// contextOf() each cluster, in their order.
absl::StatusOr<std::vector<std::string>> contextsOf(const Shell& shell,
                                                    const std::vector<std::string>& clusters) {
    std::vector<std::string> out;
    for (const std::string& cluster : clusters) {
        IFRIT_ASSIGN_OR_RETURN(std::string context, contextOf(shell, cluster));
        out.push_back(std::move(context));
    }
    return out;
}

/// The spec of a release, in each cluster. Its gray machines are of its own cluster: the others
/// have none.
absl::StatusOr<domain::Campaign> campaignOf(Shell& shell, const CreateOptions& options,
                                            const CampaignLines& lines) {
    IFRIT_ASSIGN_OR_RETURN(const auto settle, parseDuration("--settle", options.settle));
    IFRIT_ASSIGN_OR_RETURN(const auto expiresIn, parseDuration("--expires-in", options.expiresIn,
                                                               domain::kMaxCampaignLife));
    IFRIT_ASSIGN_OR_RETURN(const auto contexts, contextsOf(shell, {options.of}));
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines from, CampaignLines::open(shell, contexts));
    IFRIT_ASSIGN_OR_RETURN(const services::ReleaseInfo release,
                           shell.await<services::ReleaseInfo>([&](auto reply) {
                               return from.session(options.of)
                                   ->releases()
                                   .get(std::to_string(options.fromRelease), std::move(reply));
                           }));
    domain::Campaign out = begun(options.name, settle, expiresIn);
    for (const std::string& cluster : options.clusters) {
        domain::CampaignStep step;
        step.spec = release.release.spec;
        if (cluster != options.of) step.spec.gray.uuids.clear();
        for (const CampaignLines::Line& line : lines.lines()) {
            if (line.cluster != cluster) continue;
            step.cluster = line.cluster;
            step.caPem = line.caPem;
        }
        out.steps.push_back(std::move(step));
    }
    return finished(std::move(out));
}

absl::Status checkOptions(const CreateOptions& options) {
    const bool fromFile = !options.file.empty();
    if (fromFile == (options.fromRelease != 0))
        return usage("give a campaign's file with -f, or a release with --from-release");
    if (fromFile) return absl::OkStatus();
    if (options.of.empty() || options.name.empty())
        return usage("--from-release needs --of, the release's cluster, and --name");
    if (options.clusters.size() < 2)
        return usage("--clusters names two clusters or more; for one make a release");
    return absl::OkStatus();
}

/// Each cluster's own words where it does not take it; nothing is said to any cluster after that.
absl::Status importAll(Shell& shell, const CampaignLines& lines, const std::string& document,
                       Import how) {
    IFRIT_ASSIGN_OR_RETURN(
        const auto answers,
        lines.ask<CampaignInfo>([&](const CampaignLines::Line& line, auto reply) {
            return line.session->campaigns().import(document, how, shell.mutation(),
                                                    std::move(reply));
        }));
    absl::Status first;
    for (const auto& [cluster, answer] : answers) {
        if (answer.ok()) continue;
        if (first.ok()) first = base::annotate(answer.status(), lines.named(cluster));
        shell.note(fmt::format("cluster {} does not take it: {}", lines.named(cluster),
                               printable(base::messageOf(answer.status()))));
    }
    return first;
}

/// Nobody holds it yet: every cluster's seat as it would be.
CampaignBoard boardOf(const domain::Campaign& campaign, const std::string& document,
                      const CampaignLines& lines) {
    std::map<std::string, absl::StatusOr<CampaignInfo>> answers;
    for (const CampaignLines::Line& line : lines.lines()) {
        CampaignInfo info;
        info.document = document;
        info.campaign = campaign;
        info.step = campaign.stepOf(line.cluster).value_or(0);
        info.state = info.step == 0 ? domain::StepState::Ready : domain::StepState::Waiting;
        if (info.step > 0) {
            info.waitsFor = fmt::format("it waits for the receipt of cluster {}",
                                        campaign.steps[info.step - 1].cluster);
        }
        answers.emplace(line.cluster, std::move(info));
    }
    return {campaign.id, answers};
}

absl::Status create(Shell& shell, const CreateOptions& options) {
    IFRIT_RETURN_IF_ERROR(checkOptions(options));
    CampaignFile file;
    std::vector<std::string> contexts;
    if (options.file.empty()) {
        IFRIT_ASSIGN_OR_RETURN(contexts, contextsOf(shell, options.clusters));
    } else {
        IFRIT_ASSIGN_OR_RETURN(file, readFile(options.file));
    }
    for (const CampaignFile::Cluster& cluster : file.clusters)
        contexts.push_back(cluster.context);
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, contexts));
    IFRIT_ASSIGN_OR_RETURN(domain::Campaign campaign, options.file.empty()
                                                          ? campaignOf(shell, options, lines)
                                                          : campaignOf(file, lines));
    IFRIT_ASSIGN_OR_RETURN(
        const services::Identity who, shell.await<services::Identity>([&](auto reply) {
            return lines.lines().front().session->connection().whoAmI(std::move(reply));
        }));
    campaign.createdBy = who.user;
    IFRIT_RETURN_IF_ERROR(domain::checkCampaign(campaign));
    const std::string document = codec::campaignToBytes(campaign);
    IFRIT_RETURN_IF_ERROR(importAll(shell, lines, document, Import::Validate));
    const CampaignBoard planned = boardOf(campaign, document, lines);
    if (options.dryRun) {
        printBoard(shell.print(), planned);
        shell.note("every cluster would take it; nothing was made");
        return absl::OkStatus();
    }
    IFRIT_RETURN_IF_ERROR(importAll(shell, lines, document, Import::Store));
    IFRIT_ASSIGN_OR_RETURN(const CampaignBoard made, lines.again(planned));
    printBoard(shell.print(), made);
    shell.note(
        fmt::format("campaign {} changes nothing yet; start it with: ifritctl campaign start "
                    "{}",
                    printable(campaign.name), campaign.id));
    return absl::OkStatus();
}

absl::Status list(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(std::vector<CampaignBoard> boards, lines.boards());
    const bool more = options.limit != 0 && boards.size() > options.limit;
    if (more) boards.resize(options.limit, CampaignBoard({}, {}));
    shell.print().list(campaignView(), boards);
    shell.noteShown(boards.size(), "campaigns", more);
    return absl::OkStatus();
}

absl::Status show(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.asked));
    IFRIT_ASSIGN_OR_RETURN(const CampaignBoard board, lines.board(options.campaign));
    printBoard(shell.print(), board);
    return absl::OkStatus();
}

void addCreate(Shell& shell, CLI::App& noun) {
    const auto made = std::make_shared<CreateOptions>();
    CLI::App& verb = shell.addVerb(
        noun,
        {"create", "Make a campaign and give it to its clusters; it changes no machine",
         "ifritctl campaign create -f campaign.toml --reason 'fixes the leak'\n  ifritctl campaign "
         "create --name 'logd 1.4' --from-release 7 --of eu-test --clusters eu-test,eu-prod"},
        [&shell, made] { return create(shell, *made); });
    verb.add_option("-f,--file", made->file, "The campaign as TOML")->type_name("FILE");
    verb.add_option("--from-release", made->fromRelease,
                    "In place of a file: the number of a release, whose spec each cluster gets")
        ->type_name("N")
        ->check(wholeNumber(1));
    verb.add_option("--of", made->of, "The cluster of that release")->type_name("CLUSTER");
    verb.add_option("--name", made->name, "What it is called")->type_name("NAME");
    verb.add_option("--clusters", made->clusters, "In their order, each with a context of its own")
        ->type_name("CLUSTER")
        ->delimiter(',');
    verb.add_option("--settle", made->settle,
                    "How long a release must stand done before the next cluster; 0s if absent")
        ->type_name("DURATION");
    verb.add_option("--expires-in", made->expiresIn,
                    "Then no release of it starts any more; 14d if absent")
        ->type_name("DURATION");
    verb.add_flag("--dry-run", made->dryRun, "Ask every cluster, and make nothing");
}

}  // namespace

void addCampaignCommands(Shell& shell) {
    CLI::App& noun =
        shell.addNoun("campaign", "The same change in several clusters, one after another");
    addCreate(shell, noun);
    const auto options = std::make_shared<LookOptions>();
    CLI::App& listVerb = shell.addVerb(
        noun, {"list", "Campaigns of all clusters, newest first", "ifritctl campaign list -o json"},
        [&shell, options] { return list(shell, *options); });
    CampaignLines::addOptions(listVerb, options->asked);
    listVerb.add_option("--limit", options->limit, "At most so many; all if absent")
        ->type_name("N")
        ->check(wholeNumber(0, 1'000'000));
    CLI::App& showVerb =
        shell.addVerb(noun,
                      {"show", "One campaign: its clusters in order, receipts, what waits for what",
                       "ifritctl campaign show 'logd 1.4'"},
                      [&shell, options] { return show(shell, *options); });
    showVerb.add_option("CAMPAIGN", options->campaign, "Id, its beginning, or name")->required();
    CampaignLines::addOptions(showVerb, options->asked);
    addCampaignVerbs(shell);
}

}  // namespace ifrit::gui::ctl
