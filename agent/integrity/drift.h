// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/integrity/observed_tree.h"
#include "shared/domain/manifest.h"

namespace ifrit::agent::integrity {

/// The mode that every directory of an installed version has (shared/package/unpack.h).
inline constexpr std::uint32_t kDirectoryMode = 0755;

enum class DriftKind {
    Missing,
    Changed,  ///< content, kind or target of a link
    Owner,
    Mode,
    Added  ///< not in the manifest; an empty directory is none
};

/// "missing", "changed"...
std::string_view nameOf(DriftKind kind);

/// One way in which an installed version is not what was signed.
struct Drift {
    DriftKind kind = DriftKind::Changed;
    std::string path;    ///< relative to the version's directory
    std::string detail;  ///< for people: "mode 0777 instead of 0755"
    bool operator==(const Drift&) const = default;
};

/// Who owns what was installed: the account that ifrit-agent runs as.
struct Owner {
    std::uint32_t userId = 0;
    std::uint32_t groupId = 0;
};

/// Holds what is on the disk against the manifest. Ordered by path, one drift for each path: the
/// worst, with the others in its detail. Pure; O(n log n).
std::vector<Drift> findDrift(const domain::Manifest& manifest, const ObservedTree& observed,
                             const Owner& owner);

/// "2 changed, 1 missing: bin/app, etc/app.toml and 1 more"; empty for no drift.
std::string summaryOf(const std::vector<Drift>& drifts);

/// Whether a program that was started from this version may have what drifted in memory: its own
/// file, another program or shared object of the package, or what its command or environment names
/// (or a directory above it). A changed licence text restarts nothing, and neither does a mode.
bool touchesProgram(const domain::Manifest& manifest, const std::vector<Drift>& drifts);

}  // namespace ifrit::agent::integrity
