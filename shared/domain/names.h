// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstddef>
#include <string_view>

namespace ifrit::domain {

// Limits of every name that comes from outside, in bytes. The same on machine, master and desktop.
inline constexpr std::size_t kMaxNameBytes = 64;
inline constexpr std::size_t kMaxVersionBytes = 64;
inline constexpr std::size_t kMaxUuidBytes = 128;
inline constexpr std::size_t kMaxLabelKeyBytes = 64;
inline constexpr std::size_t kMaxLabelValueBytes = 256;
inline constexpr std::size_t kMaxLabels = 64;
inline constexpr std::size_t kMaxReasonBytes = 1024;
inline constexpr std::size_t kMaxPathBytes = 1024;

/// The managed agent that is ifrit itself. It is upgraded like the others and never removed.
inline constexpr std::string_view kSelfAgent = "ifrit-agent";

/// Each returns OK, or INVALID_ARGUMENT with a sentence that names the offending text.
/// Agent and cluster names: [a-z0-9][a-z0-9._-]*, at most 64 bytes: they become directory names.
absl::Status checkAgentName(std::string_view name);
absl::Status checkClusterName(std::string_view name);
/// [0-9A-Za-z][0-9A-Za-z.+~:_-]*, at most 64 bytes. ':' only as Debian's epoch, so never in a path
/// without pathSafeVersion().
absl::Status checkVersion(std::string_view version);
/// Machine types: [A-Z][A-Z0-9_]*, at most 64 bytes.
absl::Status checkMachineType(std::string_view type);
/// [A-Za-z0-9][A-Za-z0-9._:-]*, at most 128 bytes: it becomes a certificate name and a cache key.
absl::Status checkMachineUuid(std::string_view uuid);
/// 64 lower-case hexadecimal digits.
absl::Status checkSha256(std::string_view digest);
/// A relative path of an archive or manifest: no empty, "." or ".." part, no leading or trailing
/// slash, no backslash, no control character, valid UTF-8 not required, at most 1024 bytes.
absl::Status checkRelativePath(std::string_view path);
/// Free text for people: at most 1024 bytes, no control characters but tab and newline.
absl::Status checkReason(std::string_view reason);

}  // namespace ifrit::domain
