// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/domain/manifest.h"

namespace ifrit::gui::models {

/// One thing that differs between two manifests.
struct ManifestChange {
    enum class Kind { Added, Removed, Changed };
    Kind kind = Kind::Changed;
    std::string what;  ///< the field as the manifest calls it ("probe.interval"), or a file's path
    std::string before;  ///< of a field, as the manifest writes it; empty where it was added
    std::string after;   ///< empty where it was removed
    std::optional<domain::FileEntry> fileBefore;  ///< of a file; unset where it was added
    std::optional<domain::FileEntry> fileAfter;   ///< unset where it was removed
    bool isFile() const { return fileBefore || fileAfter; }
    bool operator==(const ManifestChange&) const = default;
};

/// What a machine gets to see when it goes from `before` to `after`: fields in the manifest's
/// order, then files by path (content, size, mode, kind or link). What differs with every package
/// says nothing and is left out: version, index, and digest and sizes of the archive. A limit of 0
/// is no limit, and so is not there. Pure. O(f log f) of f files.
std::vector<ManifestChange> manifestDifference(const domain::Manifest& before,
                                               const domain::Manifest& after);

}  // namespace ifrit::gui::models
