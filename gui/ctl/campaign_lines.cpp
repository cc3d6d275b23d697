// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/campaign_lines.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "gui/ctl/text.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

using services::CampaignBoard;
using services::CampaignInfo;

services::ConnectionProfile profileOf(const Shell& shell, const std::string& context,
                                      bundle::Bundle bundle) {
    services::ConnectionProfile out;
    out.via = "ctl";
    out.bundle = std::move(bundle);
    out.bearerToken = shell.environment().contexts.token(context);
    out.deadline = shell.callDeadline();
    return out;
}

/// Sorted.
using ContextsOfClusters = std::map<std::string, std::vector<std::string>>;

ContextsOfClusters contextsByCluster(const Shell& shell) {
    ContextsOfClusters out;
    for (const std::string& context : shell.environment().contexts.names()) {
        const auto bundle = shell.environment().contexts.load(context);
        if (bundle.ok()) out[bundle->cluster].push_back(context);
    }
    return out;
}

/// The one of them that is in use, else the only one.
absl::StatusOr<std::string> oneOf(const Shell& shell, const std::string& cluster,
                                  const std::vector<std::string>& contexts) {
    if (contexts.size() == 1) return contexts.front();
    const std::string inUse = shell.contextName();
    if (std::find(contexts.begin(), contexts.end(), inUse) != contexts.end()) return inUse;
    return usage(
        fmt::format("contexts {} are all of cluster {}, and none of them is in use: give "
                    "one as --context, or choose one with 'ifritctl context use NAME'",
                    fmt::join(contexts, ", "), cluster));
}

}  // namespace

absl::StatusOr<std::string> contextOf(const Shell& shell, const std::string& cluster) {
    const ContextsOfClusters known = contextsByCluster(shell);
    const auto found = known.find(cluster);
    if (found == known.end())
        return base::notFound("NO_CONTEXT", "", "no context is of cluster {}", cluster);
    return oneOf(shell, cluster, found->second);
}

void CampaignLines::addOptions(CLI::App& verb, Asked& asked) {
    verb.add_option("--contexts", asked.contexts, "Contexts to ask; every one if absent")
        ->type_name("NAME")
        ->delimiter(',');
    verb.add_option("--clusters", asked.clusters,
                    "Clusters to ask, each with a context, in place of --contexts")
        ->type_name("CLUSTER")
        ->delimiter(',');
}

absl::StatusOr<CampaignLines> CampaignLines::open(Shell& shell, const Asked& asked) {
    if (asked.clusters.empty()) return open(shell, asked.contexts);
    if (!asked.contexts.empty()) return usage("--contexts and --clusters exclude each other");
    std::vector<std::string> contexts;
    for (const std::string& cluster : asked.clusters) {
        auto found = contextOf(shell, cluster);
        if (found.ok()) {
            contexts.push_back(*std::move(found));
            continue;
        }
        if (!absl::IsNotFound(found.status())) return found.status();
        shell.note(
            fmt::format("cluster {} cannot be asked: no context is of it", printable(cluster)));
    }
    if (contexts.empty()) {
        return base::notFound("NO_CONTEXT", "",
                              "no context is of cluster {}; import its bundle with 'ifritctl "
                              "context import'",
                              fmt::join(asked.clusters, ", "));
    }
    return open(shell, std::move(contexts));
}

