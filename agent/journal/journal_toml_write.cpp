// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/journal_toml.h"
#include "agent/journal/operation_names.h"
#include "agent/journal/toml_values.h"
#include "shared/domain/enum_names.h"

namespace ifrit::agent::journal {
namespace {

toml::table versionToml(const InstalledVersion& version) {
    toml::table table;
    TomlWriter out(table);
    out.text("version", version.version);
    out.text("digest", version.digest);
    return table;
}

toml::table stepToml(const StepInProgress& step) {
    toml::table table;
    TomlWriter out(table);
    out.text("operation", nameOf(step.operation));
    out.text("position", step.position);
    out.table("target", versionToml(step.target));
    out.flag("purge", step.purge);
    out.text("release", step.releaseId);
    out.number("attempt", step.attempt);
    out.time("started", step.started);
    out.time("deadline", step.deadline);
    return table;
}

toml::table processToml(const RunningProcess& running) {
    toml::table table;
    TomlWriter out(table);
    out.number("pid", static_cast<std::uint64_t>(running.process.pid));
    out.number("start_time", running.process.startTime);
    out.text("boot", running.process.bootId);
    out.text("version", running.version.version);
    out.text("digest", running.version.digest);
    out.time("started", running.started);
    out.text("address", running.address);
    return table;
}

toml::table errorToml(const domain::AgentError& error) {
    toml::table table;
    TomlWriter out(table);
    out.text("reason", error.reason);
    out.text("message", error.message);
    out.text("step", error.step);
    out.number("attempt", error.attempt);
    out.time("at", error.at);
    return table;
}

toml::table attemptsToml(const Attempts& attempts) {
    toml::table table;
    TomlWriter out(table);
    out.text("digest", attempts.digest);
    out.number("count", attempts.count);
    out.time("next_retry", attempts.nextRetry);
    out.number("unreached_trials", attempts.unreachedTrials);
    return table;
}

toml::array knownBadToml(const std::vector<KnownBad>& all) {
    toml::array array;
    for (const KnownBad& bad : all) {
        toml::table table = versionToml(bad.version);
        TomlWriter out(table);
        out.text("reason", bad.reason);
        out.time("at", bad.at);
        array.push_back(std::move(table));
    }
    return array;
}

toml::table agentToml(const AgentRecord& record) {
    toml::table table;
    TomlWriter out(table);
    if (record.current) out.table("current", versionToml(*record.current));
    if (record.previous) out.table("previous", versionToml(*record.previous));
    out.text("unproved", record.unproved);
    out.text("release", record.releaseId);
    if (record.step) out.table("step", stepToml(*record.step));
    if (record.process) out.table("process", processToml(*record.process));
    if (record.attempts) out.table("attempts", attemptsToml(*record.attempts));
    if (record.lastError) out.table("last_error", errorToml(*record.lastError));
    out.array("known_bad", knownBadToml(record.knownBad));
    return table;
}

toml::table desiredToml(const domain::DesiredState& desired) {
    toml::table table;
    TomlWriter out(table);
    out.number("generation", desired.generation);
    out.number("etag", desired.etag);
    toml::array entries;
    for (const domain::DesiredEntry& entry : desired.entries) {
        toml::table one;
        TomlWriter field(one);
        field.text("agent", entry.agent);
        field.text("action", domain::nameOf(entry.action));
        field.text("version", entry.version);
        field.text("digest", entry.manifestDigest);
        field.text("level", domain::nameOf(entry.level));
        field.time("timestamp", entry.timestamp);
        field.number("generation", entry.generation);
        field.text("release", entry.releaseId);
        field.text("source", entry.source);
        if (entry.downloadRate != 0) field.number("download_rate", entry.downloadRate);
        entries.push_back(std::move(one));
    }
    out.array("entry", std::move(entries));
    return table;
}

toml::array eventsToml(const std::vector<SpooledEvent>& events) {
    toml::array array;
    for (const SpooledEvent& spooled : events) {
        toml::table table;
        TomlWriter out(table);
        out.number("sequence", spooled.sequence);
        out.text("kind", spooled.event.kind);
        out.text("agent", spooled.event.agent);
        out.text("version", spooled.event.version);
        out.text("message", spooled.event.message);
        out.time("at", spooled.event.at);
        array.push_back(std::move(table));
    }
    return array;
}

}  // namespace

toml::table toToml(const JournalState& state) {
    toml::table document;
    TomlWriter out(document);
    toml::table agents;
    for (const auto& [name, record] : state.agents)
        agents.insert_or_assign(name, agentToml(record));
    out.table("agents", std::move(agents));
    toml::table withdrawn;
    TomlWriter below(withdrawn);
    for (const auto& [name, index] : state.withdrawnBelow)
        below.number(name, index);
    out.table("withdrawn_below", std::move(withdrawn));
    toml::array obeyed;
    for (const domain::KnownBadClear& clear : state.obeyedClears) {
        toml::table one;
        TomlWriter fields(one);
        fields.text("digest", clear.digest);
        fields.number("id", clear.id);
        obeyed.push_back(std::move(one));
    }
    out.array("obeyed_clear", std::move(obeyed));
    out.text("cluster", state.cluster);
    if (state.desired) out.table("desired", desiredToml(*state.desired));
    toml::table report;
    TomlWriter reported(report);
    reported.text("stream", state.reportStream);
    reported.number("sequence", state.reportSequence);
    reported.number("next_event", state.nextEventSequence);
    reported.number("dropped_events", state.droppedEvents);
    out.table("report", std::move(report));
    out.array("event", eventsToml(state.events));
    return document;
}

}  // namespace ifrit::agent::journal
