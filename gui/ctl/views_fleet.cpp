// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/text.h"
#include "gui/ctl/views.h"
#include "shared/base/status.h"
#include "shared/domain/enum_names.h"

namespace ifrit::gui::ctl {
namespace {

using services::MachineInfo;

std::string percent(double value) {
    return fmt::format("{:.1f} %", value);
}

Json name(std::string_view text) {
    return Json(text);
}

/// "logd 4.2, metricsd 1.0>1.1": running, and desired where it differs.
std::string agentsText(const MachineInfo& machine) {
    std::vector<std::string> parts;
    for (const domain::AgentReport& agent : machine.agents) {
        const std::string running = agent.runningVersion.empty() ? "-" : agent.runningVersion;
        const bool differs = agent.runningVersion != agent.desiredVersion;
        parts.push_back(fmt::format(
            "{} {}{}", agent.agent, running,
            differs ? ">" + (agent.desiredVersion.empty() ? std::string("-") : agent.desiredVersion)
                    : std::string()));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

/// "exited with 1 (EXITED_AT_START)": what docs/operations.md sorts errors by.
std::string errorText(const domain::AgentError& error) {
    return error.reason.empty() ? error.message
                                : fmt::format("{} ({})", error.message, error.reason);
}

std::string lastErrorOf(const MachineInfo& machine) {
    for (const domain::AgentReport& agent : machine.agents) {
        if (agent.lastError.has_value())
            return fmt::format("{}: {}", agent.agent, errorText(*agent.lastError));
    }
    return std::string();
}

std::string filesText(const domain::AgentReport& agent) {
    const std::string state(domain::nameOf(agent.integrity));
    return agent.integrityNote.empty() ? state : state + ": " + agent.integrityNote;
}

Json reportJson(const domain::AgentReport& agent) {
    Json out = Json::object();
    out.set("agent", agent.agent)
        .set("state", name(domain::nameOf(agent.state)))
        .set("running_version", agent.runningVersion)
        .set("running_digest", agent.runningDigest)
        .set("desired_version", agent.desiredVersion)
        .set("desired_digest", agent.desiredDigest)
        .set("release_id", agent.releaseId)
        .set("step", agent.step)
        .set("attempt", agent.attempt)
        .set("pid", agent.pid)
        .set("restarts", agent.restarts)
        .set("crash_looping", agent.crashLooping)
        .set("integrity", name(domain::nameOf(agent.integrity)))
        .set("integrity_note", agent.integrityNote)
        .set("cpu_percent", agent.sample.cpuPercent)
        .set("rss_bytes", agent.sample.rssBytes)
        .set("known_bad", toJsonArray(agent.knownBad));
    out.setTime("since", agent.since);
    out.setTime("next_retry", agent.nextRetry.value_or(base::WallTime{}));
    out.setTime("deadline", agent.deadline.value_or(base::WallTime{}));
    if (!agent.lastError.has_value()) return out.set("last_error", Json::null());
    Json error = Json::object();
    error.set("reason", agent.lastError->reason)
        .set("message", agent.lastError->message)
        .set("step", agent.lastError->step)
        .set("attempt", agent.lastError->attempt)
        .setTime("at", agent.lastError->at);
    return out.set("last_error", std::move(error));
}

Json machineJson(const MachineInfo& machine) {
    Json agents = Json::array();
    for (const domain::AgentReport& agent : machine.agents)
        agents.push(reportJson(agent));
    const domain::MachineFacts& facts = machine.facts;
    Json out = Json::object();
    out.set("uuid", facts.uuid)
        .set("state", name(domain::nameOf(machine.state)))
        .set("offline", machine.offline)
        .set("machine_type", facts.machineType)
        .set("pin", facts.pin)
        .set("labels", toJsonObject(facts.labels))
        .set("address", facts.address)
        .set("hostname", facts.hostname)
        .set("kernel", facts.kernel)
        .set("libc", facts.libc)
        .set("architecture", facts.architecture)
        .set("ifrit_version", facts.ifritVersion)
        .set("ifrit_cpu_percent", machine.ifritSample.cpuPercent)
        .set("ifrit_rss_bytes", machine.ifritSample.rssBytes)
        .set("batch", machine.batch);
    out.setTime("first_seen", machine.firstSeen);
    out.setTime("last_seen", machine.lastSeen);
    return out.set("agents", std::move(agents));
}

Json explainedJson(const domain::ExplainedEntry& explained) {
    const domain::DesiredEntry& entry = explained.entry;
    Json out = Json::object();
    out.set("agent", entry.agent)
        .set("verdict", name(domain::nameOf(explained.verdict)))
        .set("level", name(domain::nameOf(entry.level)))
        .set("action", name(domain::nameOf(entry.action)))
        .set("version", entry.version)
        .set("manifest_digest", entry.manifestDigest)
        .set("generation", entry.generation)
        .set("release_id", entry.releaseId)
        .set("source", entry.source);
    return out.setTime("timestamp", entry.timestamp);
}

}  // namespace

const View<MachineInfo>& machineView() {
    static const View<MachineInfo> kView = {
        {{"STATE", Shown::Always,
          [](const auto& m) {
              const std::string word(domain::nameOfMachine(m.state, m.offline));
              const std::string_view last = domain::nameOf(m.state);
              return word == last ? word : fmt::format("{} ({})", word, last);
          },
          [](const auto& m) { return std::string(domain::nameOfMachine(m.state, m.offline)); }},
         {"UUID", Shown::Always, [](const auto& m) { return m.facts.uuid; }},
         {"ADDRESS", Shown::Always, [](const auto& m) { return m.facts.address; }},
         {"TYPE", Shown::Always, [](const auto& m) { return m.facts.machineType; }},
         {"PIN", Shown::Always, [](const auto& m) { return m.facts.pin; }},
         {"AGENTS", Shown::Always, agentsText},
         {"LAST SEEN", Shown::Always, [](const auto& m) { return localTime(m.lastSeen); }},
         {"LAST ERROR", Shown::Always, lastErrorOf},
         {"LABELS", Shown::WhenWide, [](const auto& m) { return joinLabels(m.facts.labels); }},
         {"BATCH", Shown::WhenWide,
          [](const auto& m) { return m.batch == 0 ? std::string() : std::to_string(m.batch); }},
         {"HOSTNAME", Shown::WhenWide, [](const auto& m) { return m.facts.hostname; }},
         {"KERNEL", Shown::WhenWide, [](const auto& m) { return m.facts.kernel; }},
         {"IFRIT", Shown::WhenWide, [](const auto& m) { return m.facts.ifritVersion; }},
         {"FIRST SEEN", Shown::WhenWide, [](const auto& m) { return localTime(m.firstSeen); }}},
        [](const auto& m) { return m.facts.uuid; },
        machineJson};
    return kView;
}

const View<domain::AgentReport>& agentReportView() {
    static const View<domain::AgentReport> kView = {
        {{"AGENT", Shown::Always, [](const auto& a) { return a.agent; }},
         {"STATE", Shown::Always,
          [](const auto& a) { return std::string(domain::nameOf(a.state)); }},
         {"RUNNING", Shown::Always, [](const auto& a) { return a.runningVersion; }},
         {"DESIRED", Shown::Always, [](const auto& a) { return a.desiredVersion; }},
         {"SINCE", Shown::Always, [](const auto& a) { return localTime(a.since); }},
         {"PID", Shown::Always,
          [](const auto& a) { return a.pid == 0 ? std::string() : std::to_string(a.pid); }},
         {"CPU", Shown::Always, [](const auto& a) { return percent(a.sample.cpuPercent); },
          [](const auto& a) { return fmt::format("{:.2f}", a.sample.cpuPercent); }},
         {"RSS", Shown::Always, [](const auto& a) { return humanBytes(a.sample.rssBytes); },
          [](const auto& a) { return std::to_string(a.sample.rssBytes); }},
         {"RESTARTS", Shown::Always, [](const auto& a) { return std::to_string(a.restarts); }},
         {"FILES", Shown::Always, filesText},
         {"LAST ERROR", Shown::Always,
          [](const auto& a) { return a.lastError ? errorText(*a.lastError) : std::string(); }}},
        [](const auto& a) { return a.agent; },
        reportJson};
    return kView;
}

const View<domain::ExplainedEntry>& explainView() {
    static const View<domain::ExplainedEntry> kView = {
        {{"AGENT", Shown::Always, [](const auto& e) { return e.entry.agent; }},
         {"WHY", Shown::Always,
          [](const auto& e) { return std::string(domain::nameOf(e.verdict)); }},
         {"LEVEL", Shown::Always,
          [](const auto& e) { return std::string(domain::nameOf(e.entry.level)); }},
         {"ACTION", Shown::Always,
          [](const auto& e) { return std::string(domain::nameOf(e.entry.action)); }},
         {"VERSION", Shown::Always, [](const auto& e) { return e.entry.version; }},
         {"SINCE", Shown::Always, [](const auto& e) { return localTime(e.entry.timestamp); }},
         {"KEY", Shown::Always, [](const auto& e) { return e.entry.source; }},
         {"RELEASE", Shown::WhenWide, [](const auto& e) { return e.entry.releaseId; }},
         {"DIGEST", Shown::WhenWide, [](const auto& e) { return e.entry.manifestDigest; }}},
        [](const auto& e) { return e.entry.agent + " " + e.entry.version; },
        explainedJson};
    return kView;
}

const View<services::LogTail>& logTailView() {
    static const View<services::LogTail> kView = {
        {{"TIME", Shown::Always, [](const auto& tail) { return localTime(tail.at); }},
         {"TEXT", Shown::Always, [](const auto& tail) { return tail.text; }}},
        [](const auto& tail) { return tail.text; },
        [](const auto& tail) {
            Json out = Json::object();
            out.setTime("at", tail.at);
            return out.set("text", tail.text);
        }};
    return kView;
}

const View<domain::MachineEvent>& eventView() {
    static const View<domain::MachineEvent> kView = {
        {{"TIME", Shown::Always, [](const auto& e) { return localTime(e.at); }},
         {"WHAT", Shown::Always, [](const auto& e) { return e.kind; }},
         {"AGENT", Shown::Always, [](const auto& e) { return e.agent; }},
         {"VERSION", Shown::Always, [](const auto& e) { return e.version; }},
         {"MESSAGE", Shown::Always, [](const auto& e) { return e.message; }}},
        [](const auto& e) { return e.kind; },
        [](const auto& e) {
            Json out = Json::object();
            out.setTime("at", e.at);
            return out.set("kind", e.kind)
                .set("agent", e.agent)
                .set("version", e.version)
                .set("message", e.message);
        }};
    return kView;
}

}  // namespace ifrit::gui::ctl
