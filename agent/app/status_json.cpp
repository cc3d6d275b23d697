// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "agent/app/status_parts.h"
#include "agent/app/status_view.h"
#include "shared/domain/enum_names.h"
#include "shared/log/json_formatter.h"

namespace ifrit::agent::app {
namespace {

std::string jsonText(std::string_view text) {
    return '"' + log::jsonEscaped(text) + '"';
}

std::string versionJson(const std::optional<journal::InstalledVersion>& version) {
    if (!version) return "null";
    return fmt::format("{{\"version\":{},\"digest\":{}}}", jsonText(version->version),
                       jsonText(version->digest));
}

std::string agentJson(const MachineView& machine, const std::string& name,
                      const std::optional<domain::DesiredEntry>& entry) {
    const journal::AgentRecord& record = recordOf(machine.journal, name);
    const domain::AgentReport* report = reportOf(machine, name);
    const bool runs = record.process && machine.gone.count(name) == 0;
    std::string out =
        fmt::format("{{\"agent\":{},\"desired\":{},\"desired_digest\":{}", jsonText(name),
                    jsonText(wanted(entry)), jsonText(entry ? entry->manifestDigest : ""));
    out += fmt::format(",\"current\":{},\"previous\":{},\"pid\":{}", versionJson(record.current),
                       versionJson(record.previous), runs ? record.process->process.pid : 0);
    out += fmt::format(",\"step\":{}", record.step ? jsonText(record.step->position) : "null");
    if (report != nullptr) {
        out += fmt::format(
            ",\"state\":{},\"doing\":{},\"crash_looping\":{},\"restarts\":{},\"rss_bytes\":{}",
            jsonText(domain::nameOf(report->state)), jsonText(report->step), report->crashLooping,
            report->restarts, report->sample.rssBytes);
    }
    if (const auto& error = lastErrorOf(record, report)) {
        out += fmt::format(",\"last_error\":{{\"reason\":{},\"message\":{},\"at_ms\":{}}}",
                           jsonText(error->reason), jsonText(error->message),
                           base::toUnixMillis(error->at));
    }
    out += ",\"known_bad\":[";
    for (std::size_t i = 0; i < record.knownBad.size(); ++i)
        out += (i == 0 ? "" : ",") + jsonText(record.knownBad[i].version.digest);
    return out + "]}";
}

std::string linkJson(const MachineView::Running& running) {
    const link::LinkState& link = running.link;
    const auto time = [](const std::optional<base::WallTime>& at) {
        return at ? std::to_string(base::toUnixMillis(*at)) : std::string("null");
    };
    return fmt::format(
        "{{\"version\":{},\"pid\":{},\"started_ms\":{},\"master\":{},\"last_contact_ms\":{},"
        "\"failures\":{},\"reason\":{},\"error\":{},\"next_try_ms\":{}}}",
        jsonText(running.version), running.pid, base::toUnixMillis(running.started),
        jsonText(link.address), time(link.lastContact), link.failures, jsonText(link.lastReason),
        jsonText(link.lastError), time(link.nextTry));
}

}  // namespace

std::string statusJson(const MachineView& machine) {
    const journal::JournalState& state = machine.journal;
    std::string out = fmt::format(
        "{{\"uuid\":{},\"uuid_source\":{},\"machine_type\":{},\"generation\":{},\"events\":{},"
        "\"events_lost\":{},\"certificate_ends_ms\":{},\"running\":{},\"hangs\":{},\"agents\":[",
        jsonText(machine.facts.uuid), jsonText(machine.uuidSource),
        jsonText(machine.facts.machineType), state.desired ? state.desired->generation : 0,
        state.events.size(), state.droppedEvents,
        machine.certificateEnds ? std::to_string(base::toUnixMillis(*machine.certificateEnds))
                                : std::string("null"),
        machine.running ? linkJson(*machine.running) : std::string("null"), machine.hangs);
    bool first = true;
    for (const auto& [name, entry] : chosen(state)) {
        if (!first) out += ',';
        first = false;
        out += agentJson(machine, name, entry);
    }
    return out + "]}";
}

}  // namespace ifrit::agent::app
