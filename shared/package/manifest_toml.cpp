// SPDX-License-Identifier: Apache-2.0
#include "shared/package/manifest_toml.h"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

#include "shared/base/status.h"
#include "shared/package/limits.h"
#include "shared/package/strict_table.h"

namespace ifrit::package {
namespace {

using domain::Manifest;

constexpr std::uint64_t kMaxCount = 1'000'000;
/// Sizes of files are limited in check_files.cpp, with a reason of their own.
constexpr std::uint64_t kAnySize = std::numeric_limits<std::int64_t>::max();

std::uint32_t readMode(StrictTable& table) {
    const std::string text = table.text("mode", Presence::Required);
    std::uint32_t mode = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), mode, 8);
    if (error != std::errc() || end != text.data() + text.size()) {
        table.errors().add(table.node(),
                           fmt::format("mode '{}' is not octal, like \"0755\"", text));
    }
    return mode;
}

domain::FileEntry readFile(const toml::table& table, FirstError& errors) {
    StrictTable in(table, "files", errors);
    domain::FileEntry file;
    file.path = in.text("path", Presence::Required);
    if (in.has("link")) {
        file.kind = domain::FileEntry::Kind::Symlink;
        file.linkTarget = in.text("link", Presence::Required);
    } else {
        file.sizeBytes = in.number("size", Presence::Required, kAnySize);
        file.sha256 = in.text("sha256", Presence::Required);
        file.mode = readMode(in);
    }
    in.finish();
    return file;
}

void readArchive(StrictTable& root, Manifest& manifest) {
    if (const toml::table* table = root.table("archive", Presence::Required)) {
        StrictTable in(*table, "archive", root.errors());
        manifest.archiveSha256 = in.text("sha256", Presence::Required);
        manifest.archiveSizeBytes = in.number("size", Presence::Required, kAnySize);
        manifest.unpackedSizeBytes = in.number("unpacked_size", Presence::Required, kAnySize);
        in.finish();
    }
    if (const toml::array* files = root.tables("files", Presence::Required)) {
        for (const toml::node& file : *files) {
            manifest.files.push_back(readFile(*file.as_table(), root.errors()));
        }
    }
}

void readStart(StrictTable& root, Manifest& manifest) {
    if (const toml::table* table = root.table("start", Presence::Required)) {
        StrictTable in(*table, "start", root.errors());
        manifest.start.command = in.texts("command", Presence::Required);
        manifest.start.user = in.text("user", Presence::Optional);
        manifest.start.environment = in.textMap("environment");
        in.finish();
    }
    if (const toml::table* table = root.table("stop", Presence::Optional)) {
        StrictTable in(*table, "stop", root.errors());
        if (in.has("signal")) manifest.stop.signal = in.text("signal", Presence::Required);
        manifest.stop.grace = in.duration("grace", manifest.stop.grace);
        in.finish();
    }
}

void readProbe(StrictTable& root, Manifest& manifest) {
    const toml::table* table = root.table("probe", Presence::Optional);
    if (table == nullptr) return;
    StrictTable in(*table, "probe", root.errors());
    domain::Probe probe;
    const int kinds = in.has("exec") + in.has("tcp") + in.has("http");
    if (kinds != 1) root.errors().add(table, "'probe' needs exactly one of exec, tcp and http");
    probe.command = in.texts("exec", Presence::Optional);
    probe.address = in.text("tcp", Presence::Optional);
    probe.url = in.text("http", Presence::Optional);
    probe.kind = in.has("exec")  ? domain::Probe::Kind::Exec
                 : in.has("tcp") ? domain::Probe::Kind::Tcp
                                 : domain::Probe::Kind::Http;
    probe.interval = in.duration("interval", probe.interval);
    probe.timeout = in.duration("timeout", probe.timeout);
    if (in.has("failures")) {
        probe.failureThreshold =
            static_cast<std::uint32_t>(in.number("failures", Presence::Required, 1000));
    }
    in.finish();
    manifest.probe = std::move(probe);
}

