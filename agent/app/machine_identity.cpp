// SPDX-License-Identifier: Apache-2.0
#include "agent/app/machine_identity.h"

#include <algorithm>

#include "agent/install/layout.h"
#include "shared/base/atomic_file.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {
namespace {

using Certificate = IdentityDecision::Certificate;

constexpr std::size_t kMaxInstanceIdBytes = 4096;

bool isHexDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool isDecimalDigit(char c) {
    return c >= '0' && c <= '9';
}

/// Ids that a cloud gave to one instance: i-0c77b2aa (EC2), digits (GCE, DigitalOcean), a UUID
/// (Azure, OpenStack). Others are often one word for every machine of a site ("iid-local01").
bool isInstanceId(const std::string& id) {
    if (id.rfind("i-", 0) == 0)
        return id.size() >= 10 && std::all_of(id.begin() + 2, id.end(), isHexDigit);
    if (id.size() == 36) {
        std::size_t at = 0;
        return std::all_of(id.begin(), id.end(), [&at](char c) {
            const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
            ++at;
            return dash ? c == '-' : isHexDigit(c);
        });
    }
    return id.size() >= 8 && id.size() <= 20 && std::all_of(id.begin(), id.end(), isDecimalDigit);
}

/// The first 128 bits of a digest in a UUID's form (version 8: "as the vendor likes", RFC 9562).
std::string uuidOfDigest(std::string hex) {
    hex[12] = '8';
    hex[16] =
        "89ab"[static_cast<unsigned>(hex[16] <= '9' ? hex[16] - '0' : hex[16] - 'a' + 10) % 4];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20, 12));
}

/// What it would be called if it had never been called anything.
absl::StatusOr<IdentityDecision> freshIdentity(const Config& config,
                                               const platform::HostFacts& host) {
    if (!config.uuid.empty()) return IdentityDecision{config.uuid, "uuid of the configuration"};
    if (!config.instanceIdFile.empty()) {
        if (domain::checkMachineUuid(host.instanceId).ok())
            return IdentityDecision{host.instanceId, config.instanceIdFile};
        return base::failedPrecondition("MACHINE_UNNAMED", "instance_id_file",
                                        "{} holds no id that can name a machine ('{}')",
                                        config.instanceIdFile, host.instanceId);
    }
    if (isInstanceId(host.instanceId))
        return IdentityDecision{host.instanceId, "the cloud's instance id"};
    if (!host.machineId.empty()) {
        return IdentityDecision{uuidOfDigest(crypto::sha256Hex("ifrit machine\n" + host.machineId)),
                                "/etc/machine-id"};
    }
    if (!host.address.empty() && domain::checkMachineUuid(host.address).ok())
        return IdentityDecision{host.address, "the primary address"};
    return base::failedPrecondition(
        "MACHINE_UNNAMED", "uuid",
        "this machine has no instance id, no /etc/machine-id and no address to be known by; set "
        "uuid in the configuration");
}

}  // namespace

absl::StatusOr<IdentityDecision> decideIdentity(const Config& config,
                                                const platform::HostFacts& host,
                                                const std::optional<link::StoredIdentity>& stored) {
    absl::StatusOr<IdentityDecision> fresh = freshIdentity(config, host);
    if (!stored) return fresh;
    const bool isOther = link::likeness(stored->marks, hostMarks(host)) == link::Likeness::Other;
    if (fresh.ok() && fresh->uuid == stored->uuid) {
        fresh->certificate = isOther ? Certificate::Moved : Certificate::Own;
        return fresh;
    }
    if (config.uuid.empty() && !isOther)
        return IdentityDecision{stored->uuid, "the certificate", Certificate::Own};
    if (fresh.ok()) fresh->certificate = Certificate::OfAnother;
    return fresh;
}

link::HostMarks hostMarks(const platform::HostFacts& host) {
    link::HostMarks marks;
    const auto add = [&marks](const char* kind, const std::string& value) {
        if (!value.empty()) marks[kind] = link::hostMark(kind, value);
    };
    add("instance", isInstanceId(host.instanceId) ? host.instanceId : "");
    add("board", host.productId);
    add("machine-id", host.machineId);
    add("network", host.hardwareAddress);
    return marks;
}

std::string machineType(const Config& config, const platform::HostFacts& host) {
    if (!config.machineType.empty()) return config.machineType;
    if (host.container) return "CONTAINER";
#if defined(_WIN32)
    return "WINDOWS";
#elif defined(__aarch64__)
    return "ARM64";
#else
    return "LINUX";
#endif
}

absl::StatusOr<IdentityDecision> identityOf(const Config& config, platform::HostFacts& host) {
    if (!config.instanceIdFile.empty()) {
        const std::string text =
            base::readFile(config.instanceIdFile, kMaxInstanceIdBytes).value_or("");
        host.instanceId = text.substr(0, text.find_first_of(" \t\r\n"));
    }
    const link::IdentityStore store(install::Layout(config.root).identity());
    const auto stored = store.load();
    // Under the name that it would have without it, this machine would set it aside as another's
    // as soon as the disk gives it again, and need a new token.
    if (!stored.ok() && !absl::IsDataLoss(stored.status()) &&
        !absl::IsPermissionDenied(stored.status()))
        return stored.status();
    return decideIdentity(config, host, stored.value_or(std::nullopt));
}

domain::MachineFacts machineFacts(const Config& config, const platform::HostFacts& host,
                                  const std::string& uuid, const std::string& ifritVersion) {
    domain::MachineFacts facts;
    facts.uuid = uuid;
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
