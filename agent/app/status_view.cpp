// SPDX-License-Identifier: Apache-2.0
#include "agent/app/status_view.h"

#include <fmt/format.h>

#include "agent/app/advice.h"
#include "agent/app/status_parts.h"
#include "shared/domain/enum_names.h"

namespace ifrit::agent::app {
namespace {

void describeState(const domain::AgentReport& report, base::WallTime now, std::string& out) {
    out += fmt::format("  state      {} since {}", domain::nameOf(report.state),
                       ageText(report.since, now));
    const std::string doing = doingOf(report);
    if (!doing.empty()) out += ", " + doing;
    out += fmt::format("\n  usage      {:.1f} % CPU, {} MiB, {} restarts\n",
                       report.sample.cpuPercent, report.sample.rssBytes >> 20, report.restarts);
    if (!report.integrityNote.empty()) {
        out += fmt::format("  integrity  {}: {}\n", domain::nameOf(report.integrity),
                           report.integrityNote);
    }
}

void describe(const MachineView& machine, const std::string& name,
              const std::optional<domain::DesiredEntry>& entry, base::WallTime now,
              std::string& out) {
    const journal::AgentRecord& record = recordOf(machine.journal, name);
    out += fmt::format("  wanted     {}\n", wanted(entry));
    out += fmt::format("  installed  {}{}\n", record.current ? record.current->version : "nothing",
                       record.isUnproved() ? " (its probation was not waited for)" : "");
    if (record.process) {
        out += fmt::format("  process    {}, version {}, started {} ago{}\n",
                           record.process->process.pid, record.process->version.version,
                           ageText(record.process->started, now),
                           machine.gone.count(name) > 0 ? "; it is GONE" : "");
    }
    if (record.previous) out += fmt::format("  previous   {}\n", record.previous->version);
    if (record.step) {
        out += fmt::format("  step       {} {} since {}\n", record.step->position,
                           record.step->target.version, ageText(record.step->started, now));
    }
    // A wait for a permit that is over has none that failed.
    const bool isOfNow = record.attempts && record.attempts->nextRetry &&
                         (record.attempts->count > 0 || *record.attempts->nextRetry > now);
    if (isOfNow) {
        const bool due = *record.attempts->nextRetry <= now;
        out += fmt::format("  attempts   {}, next {}\n", record.attempts->count,
                           due ? "now" : "in " + ageText(*record.attempts->nextRetry, now));
    }
    if (const auto& error = lastErrorOf(record, reportOf(machine, name))) {
        out += fmt::format("  last error {} {} ago: {}\n", error->reason, ageText(error->at, now),
                           error->message);
    }
    for (const journal::KnownBad& bad : record.knownBad) {
        out += fmt::format(
            "  known bad  {} ({}), not tried again until `ifrit-agent reset-bad {}` or an operator "
            "clears it\n",
            bad.version.version, bad.reason, name);
    }
}

/// Whether somebody is at work here, and whether it reaches its master.
void describeService(const MachineView& machine, base::WallTime now, std::string& out) {
    if (machine.hangs) {
        out +=
            "ifrit-agent runs and DOES NOT ANSWER. What follows is what it wrote down last; "
            "managed agents run on.\n  -> ifrit-guard starts it again when it has stood still for "
            "5 minutes (--hung-after); at once: systemctl restart ifrit-guard\n";
        return;
    }
    if (!machine.running) {
        out +=
            "ifrit-agent does not run. What follows is what it wrote down last; managed agents "
            "may run on without it. Start it: systemctl start ifrit-guard\n";
        return;
    }
    const MachineView::Running& running = *machine.running;
    out += fmt::format("ifrit-agent {} runs, process {}, for {}\n", running.version, running.pid,
                       ageText(running.started, now));
    const link::LinkState& link = running.link;
    if (!link.settingsError.empty())
        out += fmt::format("agent.toml is NOT USED as it stands now: {}\n", link.settingsError);
    if (link.failures == 0 && link.lastContact) {
        out += fmt::format("master {}, in touch {} ago\n", link.address,
                           ageText(*link.lastContact, now));
    } else if (link.failures == 0) {
        out += "no master was asked yet\n";
    } else {
        out += fmt::format("NO MASTER: {} failed, {} in a row{}{}: {}\n", link.address,
                           counted(link.failures, "try", "tries"),
                           link.lastContact ? fmt::format(", last in touch {} ago",
                                                          ageText(*link.lastContact, now))
                                            : std::string(", never in touch since the start"),
                           link.nextTry && *link.nextTry > now
                               ? fmt::format(", next in {}", ageText(*link.nextTry, now))
                               : std::string(", trying now"),
                           link.lastError);
        if (const auto advice = adviceFor(link.lastReason); !advice.empty())
            out += fmt::format("  -> {}\n", advice);
    }
}

void describeMachine(const MachineView& machine, base::WallTime now, std::string& out) {
    const domain::MachineFacts& facts = machine.facts;
    const journal::JournalState& journal = machine.journal;
    out +=
        fmt::format("machine {}, desired state of generation {}\n", facts.uuid,
                    journal.desired ? std::to_string(journal.desired->generation) : "(none yet)");
    out += fmt::format("  named by {}, type {}{}\n", machine.uuidSource, facts.machineType,
                       facts.pin.empty() ? "" : ", pin " + facts.pin);
    if (!machine.certificateEnds) {
        out += "  not enrolled: it has no certificate yet\n";
    } else if (*machine.certificateEnds <= now) {
        out +=
            fmt::format("  its certificate ENDED {} ago\n", ageText(*machine.certificateEnds, now));
    }
    if (!journal.events.empty()) {
        out += fmt::format("{} for a master{}\n",
                           counted(journal.events.size(), "event waits", "events wait"),
                           journal.droppedEvents == 0
                               ? std::string()
                               : fmt::format(", {} older ones are lost", journal.droppedEvents));
    }
}

std::string_view verdictText(domain::Verdict verdict) {
    switch (verdict) {
        case domain::Verdict::Chosen:
            return "chosen";
        case domain::Verdict::OlderTimestamp:
            return "older";
        case domain::Verdict::LowerLevel:
            return "outranked";  // by a level above its own
    }
    return "?";
}

void explainEntry(const domain::ExplainedEntry& explained, base::WallTime now, std::string& out) {
    const domain::DesiredEntry& entry = explained.entry;
    out += fmt::format("  {:<10} {:<4} {}, of release {}, generation {}, {} old ({})\n",
                       verdictText(explained.verdict), domain::nameOf(entry.level), wanted(entry),
                       entry.releaseId.empty() ? "-" : entry.releaseId, entry.generation,
                       ageText(entry.timestamp, now), entry.source);
}

}  // namespace

std::string statusText(const MachineView& machine, base::WallTime now) {
    std::string out;
    describeService(machine, now, out);
    describeMachine(machine, now, out);
    for (const auto& [name, entry] : chosen(machine.journal)) {
        out += name + '\n';
        const domain::AgentReport* report = reportOf(machine, name);
        if (report != nullptr) describeState(*report, now, out);
        describe(machine, name, entry, now, out);
    }
    return out;
}

absl::StatusOr<std::string> explainText(const MachineView& machine, const std::string& agent,
                                        base::WallTime now) {
    const auto all = chosen(machine.journal);
    const auto found = all.find(agent);
    if (found == all.end()) {
        std::string names;
        for (const auto& [name, entry] : all)
            names += (names.empty() ? "" : ", ") + name;
        return base::notFound("AGENT_UNKNOWN", agent,
                              "this machine knows no agent '{}'; it knows {}", agent,
                              names.empty() ? "none" : names);
    }
    std::string out = agent + '\n';
    const auto& desired = machine.journal.desired;
    const auto entries =
        desired ? domain::explain(*desired, agent) : std::vector<domain::ExplainedEntry>();
    for (const domain::ExplainedEntry& explained : entries)
        explainEntry(explained, now, out);
    if (entries.empty()) out += "  no entry names it, so it is left alone\n";
    const domain::AgentReport* report = reportOf(machine, agent);
    if (report != nullptr) describeState(*report, now, out);
    describe(machine, agent, found->second, now, out);
    if (const auto& error = lastErrorOf(recordOf(machine.journal, agent), report)) {
        const auto advice = adviceFor(error->reason);
        if (!advice.empty()) out += fmt::format("  -> {}\n", advice);
    }
    return out;
}

}  // namespace ifrit::agent::app
