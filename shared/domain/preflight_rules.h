// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "shared/domain/manifest.h"

namespace ifrit::domain {

// Why a machine will not take a package: stable names (docs/operations.md).
inline constexpr std::string_view kPackageWithdrawn = "PACKAGE_WITHDRAWN";
inline constexpr std::string_view kPreflightType = "PREFLIGHT_TYPE";
inline constexpr std::string_view kPreflightKernel = "PREFLIGHT_KERNEL";
inline constexpr std::string_view kPreflightLibc = "PREFLIGHT_LIBC";
inline constexpr std::string_view kPreflightConflict = "PREFLIGHT_CONFLICT";

/// What a package is held against that also the master is told of; what is absent is not known to
/// whoever asks, and stands against nothing. Disk and ports only the machine knows.
struct KnownOfMachine {
    std::string machineType;
    std::optional<std::string> kernel;
    std::optional<std::string> libc;  ///< "glibc 2.36"
    /// The other managed agents that are there, or on their way there.
    std::set<std::string> installed;
    std::set<std::string> refusedBy;   ///< those of them that name this one a conflict
    std::uint64_t withdrawnBelow = 0;  ///< by a package that proved itself there
};

struct PreflightRefusal {
    std::string reason;   ///< one of the above
    std::string subject;  ///< the agent that it is about
    std::string message;  ///< what to do, for people
    bool operator==(const PreflightRefusal&) const = default;
};

/// The machine's own rules, of which a plan tells beforehand what the machine will say. nullopt:
/// nothing of this stands against it. Pure.
std::optional<PreflightRefusal> preflightRefusal(const Manifest& manifest,
                                                 const KnownOfMachine& machine);

/// "6.1.0-18-amd64" against "5.10": the leading numbers are compared one by one. An unreadable
/// `actual` is not at least anything.
bool isAtLeast(std::string_view actual, std::string_view minimum);

}  // namespace ifrit::domain