std::optional<domain::Hook> readHook(StrictTable& hooks, const char* name) {
    const toml::table* table = hooks.table(name, Presence::Optional);
    if (table == nullptr) return std::nullopt;
    StrictTable in(*table, hooks.pathOf(name), hooks.errors());
    domain::Hook hook;
    hook.command = in.texts("command", Presence::Required);
    hook.timeout = in.duration("timeout", hook.timeout);
    in.finish();
    return hook;
}

void readHooks(StrictTable& root, Manifest& manifest) {
    const toml::table* table = root.table("hooks", Presence::Optional);
    if (table == nullptr) return;
    StrictTable in(*table, "hooks", root.errors());
    manifest.hooks.preInstall = readHook(in, "pre_install");
    manifest.hooks.postInstall = readHook(in, "post_install");
    manifest.hooks.preStart = readHook(in, "pre_start");
    manifest.hooks.postStop = readHook(in, "post_stop");
    manifest.hooks.preUninstall = readHook(in, "pre_uninstall");
    in.finish();
}

void readLimits(StrictTable& root, Manifest& manifest) {
    if (const toml::table* table = root.table("limits", Presence::Optional)) {
        StrictTable in(*table, "limits", root.errors());
        auto& limits = manifest.limits;
        limits.memoryBytes = in.number("memory_bytes", Presence::Optional, 1ULL << 50);
        limits.cpuPercent =
            static_cast<std::uint32_t>(in.number("cpu_percent", Presence::Optional, 100'000));
        limits.pids = static_cast<std::uint32_t>(in.number("pids", Presence::Optional, kMaxCount));
        limits.openFiles =
            static_cast<std::uint32_t>(in.number("open_files", Presence::Optional, kMaxCount));
        in.finish();
    }
    if (const toml::table* table = root.table("preflight", Presence::Optional)) {
        StrictTable in(*table, "preflight", root.errors());
        auto& preflight = manifest.preflight;
        preflight.diskBytes = in.number("disk_bytes", Presence::Optional, 1ULL << 50);
        preflight.ports = in.texts("ports", Presence::Optional);
        preflight.minKernel = in.text("min_kernel", Presence::Optional);
        preflight.minGlibc = in.text("min_glibc", Presence::Optional);
        preflight.conflicts = in.texts("conflicts", Presence::Optional);
        in.finish();
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
    toml::table document;
    try {
        document = toml::parse(toml, source);
    } catch (const toml::parse_error& error) {
        return base::invalidArgument("PACKAGE_MANIFEST", source, "{}:{}: {}", source,
                                     error.source().begin.line, error.description());
    }
    FirstError errors{std::string(source)};
    StrictTable root(document, "", errors);
    Manifest manifest;
    manifest.format = static_cast<std::uint32_t>(
        root.number("format", Presence::Required, std::numeric_limits<std::uint32_t>::max()));
    if (manifest.format != kManifestFormat) {
        errors.add(document.get("format"), fmt::format("format {} is not known here; this version "
                                                       "reads format {}",
                                                       manifest.format, kManifestFormat));
    }
    manifest.name = root.text("name", Presence::Required);
    manifest.version = root.text("version", Presence::Required);
    manifest.description = root.text("description", Presence::Optional);
    manifest.machineTypes = root.texts("machine_types", Presence::Required);
    manifest.probation = root.duration("probation", manifest.probation);
    manifest.vars = root.textMap("vars");
    manifest.index = root.number("index", Presence::Optional, kAnySize);
    manifest.withdrawsBelow = root.number("withdraws_below", Presence::Optional, kAnySize);
    if (kind == Kind::Signed) readArchive(root, manifest);
    readStart(root, manifest);
    readProbe(root, manifest);
    readHooks(root, manifest);
    readLimits(root, manifest);
    root.finish();
    const absl::Status checked =
        kind == Kind::Signed ? checkManifest(manifest) : checkSource(manifest);
    errors.add(locate(document, base::errorInfo(checked).subject), checked);
    if (!errors.status().ok()) return errors.status();
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
