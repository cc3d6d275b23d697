// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace ifrit::agent::integrity {
namespace {

/// So many paths are named in a summary.
constexpr std::size_t kNamedPaths = 3;

std::string_view nameOf(FileKind kind) {
    switch (kind) {
        case FileKind::Regular:
            return "a regular file";
        case FileKind::Symlink:
            return "a link";
        case FileKind::Directory:
            return "a directory";
        case FileKind::Other:
            break;
    }
    return "neither file nor link nor directory";
}

/// Collects what is wrong with one path.
class Differences {
public:
    void add(DriftKind kind, const std::string& detail) {
        if (!m_worst || kind < *m_worst) m_worst = kind;
        m_detail += (m_detail.empty() ? "" : ", ") + detail;
    }
    std::optional<Drift> at(const std::string& path) const {
        if (!m_worst) return std::nullopt;
        return Drift{*m_worst, path, m_detail};
    }

private:
    std::optional<DriftKind> m_worst;
    std::string m_detail;
};

void compareContent(const domain::FileEntry& file, const ObservedFile& found, Differences& out) {
    if (!found.unreadable.empty()) {
        out.add(DriftKind::Changed, "cannot be read: " + found.unreadable);
    } else if (found.sizeBytes != file.sizeBytes) {
        out.add(DriftKind::Changed,
                fmt::format("{} bytes instead of {}", found.sizeBytes, file.sizeBytes));
    } else if (found.sha256 != file.sha256) {
        out.add(DriftKind::Changed, "other content");
    }
}

void compareOwner(const ObservedFile& found, const Owner& owner, Differences& out) {
    if (found.userId == owner.userId && found.groupId == owner.groupId) return;
    out.add(DriftKind::Owner, fmt::format("owner {}:{} instead of {}:{}", found.userId,
                                          found.groupId, owner.userId, owner.groupId));
}

void compareMode(const ObservedFile& found, std::uint32_t mode, Differences& out) {
    if (found.mode == mode) return;
    out.add(DriftKind::Mode, fmt::format("mode {:04o} instead of {:04o}", found.mode, mode));
}

std::optional<Drift> compareFile(const domain::FileEntry& file, const ObservedTree& observed,
                                 const Owner& owner) {
    const auto entry = observed.find(file.path);
    if (entry == observed.end()) return Drift{DriftKind::Missing, file.path, "missing"};
    const ObservedFile& found = entry->second;
    Differences out;
    const bool isLink = file.kind == domain::FileEntry::Kind::Symlink;
    const FileKind kind = isLink ? FileKind::Symlink : FileKind::Regular;
    if (found.kind != kind) {
        out.add(DriftKind::Changed,
                fmt::format("{} instead of {}", nameOf(found.kind), nameOf(kind)));
        return out.at(file.path);
    }
    if (isLink && found.linkTarget != file.linkTarget) {
        out.add(DriftKind::Changed,
                fmt::format("points to '{}' instead of '{}'", found.linkTarget, file.linkTarget));
    }
    if (!isLink) compareContent(file, found, out);
    compareOwner(found, owner, out);
    if (!isLink) compareMode(found, file.mode, out);
    return out.at(file.path);
}

/// A directory that is missing shows in the files that it should hold.
std::optional<Drift> compareDirectory(const std::string& path, const ObservedTree& observed,
                                      const Owner& owner) {
    const auto entry = observed.find(path);
    if (entry == observed.end()) return std::nullopt;
    const ObservedFile& found = entry->second;
    Differences out;
    if (found.kind != FileKind::Directory) {
        out.add(DriftKind::Changed,
                fmt::format("{} instead of {}", nameOf(found.kind), nameOf(FileKind::Directory)));
        return out.at(path);
    }
    if (!found.unreadable.empty()) {
        out.add(DriftKind::Changed, "cannot be read: " + found.unreadable);
    }
    compareOwner(found, owner, out);
    compareMode(found, kDirectoryMode, out);
    return out.at(path);
}

std::set<std::string> directoriesOf(const domain::Manifest& manifest) {
    std::set<std::string> directories{"."};
    for (const domain::FileEntry& file : manifest.files) {
        for (auto slash = file.path.rfind('/'); slash != std::string::npos && slash > 0;
             slash = file.path.rfind('/', slash - 1)) {
            if (!directories.insert(file.path.substr(0, slash)).second) break;
        }
    }
    return directories;
}

/// The paths below the version's directory that a text of the manifest names.
void addNamedPaths(std::string_view text, std::set<std::string>& paths) {
    static constexpr std::string_view kRoot = "${root}";
    static constexpr std::string_view kEnds = " \t,;:'\"";
    for (auto at = text.find(kRoot); at != std::string_view::npos; at = text.find(kRoot, at)) {
        at += kRoot.size();
        std::string_view path = text.substr(at, text.find_first_of(kEnds, at) - at);
        while (!path.empty() && path.front() == '/')
            path.remove_prefix(1);
        while (!path.empty() && path.back() == '/')
            path.remove_suffix(1);
        paths.emplace(path);
    }
}

std::set<std::string> namedPaths(const domain::Start& start) {
    std::set<std::string> paths;
    if (!start.command.empty() && !start.command[0].empty() && start.command[0].front() != '/') {
        paths.insert(start.command[0]);
    }
    for (const std::string& text : start.command)
        addNamedPaths(text, paths);
    for (const auto& [name, value] : start.environment)
        addNamedPaths(value, paths);
    return paths;
}

bool isBelow(const std::string& path, const std::string& directory) {
    return directory.empty() || path == directory || path.rfind(directory + '/', 0) == 0;
}

/// Loaded by a program rather than read by a person.
bool isLoadable(const domain::FileEntry& file) {
    const std::string name = file.path.substr(file.path.rfind('/') + 1);
    return (file.mode & 0111U) != 0 || name.find(".so") != std::string::npos;
}

}  // namespace

