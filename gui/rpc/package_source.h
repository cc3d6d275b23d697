// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace ifrit::gui::rpc {

/// An opened and checked package file, as an upload needs it.
struct PackageSource {
    std::string manifest;  ///< the exact signed bytes
    std::string signature;
    std::string keyId;
    std::string archiveDigest;  ///< hex
    std::uint64_t archiveBytes = 0;
    /// Up to `size` bytes of the archive from `offset` on; fewer only at its end.
    std::function<absl::StatusOr<std::string>(std::uint64_t offset, std::size_t size)> read;
};

/// Blocks while it reads the whole file: called on a thread of its own. The error names the file.
using OpenPackage = std::function<absl::StatusOr<PackageSource>(const std::string& path)>;

}  // namespace ifrit::gui::rpc
