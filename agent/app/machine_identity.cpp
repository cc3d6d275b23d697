// SPDX-License-Identifier: Apache-2.0
#include "agent/app/machine_identity.h"

#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {
namespace {

/// The first 128 bits of a digest in a UUID's form (version 8: "as the vendor likes", RFC 9562).
std::string uuidOfDigest(std::string hex) {
    hex[12] = '8';
    hex[16] =
        "89ab"[static_cast<unsigned>(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) % 4];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

}  // namespace

absl::StatusOr<std::string> machineUuid(const Config& config, const platform::HostFacts& host) {
    if (!config.uuid.empty()) return config.uuid;
    if (!host.machineId.empty()) {
        return uuidOfDigest(crypto::sha256Hex("ifrit machine\n" + host.machineId));
    }
    if (!host.address.empty() && domain::checkMachineUuid(host.address).ok()) return host.address;
    return base::failedPrecondition(
        "NO_IDENTITY", "uuid",
        "this machine has no /etc/machine-id and no address to be known by; set uuid in the "
        "configuration");
}

std::string machineType(const Config& config, const platform::HostFacts& host) {
    if (!config.machineType.empty()) return config.machineType;
    if (host.container) return "CONTAINER";
    return host.architecture == "aarch64" ? "ARM64" : "LINUX";
}

absl::StatusOr<domain::MachineFacts> machineFacts(const Config& config,
                                                  const platform::HostFacts& host,
                                                  const std::string& ifritVersion) {
    domain::MachineFacts facts;
    IFRIT_ASSIGN_OR_RETURN(facts.uuid, machineUuid(config, host));
    facts.machineType = machineType(config, host);
    facts.pin = config.pin;
    facts.labels = config.labels;
    facts.address = host.address;
    facts.hostname = host.hostname;
    facts.kernel = host.kernel;
    facts.libc = host.libc;
    facts.architecture = host.architecture;
    facts.ifritVersion = ifritVersion;
    return facts;
}

}  // namespace ifrit::agent::app
