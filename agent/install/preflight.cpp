// SPDX-License-Identifier: Apache-2.0
#include "agent/install/preflight.h"

#include <charconv>

#include "agent/reconcile/reasons.h"
#include "shared/domain/preflight_rules.h"

namespace ifrit::agent::install {
namespace {

using reconcile::kPreflightDisk;
using reconcile::kPreflightPort;

constexpr std::uint64_t kInodesToSpare = 64;
/// For the journal, logs and what else the machine writes meanwhile.
constexpr std::uint64_t kBytesToSpare = 4 * 1024 * 1024;

// One name for one thing, here and in a master's plan.
static_assert(reconcile::kPackageWithdrawn == domain::kPackageWithdrawn);
static_assert(reconcile::kPreflightType == domain::kPreflightType);
static_assert(reconcile::kPreflightKernel == domain::kPreflightKernel);
static_assert(reconcile::kPreflightLibc == domain::kPreflightLibc);
static_assert(reconcile::kPreflightConflict == domain::kPreflightConflict);

absl::Status checkKnown(const domain::Manifest& manifest, const PreflightFacts& facts) {
    const auto refusal = domain::preflightRefusal(
        manifest, {facts.machineType, facts.host.kernel, facts.host.libc, facts.installed,
                   facts.refusedBy, facts.withdrawnBelow});
    if (!refusal) return absl::OkStatus();
    return base::failedPrecondition(refusal->reason, refusal->subject, "{}", refusal->message);
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

absl::Status checkPorts(const domain::Manifest& manifest, const PreflightFacts& facts) {
    for (const std::uint16_t port : facts.ports) {
        if (facts.ownPorts.count(port) > 0) continue;
        if (const auto other = facts.claimed.find(port); other != facts.claimed.end()) {
            return base::failedPrecondition(
                kPreflightPort, manifest.name,
                "TCP port {} is the one of {}; set another port in vars, or uninstall that", port,
                other->second);
        }
        IFRIT_ASSIGN_OR_RETURN(const bool isFree, facts.portIsFree(port));
        if (isFree) continue;
        return base::failedPrecondition(
            kPreflightPort, manifest.name,
            "TCP port {} is in use by another program; stop that or set another port in vars",
            port);
    }
    return absl::OkStatus();
}

}  // namespace

std::optional<std::uint16_t> parsePort(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
    return port;
}

absl::Status preflight(const domain::Manifest& manifest, const PreflightFacts& facts) {
    IFRIT_RETURN_IF_ERROR(checkKnown(manifest, facts));
    IFRIT_RETURN_IF_ERROR(checkDisk(manifest, facts));
    return checkPorts(manifest, facts);
}

}  // namespace ifrit::agent::install
