// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace ifrit::tests {

/// A file of the build that the running test belongs to, such as "bin/ifrit-master". Found when it
/// runs, so that builds for other presets compile the same test and a compiler cache serves both.
inline std::string built(const std::string& path) {
    static const std::filesystem::path kTest = std::filesystem::read_symlink("/proc/self/exe");
    return (kTest.parent_path().parent_path() / path).string();
}

}  // namespace ifrit::tests
