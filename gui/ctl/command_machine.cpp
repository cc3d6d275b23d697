// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <sstream>

#include "gui/ctl/commands.h"
#include "gui/ctl/shell.h"
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "gui/ctl/whole_number.h"
#include "shared/base/status.h"

namespace ifrit::gui::ctl {
namespace {

struct MachineOptions {
    std::string filter;
    std::string uuid;
    std::vector<std::string> uuids;
    std::string agent;
    std::string digest;
    bool force = false;
    std::size_t limit = 0;
    std::size_t lines = 200;
};

/// The last `lines` lines of a text.
std::string lastLines(const std::string& text, std::size_t lines) {
    std::size_t begin = text.size();
    // The break at the end belongs to the last line.
    if (begin > 0 && text.back() == '\n') --begin;
    for (; lines > 0 && begin != std::string::npos && begin > 0; --lines)
        begin = text.rfind('\n', begin - 1);
    return begin == std::string::npos || begin == 0 ? text : text.substr(begin + 1);
}

absl::Status list(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    services::MachineList last;
    bool more = false;
    // What matches is counted beside the first page alone.
    std::uint64_t matching = 0;
    const auto fetch = [&](const services::PageRequest& page,
                           services::Reply<services::Page<services::MachineInfo>> reply) {
        return session->fleet().listMachines(
            options.filter, page,
            [&last, &matching, reply](absl::StatusOr<services::MachineList> list) {
                if (!list.ok()) return reply(list.status());
                last = *std::move(list);
                matching = std::max(matching, last.matching);
                reply(std::move(last.page));
            });
    };
    IFRIT_ASSIGN_OR_RETURN(const std::vector<services::MachineInfo> machines,
                           shell.awaitPages<services::MachineInfo>(fetch, options.limit, more));
    shell.print().list(machineView(), machines);
    shell.note(
        fmt::format("{} shown / {} matching / {} total", machines.size(), matching, last.total));
    return absl::OkStatus();
}

/// A package that a machine does not try again.
struct KnownBad {
    std::string agent;
    std::string digest;
    std::string version;  ///< empty: the cluster has no such package any more
    std::string reason;   ///< empty: the agent's last error is of another one
};

absl::StatusOr<std::vector<KnownBad>> knownBadOf(Shell& shell, services::Session& session,
                                                 const services::MachineInfo& machine) {
    std::vector<KnownBad> out;
    for (const domain::AgentReport& agent : machine.agents) {
        for (const std::string& digest : agent.knownBad) {
            const auto package = shell.await<services::PackageInfo>([&](auto reply) {
                return session.packages().get({digest, agent.agent, {}, {}}, std::move(reply));
            });
            if (absl::IsCancelled(package.status())) return package.status();
            KnownBad bad{agent.agent, digest, {}, {}};
            if (package.ok()) bad.version = package->version;
            if (agent.lastError && digest == agent.desiredDigest)
                bad.reason = agent.lastError->reason;
            out.push_back(std::move(bad));
        }
    }
    return out;
}

std::string textOf(const std::vector<KnownBad>& all) {
    std::vector<std::string> parts;
    for (const KnownBad& bad : all) {
        parts.push_back(fmt::format("{} {}{}", bad.agent,
                                    bad.version.empty() ? bad.digest.substr(0, 12) : bad.version,
                                    bad.reason.empty() ? "" : " (" + bad.reason + ")"));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// machineView() with what one machine alone is asked for.
View<services::MachineInfo> viewWith(const std::vector<KnownBad>& all) {
    View<services::MachineInfo> out = machineView();
    out.columns.push_back({"KNOWN BAD", Shown::Always, [all](const auto&) { return textOf(all); }});
    out.json = [all](const services::MachineInfo& machine) {
        Json bad = Json::array();
        for (const KnownBad& one : all) {
            bad.push(Json::object()
                         .set("agent", one.agent)
                         .set("version", one.version.empty() ? Json::null() : Json(one.version))
                         .set("manifest_digest", one.digest)
                         .set("reason", one.reason.empty() ? Json::null() : Json(one.reason)));
        }
        return machineView().json(machine).set("known_bad", std::move(bad));
    };
    return out;
}

absl::Status show(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::MachineInfo machine,
                           shell.await<services::MachineInfo>([&](auto reply) {
                               return session->fleet().getMachine(options.uuid, std::move(reply));
                           }));
    IFRIT_ASSIGN_OR_RETURN(const auto bad, knownBadOf(shell, *session, machine));
    Printer print = shell.print();
    print.one(viewWith(bad), machine);
    if (print.isForPeople() && !machine.agents.empty()) {
        print.line("");
        print.list(agentReportView(), machine.agents);
    }
    return absl::OkStatus();
}

Json heldBackJson(const services::Explanation& explanation, const std::string& agent) {
    for (const services::HeldBack& one : explanation.heldBack) {
        if (!one.agent.empty() && one.agent != agent) continue;
        Json out = Json::object();
        out.set("reason", one.reason).set("message", one.message);
        return out.setTime("opens", one.opens.value_or(base::WallTime{}));
    }
    return Json::null();
}

/// explainView() with what of it holds for the machine as a whole.
View<domain::ExplainedEntry> viewWith(const services::Explanation& explanation) {
    View<domain::ExplainedEntry> out = explainView();
    out.json = [&explanation](const domain::ExplainedEntry& entry) {
        const bool isChosen = entry.verdict == domain::Verdict::Chosen;
        return explainView()
            .json(entry)
            .set("held_generation", explanation.heldGeneration)
            .set("held_back",
                 isChosen ? heldBackJson(explanation, entry.entry.agent) : Json::null());
    };
    return out;
}

std::string sayHeld(const services::Explanation& explanation) {
    if (explanation.heldGeneration == 0)
        return "which generation the machine holds this master does not know: it polls another "
               "one, or has not come yet";
    const std::string held =
        fmt::format("the machine holds generation {}", explanation.heldGeneration);
    if (explanation.holdsEntries) return held + ", which says the same";
    // Ahead of this one it does not come for it.
    if (explanation.heldGeneration > explanation.generation) return held;
    return held + ", and has not come for this one yet";
}

absl::Status explain(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_ASSIGN_OR_RETURN(const services::Explanation explanation,
                           shell.await<services::Explanation>([&](auto reply) {
                               return session->fleet().explain(options.uuid, options.agent,
                                                               std::move(reply));
                           }));
    shell.print().list(viewWith(explanation), explanation.entries);
    shell.note(explanation.entries.empty()
                   ? std::string("no entry names this machine: its agents are left alone")
                   : fmt::format("{} at generation {}",
                                 countOf(explanation.entries.size(), "entries"),
                                 explanation.generation));
    shell.note(sayHeld(explanation));
    for (const services::HeldBack& one : explanation.heldBack) {
        shell.note(fmt::format("{} is held back: {}: {}",
                               one.agent.empty() ? options.uuid : one.agent, one.reason,
                               one.message));
    }
    return absl::OkStatus();
}

absl::Status events(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    bool more = false;
    IFRIT_ASSIGN_OR_RETURN(const std::vector<domain::MachineEvent> all,
                           shell.awaitPages<domain::MachineEvent>(
                               [&](const services::PageRequest& page, auto reply) {
                                   return session->fleet().events(options.uuid, page,
                                                                  std::move(reply));
                               },
                               options.limit, more));
    shell.print().list(eventView(), all);
    shell.noteShown(all.size(), "events", more);
    return absl::OkStatus();
}

/// Why a log is empty: the agent wrote nothing, or, which is an error, is not on that machine.
absl::Status tellEmptyLog(Shell& shell, services::Session& session, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(const services::MachineInfo machine,
                           shell.await<services::MachineInfo>([&](auto reply) {
                               return session.fleet().getMachine(options.uuid, std::move(reply));
                           }));
    std::vector<std::string> agents;
    for (const auto& report : machine.agents)
        agents.push_back(report.agent);
    if (std::find(agents.begin(), agents.end(), options.agent) == agents.end()) {
        return base::notFound(
            "AGENT_UNKNOWN", options.agent, "{} reports no agent {}; it has {}", options.uuid,
            options.agent,
            agents.empty() ? std::string("none") : fmt::format("{}", fmt::join(agents, ", ")));
    }
    shell.note(fmt::format("{} has written no log there", options.agent));
    return absl::OkStatus();
}

absl::Status showLog(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    const services::LogTailQuestion question{shell.mutation(), options.uuid, options.agent, 0};
    IFRIT_ASSIGN_OR_RETURN(const services::LogTail tail,
                           shell.await<services::LogTail>([&](auto reply) {
                               return session->fleet().tailLog(question, std::move(reply));
                           }));
    if (tail.text.empty()) IFRIT_RETURN_IF_ERROR(tellEmptyLog(shell, *session, options));
    const services::LogTail shown{lastLines(tail.text, options.lines), tail.at};
    Printer print = shell.print();
    if (print.isForPeople()) {
        std::istringstream lines(shown.text);
        for (std::string line; std::getline(lines, line);)
            print.line(printable(line));
    } else {
        print.one(logTailView(), shown);
    }
    return absl::OkStatus();
}

absl::Status clearBad(Shell& shell, const MachineOptions& options) {
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    services::ClearKnownBad request{shell.mutation(), options.uuids, options.agent, options.digest};
    request.mutation.expectedCount = options.uuids.size();
    IFRIT_RETURN_IF_ERROR(
        shell.confirm(fmt::format("Let {} try {} again that failed there?",
                                  countOf(options.uuids.size(), "machines"), options.agent)));
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t machines,
                           shell.await<std::uint64_t>([&](auto reply) {
                               return session->fleet().clearKnownBad(request, std::move(reply));
                           }));
    shell.note(countOf(machines, "machines") + " may try again");
    return absl::OkStatus();
}

absl::Status revoke(Shell& shell, const MachineOptions& options) {
    if (shell.options().reason.empty())
        return usage("say why with --reason: whoever finds it later has to know");
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_RETURN_IF_ERROR(shell.confirm(fmt::format(
        "Take the certificates of machine {}? It joins again with a token that names it.",
        options.uuid)));
    IFRIT_ASSIGN_OR_RETURN(const std::uint32_t revoked, shell.await<std::uint32_t>([&](auto reply) {
        return session->access().revokeMachine(options.uuid, shell.mutation(), std::move(reply));
    }));
    shell.note(fmt::format("{}: {} revoked", options.uuid, countOf(revoked, "certificates")));
    return absl::OkStatus();
}

absl::Status remove(Shell& shell, const MachineOptions& options) {
    const std::set<std::string> uuids(options.uuids.begin(), options.uuids.end());
    if (uuids.size() > services::kMachinesAtOnce)
        return usage(fmt::format("at most {} machines at once", services::kMachinesAtOnce));
    IFRIT_ASSIGN_OR_RETURN(services::Session * session, shell.session());
    IFRIT_RETURN_IF_ERROR(shell.confirmCount("machine remove", uuids.size()));
    services::RemoveMachines request{shell.mutation(), {uuids.begin(), uuids.end()}, options.force};
    request.mutation.expectedCount = uuids.size();
    IFRIT_ASSIGN_OR_RETURN(const services::RemovedMachines removed,
                           shell.await<services::RemovedMachines>([&](auto reply) {
                               return session->fleet().removeMachines(request, std::move(reply));
                           }));
    shell.note(fmt::format("{} removed, {} revoked", countOf(removed.machines, "machines"),
                           countOf(removed.certificates, "certificates")));
    return absl::OkStatus();
}

}  // namespace

void addMachineCommands(Shell& shell) {
    CLI::App& noun = shell.addNoun("machine", "Machines of the cluster");
    const auto options = std::make_shared<MachineOptions>();
    const auto limit = [options](CLI::App& verb) {
        verb.add_option("--limit", options->limit, "At most so many; all if absent")
            ->type_name("N")
            ->check(wholeNumber(0, 1'000'000));
    };
    CLI::App& listVerb =
        shell.addVerb(noun,
                      {"list", "List machines, all or those that a filter matches",
                       "ifritctl machine list 'state:failed type:ARM64 label:zone=b'"},
                      [&shell, options] { return list(shell, *options); });
    // Nothing is a filter too: that of all.
    shell.mayBeEmpty(
        listVerb.add_option("FILTER", options->filter, "In the grammar of the machines view"));
    limit(listVerb);
    CLI::App& showVerb = shell.addVerb(
        noun, {"show", "One machine with its agents", "ifritctl machine show 10.0.0.7"},
        [&shell, options] { return show(shell, *options); });
    showVerb.add_option("UUID", options->uuid, "Machine")->required();
    CLI::App& explainVerb = shell.addVerb(
        noun,
        {"explain", "Why it should run these versions: the chosen entry and each one that lost",
         "ifritctl machine explain 10.0.0.7 --agent node-exporter"},
        [&shell, options] { return explain(shell, *options); });
    explainVerb.add_option("UUID", options->uuid, "Machine")->required();
    explainVerb.add_option("--agent", options->agent, "Only this agent")->type_name("NAME");
    CLI::App& eventsVerb = shell.addVerb(noun,
                                         {"events", "What happened on a machine, newest first",
                                          "ifritctl machine events 10.0.0.7 --limit 20"},
                                         [&shell, options] { return events(shell, *options); });
    eventsVerb.add_option("UUID", options->uuid, "Machine")->required();
    limit(eventsVerb);
    CLI::App& logVerb = shell.addVerb(
        noun,
        {"log", "The end of an agent's log, fetched from the machine now; at most 64 KiB",
         "ifritctl machine log 10.0.0.7 node-exporter --lines 50"},
        [&shell, options] { return showLog(shell, *options); });
    logVerb.add_option("UUID", options->uuid, "Machine")->required();
    logVerb.add_option("AGENT", options->agent, "Agent")->required();
    logVerb.add_option("--lines", options->lines, "Its last N lines")
        ->type_name("N")
        ->check(wholeNumber(1, 100'000))
        ->capture_default_str();
    CLI::App& revokeVerb = shell.addVerb(
        noun,
        {"revoke", "Take a machine's certificates from it; refused at once, open streams too",
         "ifritctl machine revoke i-0c77b2 --reason 'sold' --yes", kAsksForAYes},
        [&shell, options] { return revoke(shell, *options); });
    revokeVerb.add_option("UUID", options->uuid, "Machine")->required();
    CLI::App& removeVerb = shell.addVerb(
        noun,
        {"remove", "Take machines that are gone out of the cluster, with their certificates",
         "ifritctl machine remove i-0c77b2 i-0c77b3 --reason 'rack 4 is sold' --confirm-count 2",
         kAsksForTheNamed},
        [&shell, options] { return remove(shell, *options); });
    removeVerb.add_option("UUID", options->uuids, "Machines")->required();
    removeVerb.add_flag("--force", options->force,
                        "Also machines that were heard of in the last 15 minutes");
    CLI::App& clearVerb = shell.addVerb(
        noun,
        {"clear-bad", "Let machines try a version again that failed there",
         "ifritctl machine clear-bad 10.0.0.7 10.0.0.8 --agent node-exporter --reason 'disk "
         "replaced' --yes"},
        [&shell, options] { return clearBad(shell, *options); });
    clearVerb.add_option("UUID", options->uuids, "Machines")->required();
    clearVerb.add_option("--agent", options->agent, "Agent")->type_name("NAME")->required();
    clearVerb.add_option("--digest", options->digest, "Only this version, by manifest digest")
        ->type_name("HEX");
}

}  // namespace ifrit::gui::ctl
