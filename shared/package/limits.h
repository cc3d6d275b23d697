// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace ifrit::package {

// Limits of a package (docs/package-format.md).
inline constexpr std::size_t kMaxManifestBytes = 1024 * 1024;
inline constexpr std::size_t kMaxSignatureBytes = 4096;
/// As far as the manifest stays within its size: one file takes about 150 bytes and its path.
inline constexpr std::size_t kMaxFiles = 20'000;
inline constexpr std::size_t kMaxMachineTypes = 32;
inline constexpr std::size_t kMaxEnvironmentNameBytes = 128;
inline constexpr std::size_t kMaxUserBytes = 32;
inline constexpr std::uint64_t kMaxArchiveBytes = 2ULL << 30;
inline constexpr std::uint64_t kMaxUnpackedBytes = 4ULL << 30;
inline constexpr std::uint32_t kMaxMode = 0755;
inline constexpr std::uint32_t kManifestFormat = 1;

}  // namespace ifrit::package