std::string_view nameOf(DriftKind kind) {
    switch (kind) {
        case DriftKind::Missing:
            return "missing";
        case DriftKind::Changed:
            return "changed";
        case DriftKind::Mode:
            return "mode";
        case DriftKind::Owner:
            return "owner";
        case DriftKind::Added:
            break;
    }
    return "added";
}

std::vector<Drift> findDrift(const domain::Manifest& manifest, const ObservedTree& observed,
                             const Owner& owner) {
    std::vector<Drift> drifts;
    std::set<std::string> expected = directoriesOf(manifest);
    for (const std::string& directory : expected) {
        if (auto drift = compareDirectory(directory, observed, owner)) drifts.push_back(*drift);
    }
    for (const domain::FileEntry& file : manifest.files) {
        expected.insert(file.path);
        if (auto drift = compareFile(file, observed, owner)) drifts.push_back(*drift);
    }
    for (const auto& [path, found] : observed) {
        if (expected.count(path) > 0) continue;
        // What an unlisted directory holds is listed by itself, unless nobody could look into it.
        if (found.kind == FileKind::Directory && found.unreadable.empty()) continue;
        drifts.push_back({DriftKind::Added, path, std::string(nameOf(found.kind))});
    }
    std::sort(drifts.begin(), drifts.end(),
              [](const Drift& a, const Drift& b) { return a.path < b.path; });
    return drifts;
}

std::string summaryOf(const std::vector<Drift>& drifts) {
    static constexpr std::array kKinds{DriftKind::Missing, DriftKind::Changed, DriftKind::Owner,
                                       DriftKind::Mode, DriftKind::Added};
    std::string out;
    for (const DriftKind kind : kKinds) {
        const auto count = std::count_if(drifts.begin(), drifts.end(),
                                         [&](const Drift& drift) { return drift.kind == kind; });
        if (count > 0) {
            out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, nameOf(kind));
        }
    }
    for (std::size_t i = 0; i < std::min(drifts.size(), kNamedPaths); ++i)
        out += (i == 0 ? ": " : ", ") + drifts[i].path;
    if (drifts.size() > kNamedPaths) {
        out += fmt::format(" and {} more", drifts.size() - kNamedPaths);
    }
    return out;
}

bool touchesProgram(const domain::Manifest& manifest, const std::vector<Drift>& drifts) {
    const std::set<std::string> named = namedPaths(manifest.start);
    std::set<std::string> loadable;
    for (const domain::FileEntry& file : manifest.files) {
        if (isLoadable(file)) loadable.insert(file.path);
    }
    return std::any_of(drifts.begin(), drifts.end(), [&](const Drift& drift) {
        if (drift.kind == DriftKind::Mode || drift.kind == DriftKind::Owner) return false;
        const bool isNamed = std::any_of(named.begin(), named.end(), [&](const std::string& path) {
            return isBelow(drift.path, path);
        });
        return isNamed || loadable.count(drift.path) > 0;
    });
}

}  // namespace ifrit::agent::integrity
