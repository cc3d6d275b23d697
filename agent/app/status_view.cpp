// SPDX-License-Identifier: Apache-2.0
#include "agent/app/status_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "shared/domain/enum_names.h"
#include "shared/log/json_formatter.h"

namespace ifrit::agent::app {
namespace {

std::string age(base::WallTime then, base::WallTime now) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(now < then ? then - now : now - then);
    const std::int64_t count = seconds.count();
    if (count < 120) return fmt::format("{} s", count);
    if (count < 7200) return fmt::format("{} min", count / 60);
    return fmt::format("{} h", count / 3600);
}

std::string quoted(std::string_view text) {
    return '"' + log::jsonEscaped(text) + '"';
}

std::string wanted(const std::optional<domain::DesiredEntry>& entry) {
    if (!entry) return "nothing (left alone)";
    if (entry->action == domain::DesiredAction::Install) return entry->version;
    return std::string(domain::nameOf(entry->action));
}

std::map<std::string, std::optional<domain::DesiredEntry>> chosen(
    const journal::JournalState& state) {
    std::map<std::string, std::optional<domain::DesiredEntry>> agents;
    for (const auto& [name, record] : state.agents)
        agents[name];
    if (state.desired) {
        for (domain::DesiredEntry& entry : domain::chosenEntries(*state.desired)) {
            const std::string name = entry.agent;
            agents[name] = std::move(entry);
        }
    }
    return agents;
}

void describe(const std::string& name, const std::optional<domain::DesiredEntry>& entry,
              const journal::AgentRecord& record, base::WallTime now, std::string& out) {
    out += fmt::format("{}\n  wanted     {}\n", name, wanted(entry));
    out += fmt::format("  installed  {}\n", record.current ? record.current->version : "nothing");
    if (record.process) {
        out += fmt::format("  process    {}, version {}, started {} ago\n",
                           record.process->process.pid, record.process->version.version,
                           age(record.process->started, now));
    }
    if (record.previous) out += fmt::format("  previous   {}\n", record.previous->version);
    if (record.step) {
        out += fmt::format("  step       {} {} since {}\n", record.step->position,
                           record.step->target.version, age(record.step->started, now));
    }
    if (record.attempts && record.attempts->nextRetry) {
        const bool due = *record.attempts->nextRetry <= now;
        out += fmt::format("  attempts   {}, next {}\n", record.attempts->count,
                           due ? "now" : "in " + age(*record.attempts->nextRetry, now));
    }
    if (record.lastError) {
        out += fmt::format("  last error {} {} ago: {}\n", record.lastError->reason,
                           age(record.lastError->at, now), record.lastError->message);
    }
    for (const journal::KnownBad& bad : record.knownBad) {
        out += fmt::format("  known bad  {} ({}), not tried again until an operator clears it\n",
                           bad.version.version, bad.reason);
    }
}

std::string versionJson(const std::optional<journal::InstalledVersion>& version) {
    if (!version) return "null";
    return fmt::format("{{\"version\":{},\"digest\":{}}}", quoted(version->version),
                       quoted(version->digest));
}

std::string agentJson(const std::string& name, const std::optional<domain::DesiredEntry>& entry,
                      const journal::AgentRecord& record) {
    std::string out =
        fmt::format("{{\"agent\":{},\"desired\":{},\"desired_digest\":{}", quoted(name),
                    quoted(wanted(entry)), quoted(entry ? entry->manifestDigest : ""));
    out +=
        fmt::format(",\"current\":{},\"previous\":{},\"pid\":{}", versionJson(record.current),
                    versionJson(record.previous), record.process ? record.process->process.pid : 0);
    out += fmt::format(",\"step\":{}", record.step ? quoted(record.step->position) : "null");
    if (record.lastError) {
        out += fmt::format(",\"last_error\":{{\"reason\":{},\"message\":{},\"at_ms\":{}}}",
                           quoted(record.lastError->reason), quoted(record.lastError->message),
                           base::toUnixMillis(record.lastError->at));
    }
    out += ",\"known_bad\":[";
    for (std::size_t i = 0; i < record.knownBad.size(); ++i)
        out += (i == 0 ? "" : ",") + quoted(record.knownBad[i].version.digest);
    return out + "]}";
}

const journal::AgentRecord& recordOf(const journal::JournalState& state, const std::string& name) {
    static const journal::AgentRecord kNone;
    const auto found = state.agents.find(name);
    return found == state.agents.end() ? kNone : found->second;
}

}  // namespace

std::string statusText(const journal::JournalState& state, const std::string& uuid,
                       base::WallTime now) {
    std::string out =
        fmt::format("machine {}, desired state of generation {}\n", uuid,
                    state.desired ? std::to_string(state.desired->generation) : "(none yet)");
    if (!state.events.empty()) {
        out += fmt::format("{} events wait for a master\n", state.events.size());
    }
    for (const auto& [name, entry] : chosen(state))
        describe(name, entry, recordOf(state, name), now, out);
    return out;
}

std::string statusJson(const journal::JournalState& state, const std::string& uuid) {
    std::string out =
        fmt::format("{{\"uuid\":{},\"generation\":{},\"events\":{},\"agents\":[", quoted(uuid),
                    state.desired ? state.desired->generation : 0, state.events.size());
    bool first = true;
    for (const auto& [name, entry] : chosen(state)) {
        if (!first) out += ',';
        first = false;
        out += agentJson(name, entry, recordOf(state, name));
    }
    return out + "]}";
}

}  // namespace ifrit::agent::app