absl::StatusOr<CampaignLines> CampaignLines::open(Shell& shell, std::vector<std::string> contexts) {
    if (contexts.empty()) {
        for (const std::string& context : shell.environment().contexts.names())
            IFRIT_RETURN_IF_ERROR(shell.environment().contexts.load(context).status());
        for (const auto& [cluster, all] : contextsByCluster(shell)) {
            IFRIT_ASSIGN_OR_RETURN(std::string one, oneOf(shell, cluster, all));
            contexts.push_back(std::move(one));
        }
    }
    if (contexts.empty()) {
        return base::makeError(absl::StatusCode::kInvalidArgument, "NO_CONTEXT", "",
                               "a campaign needs a context for each of its clusters, and there is "
                               "none");
    }
    CampaignLines out(shell);
    std::map<std::string, std::string> byCluster;
    for (const std::string& context : contexts) {
        IFRIT_ASSIGN_OR_RETURN(bundle::Bundle bundle, shell.environment().contexts.load(context));
        const auto [other, isNew] = byCluster.emplace(bundle.cluster, context);
        if (!isNew) {
            return usage(fmt::format("contexts {} and {} are both of cluster {}", other->second,
                                     context, bundle.cluster));
        }
        Line line;
        line.context = context;
        line.cluster = bundle.cluster;
        line.caPem = bundle.caPem;
        line.session =
            shell.environment().sessions.open(profileOf(shell, context, std::move(bundle)));
        out.m_lines.push_back(std::move(line));
    }
    return out;
}

std::string CampaignLines::named(const std::string& cluster) const {
    for (const Line& line : m_lines) {
        if (line.cluster == cluster && line.context != cluster)
            return fmt::format("{} (context {})", cluster, line.context);
    }
    return cluster;
}

services::Session* CampaignLines::session(const std::string& cluster) const {
    for (const Line& line : m_lines) {
        if (line.cluster == cluster) return line.session.get();
    }
    return nullptr;
}

absl::StatusOr<std::vector<CampaignBoard>> CampaignLines::boards() const {
    std::map<std::string, absl::StatusOr<std::vector<CampaignInfo>>> all;
    std::map<std::string, std::string> tokens;
    std::set<std::string> finished;
    while (finished.size() < m_lines.size()) {
        IFRIT_ASSIGN_OR_RETURN(
            const auto pages, ask<services::Page<CampaignInfo>>([&](const Line& line, auto reply) {
                // Who has told all is asked once more and not listened to.
                return line.session->campaigns().list({tokens[line.cluster], 0}, std::move(reply));
            }));
        for (const auto& [cluster, page] : pages) {
            if (finished.count(cluster) != 0) continue;
            if (!page.ok() || page->nextToken.empty()) finished.insert(cluster);
            if (!page.ok()) {
                m_shell->note(fmt::format("cluster {} cannot be asked: {}", named(cluster),
                                          printable(base::messageOf(page.status()))));
                all.insert_or_assign(cluster, page.status());
                continue;
            }
            auto& held = all.emplace(cluster, std::vector<CampaignInfo>()).first->second;
            held->insert(held->end(), page->items.begin(), page->items.end());
            tokens[cluster] = page->nextToken;
        }
    }
    std::vector<CampaignBoard> out = services::boardsOf(all);
    const bool nobodyAnswered =
        std::none_of(all.begin(), all.end(), [](const auto& answer) { return answer.second.ok(); });
    if (nobodyAnswered && !all.empty()) return all.begin()->second.status();
    return out;
}

absl::StatusOr<CampaignBoard> CampaignLines::board(const std::string& name) const {
    IFRIT_ASSIGN_OR_RETURN(const auto all, boards());
    std::vector<const CampaignBoard*> fitting;
    for (const CampaignBoard& board : all) {
        if (board.any() == nullptr) continue;
        if (board.id() == name) return board;
        if (board.any()->campaign.name == name || (name.size() >= 4 && board.id().find(name) == 0))
            fitting.push_back(&board);
    }
    if (fitting.size() == 1) return *fitting.front();
    if (fitting.empty()) {
        return base::notFound("CAMPAIGN_UNKNOWN", name,
                              "no cluster that could be asked holds a campaign {}", name);
    }
    return usage(fmt::format("{} campaigns are called {}; give the id", fitting.size(), name));
}

absl::StatusOr<CampaignBoard> CampaignLines::again(const CampaignBoard& board) const {
    IFRIT_ASSIGN_OR_RETURN(const auto answers,
                           ask<CampaignInfo>([&board](const Line& line, auto reply) {
                               return line.session->campaigns().get(board.id(), std::move(reply));
                           }));
    return CampaignBoard(board.id(), answers);
}

}  // namespace ifrit::gui::ctl
