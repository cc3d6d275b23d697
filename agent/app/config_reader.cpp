// SPDX-License-Identifier: Apache-2.0
#include "agent/app/config_reader.h"

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "agent/package/https_mirror.h"
#include "shared/base/atomic_file.h"
#include "shared/base/host_port.h"
#include "shared/config/toml_section.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/names.h"
#include "shared/log/log_section.h"

namespace ifrit::agent::app {
namespace {

using ifrit::config::TomlSection;

constexpr std::size_t kMaxFileBytes = 1024 * 1024;
/// Under the least rate of a transfer, shared by all that run at once, no download would ever end.
constexpr auto kLeastDownloadRate = static_cast<std::int64_t>(domain::kLeastDownloadRate);
constexpr std::int64_t kLeastScanIntervalMs = 1'000;
constexpr std::int64_t kMostScanIntervalMs = 7 * 86'400'000;
constexpr std::int64_t kLeastSampleIntervalMs = 100;
constexpr std::int64_t kMostSampleIntervalMs = 600'000;

void makeAbsolute(const std::string& file, std::string& path) {
    if (path.empty()) return;
    const auto directory = std::filesystem::absolute(file).parent_path();
    path = (directory / path).lexically_normal().string();
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
}

void checkMasters(TomlSection& top, const std::vector<std::string>& masters) {
    if (masters.empty()) return top.reject("masters", "must name at least one \"host:port\"");
    for (const std::string& address : masters) {
        const absl::Status status = base::parseHostPort(address).status();
        if (!status.ok()) top.reject("masters", base::messageOf(status));
    }
}

void checkNames(TomlSection& top, const Config& config) {
    const auto check = [&](std::string_view key, const std::string& value,
                           absl::Status (*rule)(std::string_view)) {
        if (value.empty()) return;
        if (const absl::Status status = rule(value); !status.ok()) {
            top.reject(key, base::messageOf(status));
        }
    };
    check("cluster", config.cluster, domain::checkClusterName);
    check("uuid", config.uuid, domain::checkMachineUuid);
    check("machine_type", config.machineType, domain::checkMachineType);
    if (config.pin.size() > domain::kMaxNameBytes) top.reject("pin", "is longer than 64 bytes");
    if (config.labels.size() > domain::kMaxLabels) top.reject("labels", "are more than 64");
    for (const auto& [key, value] : config.labels) {
        if (key.empty() || key.size() > domain::kMaxLabelKeyBytes ||
            value.size() > domain::kMaxLabelValueBytes) {
            top.reject("labels", fmt::format("'{}' is too long: keys have 1 to 64 bytes, values at "
                                             "most 256",
                                             key));
        }
    }
}

void readIntegrity(TomlSection& top, const std::string& path, integrity::ScanSettings& settings) {
    const toml::table* table = top.section("integrity");
    if (table == nullptr) return;
    TomlSection section(*table, path, "integrity");
    auto bytesPerSecond = static_cast<std::int64_t>(settings.bytesPerSecond);
    section.readMillis("scan_interval_ms", settings.times.interval, kLeastScanIntervalMs,
                       kMostScanIntervalMs);
    section.read("bytes_per_second", bytesPerSecond, 0, std::int64_t{1} << 40);
    section.read("watch", settings.watch);
    settings.bytesPerSecond = static_cast<std::uint64_t>(bytesPerSecond);
    top.note(section.finish());
}

void readDownload(TomlSection& top, const std::string& path, package::DownloadSettings& settings) {
    const toml::table* table = top.section("download");
    if (table == nullptr) return;
    TomlSection section(*table, path, "download");
    std::int64_t bytesPerSecond = 0;
    section.read("bytes_per_second", bytesPerSecond, 0, std::int64_t{1} << 40);
    section.read("mirrors", settings.mirrors);
    section.read("mirror_ca_file", settings.mirrorCaFile);
    section.read("fetch_program", settings.fetchProgram);
    if (bytesPerSecond != 0 && bytesPerSecond < kLeastDownloadRate) {
        section.reject("bytes_per_second",
                       fmt::format("must be 0 (no limit) or at least {}", kLeastDownloadRate));
    }
    settings.bytesPerSecond = static_cast<std::uint64_t>(bytesPerSecond);
    for (const std::string& mirror : settings.mirrors) {
        const absl::Status status = package::checkMirrorAddress(mirror);
        if (!status.ok()) section.reject("mirrors", base::messageOf(status));
    }
    top.note(section.finish());
    for (std::string* file : {&settings.mirrorCaFile, &settings.fetchProgram})
        makeAbsolute(path, *file);
}

void readLimits(TomlSection& top, const std::string& path, supervise::LimitSettings& settings) {
    const toml::table* table = top.section("limits");
    if (table == nullptr) return;
    TomlSection section(*table, path, "limits");
    section.read("cgroup", settings.cgroup);
    section.readMillis("sample_interval_ms", settings.sampleInterval, kLeastSampleIntervalMs,
                       kMostSampleIntervalMs);
    const std::string& group = settings.cgroup;
    const bool isPath = group.size() > 1 && group.front() == '/' && group.back() != '/' &&
                        (group + '/').find("/../") == std::string::npos;
    if (group != "auto" && group != "off" && !isPath) {
        section.reject("cgroup", fmt::format("'{}' is not \"auto\", \"off\" or a path such as "
                                             "\"/ifrit\" below the cgroup2 mount",
                                             group));
    }
    top.note(section.finish());
}

void readIdentity(TomlSection& top, Config& config) {
    top.read("cluster", config.cluster);
    top.read("ca_file", config.caFile);
    top.read("join_token", config.joinToken);
    top.read("join_token_file", config.joinTokenFile);
    top.read("uuid", config.uuid);
    top.read("instance_id_file", config.instanceIdFile);
    top.read("machine_type", config.machineType);
    top.read("pin", config.pin);
    top.read("labels", config.labels);
    if (!config.uuid.empty() && !config.instanceIdFile.empty()) {
        top.reject("uuid", "is given beside instance_id_file; keep one of them");
    }
    if (!config.joinToken.empty() && !config.joinTokenFile.empty()) {
        top.reject("join_token", "is given beside join_token_file; keep one of them");
    }
}

/// Line by line, as what is around it is wrong; only the first lines are in no section.
std::string rootIn(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line) && line.rfind('[', 0) != 0;) {
        const auto table = config::parseToml(line, "");
        if (!table.ok()) continue;
        if (const auto root = (*table)["root"].value<std::string>()) return *root;
    }
    return "";
}

