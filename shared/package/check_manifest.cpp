// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "shared/base/duration.h"
#include "shared/base/host_port.h"
#include "shared/domain/names.h"
#include "shared/domain/probe_address.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_error.h"
#include "shared/package/manifest_hooks.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/variables.h"

namespace ifrit::package {
namespace {

constexpr std::string_view kSignals[] = {"SIGTERM", "SIGINT",  "SIGQUIT", "SIGHUP",
                                         "SIGUSR1", "SIGUSR2", "SIGKILL"};

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
bool isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

absl::Status checkCommand(const std::string& field, const std::vector<std::string>& command) {
    if (command.empty() || command.front().empty()) return badField(field, "it names no program");
    return absl::OkStatus();
}

/// A '=' in the name would set another variable than the one that was reviewed.
absl::Status checkEnvironment(const std::map<std::string, std::string>& environment) {
    const auto good = [](char c) { return isLetter(c) || isDigit(c) || c == '_'; };
    for (const auto& [name, value] : environment) {
        if (!name.empty() && name.size() <= kMaxEnvironmentNameBytes && !isDigit(name.front()) &&
            std::all_of(name.begin(), name.end(), good)) {
            continue;
        }
        return badField("start.environment",
                        fmt::format("'{}' is no name of an environment variable (letters, digits "
                                    "and '_', at most {}, no digit first)",
                                    name.substr(0, 80), kMaxEnvironmentNameBytes));
    }
    return absl::OkStatus();
}

absl::Status checkUser(const std::string& user) {
    const auto good = [](char c) {
        return isLetter(c) || isDigit(c) || c == '_' || c == '-' || c == '.';
    };
    if (user.size() <= kMaxUserBytes && std::all_of(user.begin(), user.end(), good) &&
        (user.empty() || user.front() != '-')) {
        return absl::OkStatus();
    }
    return badField("start.user", fmt::format("'{}' is no user name", user.substr(0, 80)));
}

absl::Status checkHostPort(const char* field, const std::string& address) {
    const auto parsed = base::parseHostPort(address);
    if (!parsed.ok()) return badField(field, base::messageOf(parsed.status()));
    const absl::Status host = domain::checkProbeHost(parsed->host);
    return host.ok() ? host : badField(field, base::messageOf(host));
}

/// Of one with variables only the beginning: the rest is known on the machine.
absl::Status checkProbeAddress(const domain::Probe& probe) {
    const bool isHttp = probe.kind == domain::Probe::Kind::Http;
    if (!isHttp && probe.kind != domain::Probe::Kind::Tcp) return absl::OkStatus();
    const std::string& text = isHttp ? probe.url : probe.address;
    if (text.find('$') != std::string::npos) {
        if (isHttp && text.rfind("http://", 0) != 0)
            return badField("probe.http", "it must begin with http://");
        if (!isHttp && text.find(':') == std::string::npos)
            return badField("probe.tcp", "it must be host:port");
        return absl::OkStatus();
    }
    if (!isHttp) return checkHostPort("probe.tcp", text);
    const auto url = domain::parseHttpUrl(text);
    if (!url.ok()) return badField("probe.http", base::messageOf(url.status()));
    return checkHostPort("probe.http", url->address);
}

absl::Status checkLeast(const char* field, std::chrono::milliseconds value,
                        std::chrono::milliseconds least) {
    if (value >= least) return absl::OkStatus();
    return badField(field, "at least " + base::formatDuration(least));
}

absl::Status checkProbe(const domain::Probe& probe) {
    if (probe.kind == domain::Probe::Kind::Exec) {
        IFRIT_RETURN_IF_ERROR(checkCommand("probe.exec", probe.command));
    }
    IFRIT_RETURN_IF_ERROR(checkProbeAddress(probe));
    IFRIT_RETURN_IF_ERROR(checkLeast("probe.interval", probe.interval, kMinProbeInterval));
    IFRIT_RETURN_IF_ERROR(checkLeast("probe.timeout", probe.timeout, kMinProbeTimeout));
    if (probe.failureThreshold == 0) return badField("probe.failures", "at least 1");
    return absl::OkStatus();
}

/// "5.10": numbers with dots between them. Anything else would hold on every machine, unnoticed.
absl::Status checkLeastVersion(const char* field, const std::string& version) {
    bool afterDigit = false;
    const bool good = std::all_of(version.begin(), version.end(), [&](char c) {
        const bool fits = isDigit(c) || (c == '.' && afterDigit);
        afterDigit = isDigit(c);
        return fits;
    });
    if (version.empty() || (good && afterDigit && version.size() <= kMaxLeastVersionBytes))
        return absl::OkStatus();
    return badField(field,
                    fmt::format("'{}' is not numbers and dots, like 5.10", version.substr(0, 80)));
}

absl::Status checkPort(const std::string& field, const std::string& text) {
    if (text.find("${") != std::string::npos) return absl::OkStatus();  // known on the machine only
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error == std::errc() && end == text.data() + text.size() && port != 0) {
        return absl::OkStatus();
    }
    return badField(field, fmt::format("'{}' is not a TCP port (1 to 65535) or a variable",
                                       text.substr(0, 80)));
}

absl::Status checkPreflight(const domain::Preflight& preflight) {
    IFRIT_RETURN_IF_ERROR(checkLeastVersion("preflight.min_kernel", preflight.minKernel));
    IFRIT_RETURN_IF_ERROR(checkLeastVersion("preflight.min_glibc", preflight.minGlibc));
    for (std::size_t i = 0; i < preflight.ports.size(); ++i) {
        IFRIT_RETURN_IF_ERROR(checkPort(fmt::format("preflight.ports[{}]", i), preflight.ports[i]));
    }
    for (std::size_t i = 0; i < preflight.conflicts.size(); ++i) {
        IFRIT_RETURN_IF_ERROR(inField(fmt::format("preflight.conflicts[{}]", i),
                                      domain::checkAgentName(preflight.conflicts[i])));
    }
    return absl::OkStatus();
}

absl::Status checkMachineTypes(const std::vector<std::string>& types) {
    if (types.empty() || types.size() > kMaxMachineTypes) {
        return badField("machine_types", fmt::format("name 1 to {} types", kMaxMachineTypes));
    }
    std::set<std::string> seen;
    for (std::size_t i = 0; i < types.size(); ++i) {
        const std::string field = fmt::format("machine_types[{}]", i);
        IFRIT_RETURN_IF_ERROR(inField(field, domain::checkMachineType(types[i])));
        if (!seen.insert(types[i]).second) {
            return badField(field, fmt::format("{} is named twice", types[i]));
        }
    }
    return absl::OkStatus();
}

absl::Status checkRun(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(checkCommand("start.command", manifest.start.command));
    IFRIT_RETURN_IF_ERROR(checkEnvironment(manifest.start.environment));
    IFRIT_RETURN_IF_ERROR(checkUser(manifest.start.user));
    if (std::find(std::begin(kSignals), std::end(kSignals), manifest.stop.signal) ==
        std::end(kSignals)) {
        return badField("stop.signal",
                        fmt::format("'{}' is not a signal to stop with; take one of {}",
                                    manifest.stop.signal.substr(0, 80), fmt::join(kSignals, ", ")));
    }
    if (manifest.probe) IFRIT_RETURN_IF_ERROR(checkProbe(*manifest.probe));
    return checkEachHook(manifest.hooks, checkCommand);
}

}  // namespace

absl::Status checkSource(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(inField("name", domain::checkAgentName(manifest.name)));
    IFRIT_RETURN_IF_ERROR(inField("version", domain::checkVersion(manifest.version)));
    IFRIT_RETURN_IF_ERROR(inField("description", domain::checkReason(manifest.description)));
    if (manifest.withdrawsBelow > manifest.index) {
        return badField("withdraws_below",
                        fmt::format("{} is over the package's own index, {}: it would withdraw "
                                    "itself",
                                    manifest.withdrawsBelow, manifest.index));
    }
    IFRIT_RETURN_IF_ERROR(checkMachineTypes(manifest.machineTypes));
    IFRIT_RETURN_IF_ERROR(checkRun(manifest));
    IFRIT_RETURN_IF_ERROR(checkPreflight(manifest.preflight));
    for (const auto& [name, value] : manifest.vars) {
        IFRIT_RETURN_IF_ERROR(inField("vars", domain::checkAgentName(name)));
    }
    return checkVariables(manifest);
}

absl::Status checkManifest(const domain::Manifest& manifest) {
    IFRIT_RETURN_IF_ERROR(checkSource(manifest));
    return checkFiles(manifest);
}

}  // namespace ifrit::package
