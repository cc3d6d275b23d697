// SPDX-License-Identifier: Apache-2.0
#include "master/app/config.h"

#include <cstdlib>

#include "shared/base/atomic_file.h"
#include "shared/base/host_port.h"
#include "shared/base/status.h"
#include "shared/config/toml_section.h"
#include "shared/log/log_section.h"

namespace ifrit::master::app {
namespace {

using config::TomlSection;

constexpr std::size_t kMaxFileBytes = 256 * 1024;

/// `zero`: port 0 is any free one.
void checkAddress(TomlSection& section, const char* key, const std::string& address,
                  base::PortZero zero) {
    if (const absl::Status status = base::parseHostPort(address, zero).status(); !status.ok())
        section.reject(key, base::messageOf(status));
}

void readMetrics(TomlSection& top, Config& config) {
    const toml::table* table = top.section("metrics");
    if (table == nullptr) return;
    TomlSection section(*table, top, "metrics");
    section.read("listen", config.metricsListen);
    if (!config.metricsListen.empty())
        checkAddress(section, "listen", config.metricsListen, base::PortZero::AnyFree);
    top.note(section.finish());
}

/// Whether who listens at the one leaves no room for the other.
bool isSamePlace(const std::string& one, const std::string& other) {
    const auto a = base::parseHostPort(one, base::PortZero::AnyFree);
    const auto b = base::parseHostPort(other, base::PortZero::AnyFree);
    if (!a.ok() || !b.ok() || a->port != b->port || a->port == 0) return false;
    const auto isAny = [](const base::HostPort& place) {
        return place.host == "0.0.0.0" || place.host == "::";
    };
    return a->host == b->host || isAny(*a) || isAny(*b);
}

/// Every text that names a place or a level: what a container or a unit is given from outside.
const std::vector<config::Variable>& variables() {
    static const std::vector<config::Variable> kVariables = {
        {"IFRIT_ADVERTISE", "", "advertise"},
        // Where it is reached was of the other address.
        {"IFRIT_LISTEN", "", "listen", "advertise"},
        {"IFRIT_METRICS_LISTEN", "metrics", "listen"},
        {"IFRIT_LOG_LEVEL", "log", "level"},
        {"IFRIT_LOG_FORMAT", "log", "format"},
        {"IFRIT_LOG_FILE", "log", "file"},
        {"IFRIT_STORE_HOST", "store", "host", "socket"},
        {"IFRIT_STORE_DATABASE", "store", "database"},
        {"IFRIT_STORE_USER", "store", "user"},
        {"IFRIT_CACHE_HOST", "cache", "host", "socket"},
        {"IFRIT_CACHE_USER", "cache", "user"},
    };
    return kVariables;
}

const char* environment(const char* name) {
    return std::getenv(name);
}

absl::StatusOr<Config> configOf(const toml::table& table, const std::string& path) {
    Config config;
    config.log.program = "ifrit-master";
    TomlSection top(table, path, "");
    top.read("listen", config.listen);
    top.read("advertise", config.advertise);
    top.readMillis("lease_ms", config.lease, 1'000, 600'000);
    top.readMillis("poll_interval_ms", config.pollInterval, 200, 3'600'000);
    top.readMillis("drain_ms", config.drain, 0, 600'000);
    top.read("workers", config.workers, 1, 256);
    top.read("work_queue", config.workQueue, 1, 1'000'000);
    top.read("report_queue", config.reportQueue, 1, 1'000'000);
    readStore(top, config.store);
    readCache(top, config.cache);
    readMetrics(top, config);
    readRules(top, config.rules, {config.machineStreams, config.busyPercent});
    readGrants(top, config.grants);
    log::readLog(top, config.log);
    checkAddress(top, "listen", config.listen, base::PortZero::AnyFree);
    if (isSamePlace(config.listen, config.metricsListen))
        top.reject("listen", "metrics.listen is there as well: give one of them another port");
    if (!config.advertise.empty())
        checkAddress(top, "advertise", config.advertise, base::PortZero::Refused);
    IFRIT_RETURN_IF_ERROR(top.finish());
    return config;
}

}  // namespace

absl::StatusOr<Config> parseConfig(std::string_view text, const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(text, path));
    return configOf(table, path);
}

absl::StatusOr<LoadedConfig> parseConfig(std::string_view text, const std::string& path,
                                         config::GetVariable get) {
    IFRIT_ASSIGN_OR_RETURN(
        LoadedConfig loaded,
        config::readWithVariables<Config>(text, path, configOf,
                                          [get](toml::table& table, config::Origins& put) {
                                              config::putVariables(table, variables(), get, put);
                                          }));
    IFRIT_RETURN_IF_ERROR(
        readPasswords(loaded.config.store, loaded.config.cache, get, loaded.origins));
    return loaded;
}

absl::StatusOr<LoadedConfig> loadWithOrigins(const std::string& path) {
    const absl::StatusOr<std::string> text = base::readFile(path, kMaxFileBytes);
    if (absl::IsNotFound(text.status())) {
        return base::notFound("CONFIG_MISSING", path,
                              "{}: there is no such file; make a cluster with 'ifrit-master init'",
                              path);
    }
    if (!text.ok()) return text.status();
    return parseConfig(*text, path, &environment);
}

absl::StatusOr<Config> loadConfig(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(LoadedConfig loaded, loadWithOrigins(path));
    return std::move(loaded.config);
}

std::vector<std::string> knownVariables() {
    std::vector<std::string> out{"IFRIT_STORE_PASSWORD", "IFRIT_CACHE_PASSWORD"};
    for (const config::Variable& variable : variables())
        out.emplace_back(variable.name);
    return out;
}

std::string configTemplate(const std::string& listen) {
    return fmt::format(
        "# ifrit-master. Unknown keys are errors; check with: ifrit-master check-config --dir DIR\n"
        "# The pages that it names are in /usr/share/doc/ifrit-master.\n"
        "listen = \"{}\"            # host:port; port 0 takes any free one\n"
        "poll_interval_ms = 30000   # how often machines come; they spread it with jitter\n"
        "workers = 8                # threads for calls that may wait for the database\n"
        "work_queue = 1000          # such calls that may wait; more are shed with a retry time\n"
        "report_queue = 20000       # reports that may wait for their commit; as well\n"
        "drain_ms = 10000           # how long running calls may end at SIGTERM\n"
        "# With several masters, on MariaDB (operations.md):\n"
        "# advertise = \"host:port\"   # where the others reach this one, if not at listen\n"
        "lease_ms = 4000            # how long one that says nothing keeps them from leading\n"
        "\n"
        "[store]\n"
        "kind = \"sqlite\"            # a file in this directory; mariadb: see operations.md\n"
        "\n"
        "[cache]\n"
        "kind = \"memory\"            # this master's own; redis: see operations.md\n"
        "\n"
        "[releases]                  # hold for every release, whatever it says itself\n"
        "require_approval = false   # a second super admin approves each plan before start\n"
        "time_zone = \"\"             # of the blackout dates: Asia/Shanghai; empty: UTC\n"
        "blackout = []              # nothing changes: [\"2026-12-24..2027-01-02\", "
        "\"2026-10-01\"]\n"
        "keep_days = 400            # what each machine did stays so long after the end; 0: for "
        "ever\n"
        "\n"
        "[limits]\n"
        "machine_streams = 100000   # machines that stay connected; more close between polls\n"
        "busy_percent = 85          # of the processors; where they are busier, machines poll less "
        "often\n"
        "# At most so many machines (or percent = 5 of the cluster) change in a sliding window:\n"
        "# max_change_per_window = {{ machines = 500, window = \"1h\" }}\n"
        "\n"
        "# What operators who are no super admins may do (security.md); read again at SIGHUP:\n"
        "# [[grants]]\n"
        "# to = [\"anna\"]\n"
        "# verbs = [\"release.*\", \"package.publish\"]\n"
        "# agents = [\"logd\"]         # each list but `to` and `verbs` is [\"*\"] by itself\n"
        "# machine_types = [\"LINUX\"]\n"
        "# clusters = [\"*\"]          # where several clusters share this part of the file\n"
        "\n"
        "[metrics]\n"
        "# host:port of https /metrics, /healthz, /readyz; empty: none\n"
        "listen = \"127.0.0.1:7444\"\n"
        "\n"
        "[log]\n"
        "level = \"info\"             # trace, debug, info, warning, error, off\n"
        "format = \"text\"            # text or json\n"
        "# file = \"/var/log/ifrit-master/master.log\"   # opened again at SIGHUP; else the error "
        "stream\n",
        listen);
}

std::string printConfig(const Config& config) {
    return fmt::format(
        "listen = \"{}\"\n{}lease_ms = {}\n"
        "poll_interval_ms = {}\n"
        "workers = {}\nwork_queue = {}\nreport_queue = {}\ndrain_ms = "
        "{}\n{}{}{}{}\n[metrics]\nlisten = \"{}\"\n"
        "\n[log]\nlevel = \"{}\"\nformat = "
        "\"{}\"\n"
        "file = \"{}\"\n",
        config.listen,
        config.advertise.empty() ? "" : fmt::format("advertise = \"{}\"\n", config.advertise),
        config.lease.count(), config.pollInterval.count(), config.workers, config.workQueue,
        config.reportQueue, config.drain.count(), printStore(config.store),
        printCache(config.cache),
        printRules(config.rules, config.machineStreams, config.busyPercent),
        printGrants(config.grants), config.metricsListen, log::nameOf(config.log.level),
        log::nameOf(config.log.format), config.log.file);
}

}  // namespace ifrit::master::app
