// SPDX-License-Identifier: Apache-2.0
#include "agent/install/preflight.h"

#include <algorithm>
#include <charconv>

#include "agent/reconcile/reasons.h"

namespace ifrit::agent::install {
namespace {

using reconcile::kPreflightConflict;
using reconcile::kPreflightDisk;
using reconcile::kPreflightKernel;
using reconcile::kPreflightLibc;
using reconcile::kPreflightPort;
using reconcile::kPreflightType;

constexpr std::uint64_t kInodesToSpare = 64;
/// For the journal, logs and what else the machine writes meanwhile.
constexpr std::uint64_t kBytesToSpare = 4 * 1024 * 1024;

/// "glibc 2.36" -> "2.36"; empty for another C library.
std::string_view glibcVersion(std::string_view libc) {
    constexpr std::string_view kName = "glibc ";
    return libc.substr(0, kName.size()) == kName ? libc.substr(kName.size()) : std::string_view();
}

std::vector<std::uint32_t> leadingNumbers(std::string_view text) {
    std::vector<std::uint32_t> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::uint32_t number = 0;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc()) break;
        numbers.push_back(number);
        if (next == end || *next != '.') break;
        at = next + 1;
    }
    return numbers;
}

absl::Status checkSystem(const domain::Manifest& manifest, const PreflightFacts& facts) {
    const auto& types = manifest.machineTypes;
    if (std::find(types.begin(), types.end(), facts.machineType) == types.end()) {
        return base::failedPrecondition(
            kPreflightType, manifest.name, "{} {} is for {}, this machine is {}", manifest.name,
            manifest.version, fmt::join(types, ", "), facts.machineType);
    }
    const domain::Preflight& rules = manifest.preflight;
    if (!rules.minKernel.empty() && !isAtLeast(facts.host.kernel, rules.minKernel)) {
        return base::failedPrecondition(kPreflightKernel, manifest.name,
                                        "needs kernel {} or newer, this machine has {}",
                                        rules.minKernel, facts.host.kernel);
    }
    if (!rules.minGlibc.empty() && !isAtLeast(glibcVersion(facts.host.libc), rules.minGlibc)) {
        return base::failedPrecondition(
            kPreflightLibc, manifest.name, "needs glibc {} or newer, this machine has {}",
            rules.minGlibc, facts.host.libc.empty() ? "none" : facts.host.libc);
    }
    for (const std::string& conflict : rules.conflicts) {
        if (facts.installed.count(conflict) == 0) continue;
        return base::failedPrecondition(kPreflightConflict, conflict,
                                        "cannot be installed beside {}; uninstall that first",
                                        conflict);
    }
    if (!facts.refusedBy.empty()) {
        const std::string& other = *facts.refusedBy.begin();
        return base::failedPrecondition(
            kPreflightConflict, other,
            "cannot be installed beside {}, whose package names it a conflict; uninstall that "
            "first",
            other);
    }
    return absl::OkStatus();
}

absl::Status checkDisk(const domain::Manifest& manifest, const PreflightFacts& facts) {
    const std::uint64_t whole = manifest.archiveSizeBytes + manifest.unpackedSizeBytes;
    const std::uint64_t wanted = kBytesToSpare + manifest.preflight.diskBytes +
                                 (whole > facts.bytesOnDisk ? whole - facts.bytesOnDisk : 0);
    if (facts.space.bytes < wanted) {
        return base::failedPrecondition(
            kPreflightDisk, manifest.name,
            "needs {} bytes of disk beside the running version, {} are free; free {} or more",
            wanted, facts.space.bytes, wanted - facts.space.bytes);
    }
    const std::uint64_t inodes = manifest.files.size() + kInodesToSpare;
    if (facts.space.inodes && *facts.space.inodes < inodes) {
        return base::failedPrecondition(kPreflightDisk, manifest.name,
                                        "needs {} inodes, {} are free", inodes,
                                        *facts.space.inodes);
    }
    return absl::OkStatus();
}

absl::Status checkNotWithdrawn(const domain::Manifest& manifest, const PreflightFacts& facts) {
    if (manifest.index >= facts.withdrawnBelow) return absl::OkStatus();
    return base::failedPrecondition(
        reconcile::kPackageWithdrawn, manifest.name,
        "{} {} has index {}; a later package, which ran here, withdraws all below {}. Release a "
        "newer one; if the publisher wants this back, it must be signed again with a higher index",
        manifest.name, manifest.version, manifest.index, facts.withdrawnBelow);
}

absl::Status checkPorts(const domain::Manifest& manifest, const PreflightFacts& facts) {
    for (const std::uint16_t port : facts.ports) {
        if (facts.ownPorts.count(port) > 0) continue;
        if (const auto other = facts.claimed.find(port); other != facts.claimed.end()) {
            return base::failedPrecondition(
                kPreflightPort, manifest.name,
                "TCP port {} is the one of {}; set another port in vars, or uninstall that", port,
                other->second);
        }
        if (facts.portIsFree(port)) continue;
        return base::failedPrecondition(
            kPreflightPort, manifest.name,
            "TCP port {} is in use by another program; stop that or set another port in vars",
            port);
    }
    return absl::OkStatus();
}

}  // namespace

bool isAtLeast(std::string_view actual, std::string_view minimum) {
    const std::vector<std::uint32_t> have = leadingNumbers(actual);
    const std::vector<std::uint32_t> need = leadingNumbers(minimum);
    return !have.empty() &&
           !std::lexicographical_compare(have.begin(), have.end(), need.begin(), need.end());
}

std::optional<std::uint16_t> parsePort(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

absl::Status preflight(const domain::Manifest& manifest, const PreflightFacts& facts) {
    IFRIT_RETURN_IF_ERROR(checkNotWithdrawn(manifest, facts));
    IFRIT_RETURN_IF_ERROR(checkSystem(manifest, facts));
    IFRIT_RETURN_IF_ERROR(checkDisk(manifest, facts));
    return checkPorts(manifest, facts);
}

}  // namespace ifrit::agent::install
