// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "shared/domain/manifest.h"

namespace ifrit::package {

/// The files of a manifest by path, as a program would come to them. `manifest` must outlive it.
class PackagedFiles {
public:
    explicit PackagedFiles(const domain::Manifest& manifest);

    /// What lies at `path`, relative to the version's root, behind the package's links, which may
    /// be folders of it. nullptr: nothing does. A link where they lead nowhere or in a circle.
    const domain::FileEntry* at(const std::filesystem::path& path) const;

private:
    std::map<std::string, const domain::FileEntry*> m_files;
};

}  // namespace ifrit::package
