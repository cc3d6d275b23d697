// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/models/manifest_difference.h"

#include <fmt/format.h>

#include <map>

#include "gui/models/text_format.h"
#include "shared/base/duration.h"

namespace ifrit::gui::models {
namespace {

using domain::FileEntry;
using domain::Manifest;

std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string listOf(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (std::size_t i = 0; i < texts.size(); ++i)
        out += (i == 0 ? "" : ", ") + quoted(texts[i]);
    return out + ']';
}

/// The fields of a manifest by name, without those that are not set.
class Fields {
public:
    struct Field {
        std::string name;
        std::string value;
    };

    explicit Fields(const Manifest& manifest) {
        text("description", manifest.description);
        texts("machine_types", manifest.machineTypes);
        duration("probation", manifest.probation);
        number("withdraws_below", manifest.withdrawsBelow);
        map("vars", manifest.vars);
        run(manifest);
        probe(manifest.probe);
        hook("pre_install", manifest.hooks.preInstall);
        hook("post_install", manifest.hooks.postInstall);
        hook("pre_start", manifest.hooks.preStart);
        hook("post_stop", manifest.hooks.postStop);
        hook("pre_uninstall", manifest.hooks.preUninstall);
        needs(manifest);
    }

    const std::vector<Field>& all() const { return m_fields; }
    /// The place of a field in all().
    std::optional<std::size_t> find(const std::string& name) const {
        const auto found = m_places.find(name);
        return found == m_places.end() ? std::nullopt : std::optional(found->second);
    }

private:
    void put(const std::string& name, std::string value) {
        m_places.emplace(name, m_fields.size());
        m_fields.push_back({name, std::move(value)});
    }
    void text(const std::string& name, const std::string& value) {
        if (!value.empty()) put(name, quoted(value));
    }
    void texts(const std::string& name, const std::vector<std::string>& values) {
        if (!values.empty()) put(name, listOf(values));
    }
    void number(const std::string& name, std::uint64_t value) {
        if (value != 0) put(name, std::to_string(value));
    }
    /// In full, and as it is read: two sizes may be read alike and differ.
    void size(const std::string& name, std::uint64_t value) {
        constexpr std::uint64_t kKibibyte = 1'024;
        if (value < kKibibyte) return number(name, value);
        put(name, fmt::format("{} ({})", value, bytes(value).toStdString()));
    }
    void duration(const std::string& name, std::chrono::milliseconds value) {
        put(name, quoted(base::formatDuration(value)));
    }
    void map(const std::string& name, const std::map<std::string, std::string>& values) {
        for (const auto& [key, value] : values)
            put(name + '.' + key, quoted(value));
    }
    void run(const Manifest& manifest) {
        texts("start.command", manifest.start.command);
        text("start.user", manifest.start.user);
        map("start.environment", manifest.start.environment);
        text("stop.signal", manifest.stop.signal);
        duration("stop.grace", manifest.stop.grace);
    }
    void probe(const std::optional<domain::Probe>& probe) {
        if (!probe) return;
        texts("probe.exec", probe->command);
        text("probe.tcp", probe->address);
        text("probe.http", probe->url);
        duration("probe.interval", probe->interval);
        duration("probe.timeout", probe->timeout);
        number("probe.failures", probe->failureThreshold);
    }
    void hook(const std::string& name, const std::optional<domain::Hook>& hook) {
        if (!hook) return;
        texts("hooks." + name + ".command", hook->command);
        duration("hooks." + name + ".timeout", hook->timeout);
    }
    void needs(const Manifest& manifest) {
        size("limits.memory_bytes", manifest.limits.memoryBytes);
        number("limits.cpu_percent", manifest.limits.cpuPercent);
        number("limits.pids", manifest.limits.pids);
        number("limits.open_files", manifest.limits.openFiles);
        size("preflight.disk_bytes", manifest.preflight.diskBytes);
        texts("preflight.ports", manifest.preflight.ports);
        text("preflight.min_kernel", manifest.preflight.minKernel);
        text("preflight.min_glibc", manifest.preflight.minGlibc);
        texts("preflight.conflicts", manifest.preflight.conflicts);
    }

    std::vector<Field> m_fields;
    std::map<std::string, std::size_t> m_places;
};

/// Both are in the manifest's order; what is gone stands where it stood.
void compareFields(const Manifest& before, const Manifest& after,
                   std::vector<ManifestChange>& out) {
    using Kind = ManifestChange::Kind;
    const Fields was(before);
    const Fields is(after);
    std::size_t told = 0;  // fields of `was`, of which those that are gone have been told
    const auto tellGone = [&](std::size_t end) {
        for (; told < end; ++told) {
            const Fields::Field& old = was.all()[told];
            if (!is.find(old.name)) out.push_back({Kind::Removed, old.name, old.value, {}, {}, {}});
        }
    };
    for (const Fields::Field& field : is.all()) {
        const auto place = was.find(field.name);
        if (!place) {
            out.push_back({Kind::Added, field.name, {}, field.value, {}, {}});
            continue;
        }
        tellGone(*place);
        const std::string& old = was.all()[*place].value;
        if (old != field.value)
            out.push_back({Kind::Changed, field.name, old, field.value, {}, {}});
    }
    tellGone(was.all().size());
}

void compareFiles(const Manifest& before, const Manifest& after, std::vector<ManifestChange>& out) {
    using Kind = ManifestChange::Kind;
    std::map<std::string, std::pair<const FileEntry*, const FileEntry*>> files;
    for (const FileEntry& file : before.files)
        files[file.path].first = &file;
    for (const FileEntry& file : after.files)
        files[file.path].second = &file;
    for (const auto& [path, both] : files) {
        const auto& [was, is] = both;
        if (was != nullptr && is != nullptr && *was == *is) continue;
        ManifestChange change;
        change.kind = was == nullptr ? Kind::Added : is == nullptr ? Kind::Removed : Kind::Changed;
        change.what = path;
        if (was != nullptr) change.fileBefore = *was;
        if (is != nullptr) change.fileAfter = *is;
        out.push_back(std::move(change));
    }
}

}  // namespace

std::vector<ManifestChange> manifestDifference(const Manifest& before, const Manifest& after) {
    std::vector<ManifestChange> out;
    compareFields(before, after, out);
    compareFiles(before, after, out);
    return out;
}

}  // namespace ifrit::gui::models
