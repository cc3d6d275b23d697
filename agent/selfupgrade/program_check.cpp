// SPDX-License-Identifier: Apache-2.0
#include "agent/selfupgrade/program_check.h"

#include <unistd.h>

#include <algorithm>

#include "agent/reconcile/reasons.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::selfupgrade {
namespace {

constexpr char kProgram[] = "bin/ifrit-agent";
constexpr char kAnswer[] = "ifrit-agent ";
/// A busy machine takes its time to load a large program for the first time.
constexpr std::chrono::seconds kPatience{30};
constexpr std::size_t kShownOutput = 512;

template <typename... Args>
absl::Status failed(const domain::Manifest& manifest, fmt::format_string<Args...> format,
                    Args&&... args) {
    return base::failedPrecondition(reconcile::kSelfCheckFailed, manifest.name, "{} {}: {}",
                                    manifest.name, manifest.version,
                                    fmt::format(format, std::forward<Args>(args)...));
}

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

absl::Status checkFiles(const domain::Manifest& manifest, const std::string& directory) {
    bool hasProgram = false;
    for (const domain::FileEntry& file : manifest.files) {
        if (file.kind != domain::FileEntry::Kind::Regular) continue;
        hasProgram = hasProgram || file.path == kProgram;
        const auto found = crypto::sha256File(directory + '/' + file.path);
        if (!found.ok()) return failed(manifest, "{}", base::messageOf(found.status()));
        if (*found != file.sha256) return failed(manifest, "{} is not the signed file", file.path);
    }
    if (hasProgram) return absl::OkStatus();
    return failed(manifest, "the package has no {}; make one with tools/package-ifrit-agent",
                  kProgram);
}

/// The part of the configuration that is in the environment, as guard will hand it on.
void addOwnSettings(std::map<std::string, std::string>& environment) {
    constexpr std::string_view kPrefix = "IFRIT_";
    for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (text.substr(0, kPrefix.size()) != kPrefix || equals == std::string_view::npos) continue;
        environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
}

}  // namespace

bool isVersionOf(const std::string& compiled, const std::string& package) {
    if (compiled.empty() || package.rfind(compiled, 0) != 0) return false;
    return package.size() == compiled.size() || package[compiled.size()] == '-' ||
           package[compiled.size()] == '+';
}

absl::StatusOr<std::string> ProgramCheck::ask(const std::string& program,
                                              std::vector<std::string> arguments) const {
    platform::LaunchSpec spec;
    spec.command = std::move(arguments);
    spec.command.insert(spec.command.begin(), program);
    spec.environment = {{"PATH", "/usr/sbin:/usr/bin:/sbin:/bin"}, {"LANG", "C.UTF-8"}};
    addOwnSettings(spec.environment);
    IFRIT_ASSIGN_OR_RETURN(const platform::CommandResult result, m_commands.run(spec, kPatience));
    if (result.success()) return result.output;
    const std::string how = result.timedOut
                                ? fmt::format("does not answer within {} s", kPatience.count())
                                : platform::describe(result.status);
    return base::failedPrecondition(
        reconcile::kSelfCheckFailed, program, "{} {}{}{}", fmt::join(spec.command, " "), how,
        result.output.empty() ? "" : ": ",
        result.output.substr(result.output.size() - std::min(result.output.size(), kShownOutput)));
}

absl::Status ProgramCheck::check(const domain::Manifest& manifest,
                                 const std::string& directory) const {
    IFRIT_RETURN_IF_ERROR(checkFiles(manifest, directory));
    const std::string program = directory + '/' + kProgram;
    const auto version = ask(program, {"--version"});
    if (!version.ok())
        return failed(manifest, "it does not run here: {}", base::messageOf(version.status()));
    const std::string said = firstLine(*version);
    if (said.rfind(kAnswer, 0) != 0 ||
        !isVersionOf(said.substr(sizeof kAnswer - 1), manifest.version)) {
        return failed(manifest, "the program in it calls itself '{}'", said);
    }
    if (m_configFile.empty()) return absl::OkStatus();
    const auto config = ask(program, {"--check-config", "--config", m_configFile});
    if (!config.ok())
        return failed(manifest, "it refuses this machine's configuration: {}",
                      base::messageOf(config.status()));
    return absl::OkStatus();
}

}  // namespace ifrit::agent::selfupgrade
