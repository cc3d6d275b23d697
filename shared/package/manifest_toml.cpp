// SPDX-License-Identifier: Apache-2.0
#include "shared/package/manifest_toml.h"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "shared/base/status.h"
#include "shared/config/toml_section.h"
#include "shared/package/limits.h"

namespace ifrit::package {
namespace {

using config::Presence;
using config::TomlSection;
using domain::Manifest;

/// Sizes of files are limited in check_files.cpp, with a reason of their own.
constexpr std::int64_t kAnySize = std::numeric_limits<std::int64_t>::max();

void readMode(TomlSection& in, std::uint32_t& mode) {
    std::string text;
    in.read("mode", text, Presence::Required);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc() || end != text.data() + text.size()) {
        in.reject("mode", fmt::format("'{}' is not octal, like \"0755\"", text));
    }
}

domain::FileEntry readFile(const toml::table& table, TomlSection& root) {
    TomlSection in(table, root, "files");
    domain::FileEntry file;
    in.read("path", file.path, Presence::Required);
    if (in.has("link")) {
        file.kind = domain::FileEntry::Kind::Symlink;
        in.read("link", file.linkTarget, Presence::Required);
    } else {
        in.read("size", file.sizeBytes, 0, kAnySize, Presence::Required);
        in.read("sha256", file.sha256, Presence::Required);
        readMode(in, file.mode);
    }
    root.note(in.finish());
    return file;
}

void readTop(TomlSection& root, Manifest& manifest) {
    root.read("format", manifest.format, 0, std::numeric_limits<std::uint32_t>::max(),
              Presence::Required);
    if (manifest.format != kManifestFormat) {
        root.reject("format", fmt::format("format {} is not known here; this version reads format "
                                          "{}",
                                          manifest.format, kManifestFormat));
    }
    root.read("name", manifest.name, Presence::Required);
    root.read("version", manifest.version, Presence::Required);
    root.read("description", manifest.description);
    root.read("machine_types", manifest.machineTypes, Presence::Required);
    root.read("probation", manifest.probation);
    root.read("vars", manifest.vars);
    root.read("index", manifest.index, 0, kAnySize);
    root.read("withdraws_below", manifest.withdrawsBelow, 0, kAnySize);
}

void readArchive(TomlSection& root, Manifest& manifest) {
    if (const toml::table* table = root.section("archive", Presence::Required)) {
        TomlSection in(*table, root, "archive");
        in.read("sha256", manifest.archiveSha256, Presence::Required);
        in.read("size", manifest.archiveSizeBytes, 0, kAnySize, Presence::Required);
        in.read("unpacked_size", manifest.unpackedSizeBytes, 0, kAnySize, Presence::Required);
        root.note(in.finish());
    }
    if (const toml::array* files = root.sections("files", Presence::Required)) {
        for (const toml::node& file : *files)
            manifest.files.push_back(readFile(*file.as_table(), root));
    }
}

void readStart(TomlSection& root, Manifest& manifest) {
    if (const toml::table* table = root.section("start", Presence::Required)) {
        TomlSection in(*table, root, "start");
        in.read("command", manifest.start.command, Presence::Required);
        in.read("user", manifest.start.user);
        in.read("environment", manifest.start.environment);
        root.note(in.finish());
    }
    if (const toml::table* table = root.section("stop")) {
        TomlSection in(*table, root, "stop");
        in.read("signal", manifest.stop.signal);
        in.read("grace", manifest.stop.grace);
        root.note(in.finish());
    }
}

void readProbe(TomlSection& root, Manifest& manifest) {
    const toml::table* table = root.section("probe");
    if (table == nullptr) return;
    TomlSection in(*table, root, "probe");
    domain::Probe probe;
    const int kinds = in.has("exec") + in.has("tcp") + in.has("http");
    if (kinds != 1) root.reject("probe", "needs exactly one of exec, tcp and http");
    in.read("exec", probe.command);
    in.read("tcp", probe.address);
    in.read("http", probe.url);
    probe.kind = in.has("exec")  ? domain::Probe::Kind::Exec
                 : in.has("tcp") ? domain::Probe::Kind::Tcp
                                 : domain::Probe::Kind::Http;
    in.read("interval", probe.interval);
    in.read("timeout", probe.timeout);
    in.read("failures", probe.failureThreshold, 0, kMaxProbeFailures);
    root.note(in.finish());
    manifest.probe = std::move(probe);
}

void readHook(TomlSection& hooks, const char* name, std::optional<domain::Hook>& out) {
    const toml::table* table = hooks.section(name);
    if (table == nullptr) return;
    TomlSection in(*table, hooks, name);
    domain::Hook hook;
    in.read("command", hook.command, Presence::Required);
    in.read("timeout", hook.timeout);
    hooks.note(in.finish());
    out = std::move(hook);
}

void readHooks(TomlSection& root, Manifest& manifest) {
    const toml::table* table = root.section("hooks");
    if (table == nullptr) return;
    TomlSection in(*table, root, "hooks");
    readHook(in, "pre_install", manifest.hooks.preInstall);
    readHook(in, "post_install", manifest.hooks.postInstall);
    readHook(in, "pre_start", manifest.hooks.preStart);
    readHook(in, "post_stop", manifest.hooks.postStop);
    readHook(in, "pre_uninstall", manifest.hooks.preUninstall);
    root.note(in.finish());
}

void readLimits(TomlSection& root, Manifest& manifest) {
    if (const toml::table* table = root.section("limits")) {
        TomlSection in(*table, root, "limits");
        in.read("memory_bytes", manifest.limits.memoryBytes, 0, kMaxResourceBytes);
        in.read("cpu_percent", manifest.limits.cpuPercent, 0, kMaxCpuPercent);
        in.read("pids", manifest.limits.pids, 0, kMaxResourceCount);
        in.read("open_files", manifest.limits.openFiles, 0, kMaxResourceCount);
        root.note(in.finish());
    }
    if (const toml::table* table = root.section("preflight")) {
        TomlSection in(*table, root, "preflight");
        in.read("disk_bytes", manifest.preflight.diskBytes, 0, kMaxResourceBytes);
        in.read("ports", manifest.preflight.ports);
        in.read("min_kernel", manifest.preflight.minKernel);
        in.read("min_glibc", manifest.preflight.minGlibc);
        in.read("conflicts", manifest.preflight.conflicts);
        root.note(in.finish());
    }
}

/// The node that a check names ("files[3].mode"), or the nearest around it that is there.
const toml::node* locate(const toml::table& document, std::string field) {
    while (!field.empty()) {
        if (const auto found = toml::at_path(document, field)) return found.node();
        const std::size_t cut = field.find_last_of(".[");
        field.resize(cut == std::string::npos ? 0 : cut);
    }
    return nullptr;
}

enum class Kind { Signed, Source };

absl::StatusOr<Manifest> parse(std::string_view toml, std::string_view source, Kind kind) {
    if (toml.size() > kMaxManifestBytes) {
        return base::invalidArgument("PACKAGE_TOO_LARGE", source, "{} is larger than 1 MiB",
                                     source);
    }
    const config::TomlRules rules{"PACKAGE_MANIFEST", kMaxTextBytes, kMaxTexts};
    IFRIT_ASSIGN_OR_RETURN(const toml::table document, config::parseToml(toml, source, rules));
    TomlSection root(document, source, "", rules);
    Manifest manifest;
    readTop(root, manifest);
    if (kind == Kind::Signed) readArchive(root, manifest);
    readStart(root, manifest);
    readProbe(root, manifest);
    readHooks(root, manifest);
    readLimits(root, manifest);
    IFRIT_RETURN_IF_ERROR(root.finish());
    const absl::Status checked =
        kind == Kind::Signed ? checkManifest(manifest) : checkSource(manifest);
    root.reject(locate(document, base::errorInfo(checked).subject), checked);
    IFRIT_RETURN_IF_ERROR(root.finish());
    return manifest;
}

}  // namespace

absl::StatusOr<Manifest> parseManifest(std::string_view toml) {
    return parse(toml, "manifest.toml", Kind::Signed);
}

absl::StatusOr<Manifest> parsePackageSource(std::string_view toml, std::string_view source) {
    return parse(toml, source, Kind::Source);
}

}  // namespace ifrit::package
