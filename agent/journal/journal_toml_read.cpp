// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/journal_toml.h"
#include "agent/journal/operation_names.h"
#include "agent/journal/toml_values.h"
#include "shared/domain/enum_names.h"

namespace ifrit::agent::journal {
namespace {

InstalledVersion readVersion(TomlReader in) {
    InstalledVersion version;
    in.text("version", version.version);
    in.text("digest", version.digest);
    return version;
}

std::optional<InstalledVersion> readOptionalVersion(TomlReader& in, std::string_view key) {
    const toml::table* table = in.table(key);
    if (table == nullptr) return std::nullopt;
    return readVersion(in.child(*table, key));
}

/// False for a word of a later format.
template <typename Enum>
bool readName(TomlReader& in, std::string_view key, Writer writer, Enum& value) {
    std::string name;
    in.text(key, name);
    if (name.empty()) return true;
    if (const auto known = domain::fromName<Enum>(name)) {
        value = *known;
        return true;
    }
    if (writer == Writer::ThisFormat) in.fail(key, "a name that is known here");
    return false;
}

/// nullopt for an operation of a later format: what it began is found out from the disk.
std::optional<StepInProgress> readStep(TomlReader in, Writer writer) {
    StepInProgress step;
    std::string operation;
    in.text("operation", operation);
    if (const auto known = operationFromName(operation)) {
        step.operation = *known;
    } else if (writer == Writer::LaterMinor) {
        return std::nullopt;
    } else {
        in.fail("operation", "install, upgrade or uninstall");
    }
    in.text("position", step.position);
    step.target = readOptionalVersion(in, "target").value_or(InstalledVersion());
    in.flag("purge", step.purge);
    in.text("release", step.releaseId);
    in.number("attempt", step.attempt);
    in.time("started", step.started);
    in.time("deadline", step.deadline);
    return step;
}

RunningProcess readProcess(TomlReader in) {
    RunningProcess running;
    in.number("pid", running.process.pid);
    in.number("start_time", running.process.startTime);
    in.text("boot", running.process.bootId);
    in.text("version", running.version.version);
    in.text("digest", running.version.digest);
    in.time("started", running.started);
    in.text("address", running.address);
    return running;
}

domain::AgentError readError(TomlReader in) {
    domain::AgentError error;
    in.text("reason", error.reason);
    in.text("message", error.message);
    in.text("step", error.step);
    in.number("attempt", error.attempt);
    in.time("at", error.at);
    return error;
}

Attempts readAttempts(TomlReader in) {
    Attempts attempts;
    in.text("digest", attempts.digest);
    in.number("count", attempts.count);
    in.time("next_retry", attempts.nextRetry);
    in.number("unreached_trials", attempts.unreachedTrials);
    return attempts;
}

// Calls read(reader of the element) for each table in the array under `key`.
template <typename Read>
void readEach(TomlReader& in, std::string_view key, const Read& read) {
    const toml::array* array = in.array(key);
    if (array == nullptr) return;
    for (const toml::node& node : *array) {
        if (const toml::table* table = node.as_table()) {
            read(in.child(*table, key));
        } else {
            in.fail(key, "an array of tables");
        }
    }
}

AgentRecord readAgent(TomlReader in, Writer writer, toml::table& unknown) {
    AgentRecord record;
    record.current = readOptionalVersion(in, "current");
    record.previous = readOptionalVersion(in, "previous");
    in.text("unproved", record.unproved);
    in.text("release", record.releaseId);
    if (const auto* table = in.table("step"))
        record.step = readStep(in.child(*table, "step"), writer);
    if (const auto* table = in.table("process"))
        record.process = readProcess(in.child(*table, "process"));
    if (const auto* table = in.table("attempts"))
        record.attempts = readAttempts(in.child(*table, "attempts"));
    if (const auto* table = in.table("last_error"))
        record.lastError = readError(in.child(*table, "last_error"));
    readEach(in, "known_bad", [&](TomlReader one) {
        KnownBad bad;
        bad.version = readVersion(one);
        one.text("reason", bad.reason);
        one.time("at", bad.at);
        record.knownBad.push_back(std::move(bad));
    });
    unknown = in.unasked();
    return record;
}

domain::DesiredState readDesired(TomlReader in, Writer writer) {
    domain::DesiredState desired;
    in.number("generation", desired.generation);
    in.number("etag", desired.etag);
    readEach(in, "entry", [&](TomlReader one) {
        domain::DesiredEntry entry;
        one.text("agent", entry.agent);
        bool known = readName(one, "action", writer, entry.action);
        one.text("version", entry.version);
        one.text("digest", entry.manifestDigest);
        known = readName(one, "level", writer, entry.level) && known;
        one.time("timestamp", entry.timestamp);
        one.number("generation", entry.generation);
        one.text("release", entry.releaseId);
        one.text("source", entry.source);
        one.number("download_rate", entry.downloadRate);
        if (known) {
            desired.entries.push_back(std::move(entry));
        } else {
            desired.etag = 0;  // so that the master says it again
        }
    });
    return desired;
}

void readEvents(TomlReader& in, JournalState& state) {
    readEach(in, "event", [&](TomlReader one) {
        SpooledEvent spooled;
        one.number("sequence", spooled.sequence);
        one.text("kind", spooled.event.kind);
        one.text("agent", spooled.event.agent);
        one.text("version", spooled.event.version);
        one.text("message", spooled.event.message);
        one.time("at", spooled.event.at);
        state.events.push_back(std::move(spooled));
    });
}

void keep(toml::table& unknown, std::string_view key, toml::table of) {
    if (!of.empty()) unknown.insert_or_assign(key, std::move(of));
}

/// Nothing to do where `table` is gone, and with it all that was known of it.
void fillUp(toml::table* table, const toml::table& more) {
    if (table == nullptr) return;
    for (const auto& [key, node] : more)
        table->insert(key, node);
}

void readWithdrawn(TomlReader& in, JournalState& state) {
    const toml::table* table = in.table("withdrawn_below");
    if (table == nullptr) return;
    TomlReader below = in.child(*table, "withdrawn_below");
    for (const auto& [key, node] : *table)
        below.number(key.str(), state.withdrawnBelow[std::string(key.str())]);
}

void readReport(TomlReader& in, JournalState& state, toml::table& unknown) {
    const toml::table* table = in.table("report");
    if (table == nullptr) return;
    TomlReader report = in.child(*table, "report");
    report.text("stream", state.reportStream);
    report.number("sequence", state.reportSequence);
    report.number("next_event", state.nextEventSequence);
    report.number("dropped_events", state.droppedEvents);
    keep(unknown, "report", report.unasked());
}

void readAgents(TomlReader& in, Writer writer, ReadToml& read) {
    const toml::table* agents = in.table("agents");
    if (agents == nullptr) return;
    TomlReader each = in.child(*agents, "agents");
    toml::table unknownOfAgents;
    for (const auto& [key, node] : *agents) {
        const toml::table* table = each.table(key.str());
        if (table == nullptr) continue;
        toml::table unknown;
        read.state.agents.emplace(key.str(),
                                  readAgent(each.child(*table, key.str()), writer, unknown));
        keep(unknownOfAgents, key.str(), std::move(unknown));
    }
    keep(read.unknown, "agents", std::move(unknownOfAgents));
}

}  // namespace

absl::StatusOr<ReadToml> fromToml(const toml::table& document, Writer writer) {
    ReadToml read;
    absl::Status status;
    TomlReader in(document, "journal", status);
    if (const toml::table* table = in.table("desired"))
        read.state.desired = readDesired(in.child(*table, "desired"), writer);
    in.text("cluster", read.state.cluster);
    readWithdrawn(in, read.state);
    readEach(in, "obeyed_clear", [&](TomlReader one) {
        domain::KnownBadClear clear;
        one.text("digest", clear.digest);
        one.number("id", clear.id);
        read.state.obeyedClears.push_back(std::move(clear));
    });
    readEvents(in, read.state);
    readAgents(in, writer, read);
    readReport(in, read.state, read.unknown);
    if (!status.ok()) return status;
    for (auto&& [key, node] : in.unasked())
        read.unknown.insert(key, node);
    return read;
}

void addUnknown(toml::table& document, const toml::table& unknown) {
    for (const auto& [key, node] : unknown) {
        if (key.str() != "agents" && key.str() != "report") document.insert(key, node);
    }
    if (const toml::table* report = unknown["report"].as_table())
        fillUp(document["report"].as_table(), *report);
    if (const toml::table* agents = unknown["agents"].as_table()) {
        for (const auto& [agent, keys] : *agents)
            fillUp(document["agents"][agent.str()].as_table(), *keys.as_table());
    }
}

}  // namespace ifrit::agent::journal
