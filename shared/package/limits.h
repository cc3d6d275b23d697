// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ifrit::package {

// Limits of a package. docs/package-format.md has a row of these words for each (tests/lint).
inline constexpr std::size_t kMaxManifestBytes = 1024 * 1024;   ///< `manifest.toml`
inline constexpr std::size_t kMaxSignatureBytes = 4096;         ///< `manifest.sig`
inline constexpr std::uint64_t kMaxArchiveBytes = 2ULL << 30;   ///< `payload.tar.zst`
inline constexpr std::uint64_t kMaxUnpackedBytes = 4ULL << 30;  ///< all files, unpacked
/// As far as the manifest stays within its size: one file takes about 150 bytes and its path.
inline constexpr std::size_t kMaxFiles = 20'000;                    ///< number of files and links
inline constexpr std::uint32_t kMaxMode = 0755;                     ///< bits of a file's `mode`
inline constexpr std::size_t kMaxTextBytes = 4'096;                 ///< any text
inline constexpr std::size_t kMaxTexts = 1'024;                     ///< entries of any list
inline constexpr std::size_t kMaxMachineTypes = 32;                 ///< number of `machine_types`
inline constexpr std::size_t kMaxEnvironmentNameBytes = 128;        ///< name in `start.environment`
inline constexpr std::size_t kMaxUserBytes = 32;                    ///< `start.user`
inline constexpr std::chrono::milliseconds kMinProbeInterval{100};  ///< `probe.interval`, at least
inline constexpr std::chrono::milliseconds kMinProbeTimeout{10};    ///< `probe.timeout`, at least
inline constexpr std::int64_t kMaxProbeFailures = 1'000;            ///< `probe.failures`
inline constexpr std::int64_t kMaxResourceBytes = std::int64_t{1} << 50;  ///< memory or disk
inline constexpr std::int64_t kMaxCpuPercent = 100'000;                   ///< `limits.cpu_percent`
inline constexpr std::int64_t kMaxResourceCount = 1'000'000;  ///< `limits.pids`, `open_files`
inline constexpr std::size_t kMaxLeastVersionBytes = 32;      ///< `min_kernel`, `min_glibc`
inline constexpr std::uint32_t kManifestFormat = 1;           ///< `format`

}  // namespace ifrit::package
