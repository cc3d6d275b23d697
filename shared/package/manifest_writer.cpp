// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include "shared/base/duration.h"
#include "shared/base/status.h"
#include "shared/package/manifest_toml.h"

namespace ifrit::package {
namespace {

/// A TOML basic string (toml.io 1.0, "String").
std::string tomlText(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += {'\\', c};
        } else if (byte < 0x20 || byte == 0x7f) {
            fmt::format_to(std::back_inserter(out), "\\u{:04X}", byte);
        } else {
            out.push_back(c);
        }
    }
    return out + '"';
}

/// Collects lines; keys with default values are left out where that is the same.
class Writer {
public:
    void section(std::string_view name) { m_out += fmt::format("\n[{}]\n", name); }
    void item(std::string_view name) { m_out += fmt::format("\n[[{}]]\n", name); }
    void text(std::string_view key, std::string_view value) {
        m_out += fmt::format("{} = {}\n", key, tomlText(value));
    }
    void number(std::string_view key, std::uint64_t value) {
        m_out += fmt::format("{} = {}\n", key, value);
    }
    void duration(std::string_view key, std::chrono::milliseconds value) {
        text(key, base::formatDuration(value));
    }
    void texts(std::string_view key, const std::vector<std::string>& values) {
        m_out += fmt::format("{} = [", key);
        for (std::size_t i = 0; i < values.size(); ++i) {
            m_out += (i == 0 ? "" : ", ") + tomlText(values[i]);
        }
        m_out += "]\n";
    }
    void map(std::string_view name, const std::map<std::string, std::string>& values) {
        if (values.empty()) return;
        section(name);
        for (const auto& [key, value] : values)
            text(tomlText(key), value);
    }
    std::string take() { return std::move(m_out); }

private:
    std::string m_out;
};

void writeProbe(Writer& out, const domain::Probe& probe) {
    out.section("probe");
    switch (probe.kind) {
        case domain::Probe::Kind::Exec:
            out.texts("exec", probe.command);
            break;
        case domain::Probe::Kind::Tcp:
            out.text("tcp", probe.address);
            break;
        case domain::Probe::Kind::Http:
            out.text("http", probe.url);
            break;
    }
    out.duration("interval", probe.interval);
    out.duration("timeout", probe.timeout);
    out.number("failures", probe.failureThreshold);
}

void writeHook(Writer& out, std::string_view name, const std::optional<domain::Hook>& hook) {
    if (!hook) return;
    out.section(fmt::format("hooks.{}", name));
    out.texts("command", hook->command);
    out.duration("timeout", hook->timeout);
}

void writeRun(Writer& out, const domain::Manifest& manifest) {
    out.section("start");
    out.texts("command", manifest.start.command);
    if (!manifest.start.user.empty()) out.text("user", manifest.start.user);
    out.map("start.environment", manifest.start.environment);
    out.section("stop");
    out.text("signal", manifest.stop.signal);
    out.duration("grace", manifest.stop.grace);
    if (manifest.probe) writeProbe(out, *manifest.probe);
    writeHook(out, "pre_install", manifest.hooks.preInstall);
    writeHook(out, "post_install", manifest.hooks.postInstall);
    writeHook(out, "pre_start", manifest.hooks.preStart);
    writeHook(out, "post_stop", manifest.hooks.postStop);
    writeHook(out, "pre_uninstall", manifest.hooks.preUninstall);
}

void writeNeeds(Writer& out, const domain::Manifest& manifest) {
    out.section("limits");
    out.number("memory_bytes", manifest.limits.memoryBytes);
    out.number("cpu_percent", manifest.limits.cpuPercent);
    out.number("pids", manifest.limits.pids);
    out.number("open_files", manifest.limits.openFiles);
    out.section("preflight");
    out.number("disk_bytes", manifest.preflight.diskBytes);
    out.texts("ports", manifest.preflight.ports);
    if (!manifest.preflight.minKernel.empty()) {
        out.text("min_kernel", manifest.preflight.minKernel);
    }
    if (!manifest.preflight.minGlibc.empty()) out.text("min_glibc", manifest.preflight.minGlibc);
    out.texts("conflicts", manifest.preflight.conflicts);
}

void writeFile(Writer& out, const domain::FileEntry& file) {
    out.item("files");
    out.text("path", file.path);
    if (file.kind == domain::FileEntry::Kind::Symlink) {
        out.text("link", file.linkTarget);
        return;
    }
    out.number("size", file.sizeBytes);
    out.text("sha256", file.sha256);
    out.text("mode", fmt::format("{:04o}", file.mode));
}

}  // namespace

std::string writeManifest(const domain::Manifest& manifest) {
    Writer out;
    out.number("format", manifest.format);
    out.text("name", manifest.name);
    out.text("version", manifest.version);
    out.text("description", manifest.description);
    out.texts("machine_types", manifest.machineTypes);
    out.duration("probation", manifest.probation);
    // Left out where they are not used: what was signed without them keeps its digest.
    if (manifest.index > 0) out.number("index", manifest.index);
    if (manifest.withdrawsBelow > 0) out.number("withdraws_below", manifest.withdrawsBelow);
    out.map("vars", manifest.vars);
    writeRun(out, manifest);
    writeNeeds(out, manifest);
    out.section("archive");
    out.text("sha256", manifest.archiveSha256);
    out.number("size", manifest.archiveSizeBytes);
    out.number("unpacked_size", manifest.unpackedSizeBytes);
    for (const domain::FileEntry& file : manifest.files)
        writeFile(out, file);
    return out.take();
}

}  // namespace ifrit::package