std::string quoted(const std::string& text) {
    std::ostringstream out;
    out << toml::value<std::string>(text);
    return out.str();
}

}  // namespace

bool Config::operator==(const Config& other) const {
    return formatConfig(*this) == formatConfig(other) && joinToken == other.joinToken;
}

namespace {

absl::StatusOr<Config> configOf(const toml::table& table, const std::string& path) {
    Config config;
    config.log.program = "ifrit-agent";
    TomlSection top(table, path, "");
    top.read("root", config.root);
    top.read("masters", config.masters);
    top.read("server_name", config.serverName);
    readIdentity(top, config);
    top.read("vars", config.vars);
    top.read("trusted_keys", config.trustedKeys);
    top.readMillis("max_poll_ms", config.maxPoll, 100, 86'400'000);
    top.read("stop_agents_on_exit", config.stopAgentsOnExit);
    readIntegrity(top, path, config.integrity);
    readDownload(top, path, config.download);
    readLimits(top, path, config.limits);
    log::readLog(top, config.log);
    if (config.root.empty()) top.reject("root", "must not be empty");
    checkMasters(top, config.masters);
    checkNames(top, config);
    IFRIT_RETURN_IF_ERROR(top.finish());
    makeAbsolute(path, config.root);
    if (config.trustedKeys.empty()) config.trustedKeys = config.root + "/keys";
    for (std::string* file : {&config.caFile, &config.joinTokenFile, &config.instanceIdFile,
                              &config.trustedKeys, &config.log.file})
        makeAbsolute(path, *file);
    return config;
}

}  // namespace

absl::StatusOr<Config> parseConfig(std::string_view text, const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(const toml::table table, config::parseToml(text, path));
    return configOf(table, path);
}

