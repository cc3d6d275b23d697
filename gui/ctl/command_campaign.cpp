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
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/campaign_bytes.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignInfo;
using Import = services::CampaignService::Import;

struct CreateOptions {
    std::string file;
    bool dryRun = false;
};

struct LookOptions {
    std::string campaign;
    std::vector<std::string> contexts;
    std::size_t limit = 0;
};

absl::StatusOr<CampaignFile> readFile(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text, readSmallFile(path));
    return parseCampaignFile(text, path, std::filesystem::path(path).parent_path().string());
}

/// What the file says, with the clusters as the contexts have them.
absl::StatusOr<domain::Campaign> campaignOf(const CampaignFile& file, const CampaignLines& lines) {
    domain::Campaign out;
    out.id = base::randomUuid();
    out.name = file.name;
    out.created = base::SystemClock().now();
    out.expires = out.created + file.expiresIn;
    out.settle = file.settle;
    for (const CampaignFile::Cluster& cluster : file.clusters) {
        IFRIT_ASSIGN_OR_RETURN(const std::string text, readSmallFile(cluster.releaseFile));
        domain::CampaignStep step;
        IFRIT_ASSIGN_OR_RETURN(step.spec, parseReleaseFile(text, cluster.releaseFile));
        for (const CampaignLines::Line& line : lines.lines()) {
            if (line.context != cluster.context) continue;
            step.cluster = line.cluster;
            step.caPem = line.caPem;
        }
        out.steps.push_back(std::move(step));
    }
    out.agent = out.steps.front().spec.agent;
    out.versions = domain::versionsOf(out.steps);
    return out;
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
        if (first.ok()) first = base::annotate(answer.status(), cluster);
        shell.note(fmt::format("cluster {} does not take it: {}", cluster,
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
    IFRIT_ASSIGN_OR_RETURN(const CampaignFile file, readFile(options.file));
    std::vector<std::string> contexts;
    for (const CampaignFile::Cluster& cluster : file.clusters)
        contexts.push_back(cluster.context);
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, contexts));
    IFRIT_ASSIGN_OR_RETURN(domain::Campaign campaign, campaignOf(file, lines));
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
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.contexts));
    IFRIT_ASSIGN_OR_RETURN(std::vector<CampaignBoard> boards, lines.boards());
    const bool more = options.limit != 0 && boards.size() > options.limit;
    if (more) boards.resize(options.limit, CampaignBoard({}, {}));
    shell.print().list(campaignView(), boards);
    shell.noteShown(boards.size(), "campaigns", more);
    return absl::OkStatus();
}

absl::Status show(Shell& shell, const LookOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const CampaignLines lines, CampaignLines::open(shell, options.contexts));
    IFRIT_ASSIGN_OR_RETURN(const CampaignBoard board, lines.board(options.campaign));
    printBoard(shell.print(), board);
    return absl::OkStatus();
}

}  // namespace

void addCampaignCommands(Shell& shell) {
    CLI::App& noun =
        shell.addNoun("campaign", "The same change in several clusters, one after another");
    const auto made = std::make_shared<CreateOptions>();
    CLI::App& createVerb = shell.addVerb(
        noun,
        {"create", "Make a campaign and give it to its clusters; it changes no machine",
         "ifritctl campaign create -f campaign.toml --reason 'fixes the leak'\n  ifritctl campaign "
         "create -f campaign.toml --dry-run"},
        [&shell, made] { return create(shell, *made); });
    createVerb.add_option("-f,--file", made->file, "The campaign as TOML")
        ->type_name("FILE")
        ->required();
    createVerb.add_flag("--dry-run", made->dryRun, "Ask every cluster, and make nothing");
    const auto options = std::make_shared<LookOptions>();
    const auto where = [options](CLI::App& verb) {
        verb.add_option("--contexts", options->contexts, "Clusters to ask; every context if absent")
            ->type_name("NAME")
            ->delimiter(',');
    };
    CLI::App& listVerb = shell.addVerb(
        noun, {"list", "Campaigns of all clusters, newest first", "ifritctl campaign list -o json"},
        [&shell, options] { return list(shell, *options); });
    where(listVerb);
    listVerb.add_option("--limit", options->limit, "At most so many; all if absent")
        ->type_name("N");
    CLI::App& showVerb =
        shell.addVerb(noun,
                      {"show", "One campaign: its clusters in order, receipts, what waits for what",
                       "ifritctl campaign show 'logd 1.4'"},
                      [&shell, options] { return show(shell, *options); });
    showVerb.add_option("CAMPAIGN", options->campaign, "Id, its beginning, or name")->required();
    where(showVerb);
    addCampaignVerbs(shell);
}

}  // namespace ifrit::gui::ctl