absl::StatusOr<LoadedConfig> parseConfig(std::string_view text, const std::string& path,
                                         config::GetVariable get) {
    return config::readWithVariables<Config>(
        text, path, configOf,
        [get](toml::table& table, config::Origins& put) { put = putEnvironment(table, get); });
}

absl::StatusOr<LoadedConfig> loadConfig(const std::string& path) {
    const absl::StatusOr<std::string> text = base::readFile(path, kMaxFileBytes);
    if (absl::IsNotFound(text.status())) {
        return base::notFound("CONFIG_MISSING", path,
                              "{}: there is no such file; name one with --config", path);
    }
    if (absl::IsPermissionDenied(text.status())) {
        return base::permissionDenied("CONFIG_DENIED", path,
                                      "{} may be read by root alone; try sudo", path);
    }
    if (!text.ok()) return text.status();
    IFRIT_ASSIGN_OR_RETURN(LoadedConfig loaded, parseConfig(*text, path, [](const char* name) {
                               return static_cast<const char*>(std::getenv(name));
                           }));
    loaded.config.file = std::filesystem::absolute(path).string();
    return loaded;
}

Config configWithoutFile(const std::string& path, const std::string& root) {
    Config config;
    config.log.program = "ifrit-agent";
    config.file = std::filesystem::absolute(path).string();
    const std::string text = base::readFile(path, kMaxFileBytes).value_or("");
    const std::string told = root.empty() ? rootIn(text) : root;
    if (!told.empty()) config.root = told;
    if (root.empty())
        makeAbsolute(path, config.root);
    else
        config.root = std::filesystem::absolute(config.root).string();
    config.trustedKeys = config.root + "/keys";
    return config;
}

absl::StatusOr<Config> readConfigFile(const std::string& path) {
    IFRIT_ASSIGN_OR_RETURN(LoadedConfig loaded, loadConfig(path));
    return std::move(loaded.config);
}

std::string formatConfig(const Config& config) {
    std::string out;
    const auto list = [&](std::string_view key, const std::vector<std::string>& values) {
        out += fmt::format("{} = [", key);
        for (std::size_t i = 0; i < values.size(); ++i)
            out += (i == 0 ? "" : ", ") + quoted(values[i]);
        out += "]\n";
    };
    const auto line = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) out += fmt::format("{} = {}\n", key, quoted(value));
    };
    line("root", config.root);
    list("masters", config.masters);
    line("server_name", config.serverName);
    line("cluster", config.cluster);
    line("ca_file", config.caFile);
    if (!config.joinToken.empty()) out += "# join_token is set and not shown\n";
    line("join_token_file", config.joinTokenFile);
    line("uuid", config.uuid);
    line("instance_id_file", config.instanceIdFile);
    line("machine_type", config.machineType);
    line("pin", config.pin);
    line("trusted_keys", config.trustedKeys);
    out += fmt::format("max_poll_ms = {}\n", config.maxPoll.count());
    out += fmt::format("stop_agents_on_exit = {}\n", config.stopAgentsOnExit);
    const auto texts = [&](std::string_view name, const std::map<std::string, std::string>& map) {
        if (map.empty()) return;
        out += fmt::format("\n[{}]\n", name);
        for (const auto& [key, value] : map)
            out += fmt::format("{} = {}\n", quoted(key), quoted(value));
    };
    texts("labels", config.labels);
    texts("vars", config.vars);
    out += fmt::format("\n[integrity]\nscan_interval_ms = {}\nbytes_per_second = {}\nwatch = {}\n",
                       config.integrity.times.interval.count(), config.integrity.bytesPerSecond,
                       config.integrity.watch);
    out += fmt::format("\n[download]\nbytes_per_second = {}\n", config.download.bytesPerSecond);
    list("mirrors", config.download.mirrors);
    line("mirror_ca_file", config.download.mirrorCaFile);
    line("fetch_program", config.download.fetchProgram);
    out += fmt::format("\n[limits]\ncgroup = {}\nsample_interval_ms = {}\n",
                       quoted(config.limits.cgroup), config.limits.sampleInterval.count());
    out += fmt::format("\n[log]\nlevel = \"{}\"\nformat = \"{}\"\n", log::nameOf(config.log.level),
                       log::nameOf(config.log.format));
    line("file", config.log.file);
    return out;
}

}  // namespace ifrit::agent::app
