// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_host.h"

#include <gnu/libc-version.h>
#include <sys/utsname.h>

#include <cstdint>
#include <sstream>

#include "agent/platform/linux/container_evidence.h"
#include "agent/platform/posix/posix_host.h"
#include "agent/platform/posix/small_file.h"

namespace ifrit::agent::platform {
namespace {

std::string firstLine(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::string textOf(const std::string& path) {
    return readSmallFile(path).value_or("");
}

// The interface with the default route of the lowest metric, empty if there is none.
std::string defaultInterface(const std::string& routes) {
    std::istringstream lines(routes);
    std::string line;
    std::string best;
    std::uint64_t bestMetric = UINT64_MAX;
    std::getline(lines, line);  // headings
    while (std::getline(lines, line)) {
        std::istringstream fields(line);
        std::string name, destination, gateway, flags, references, uses;
        std::uint64_t metric = 0;
        fields >> name >> destination >> gateway >> flags >> references >> uses >> metric;
        if (!fields || destination != "00000000" || metric >= bestMetric) continue;
        best = name;
        bestMetric = metric;
    }
    return best;
}

}  // namespace

LinuxHost::LinuxHost(std::string root, std::string containerVariable)
    : m_root(std::move(root)), m_containerVariable(std::move(containerVariable)) {}

HostFacts LinuxHost::facts() const {
    HostFacts facts;
    utsname names{};
    if (::uname(&names) == 0) {
        facts.hostname = names.nodename;
        facts.kernel = names.release;
        facts.architecture = names.machine;
    }
    facts.libc = fmt::format("glibc {}", ::gnu_get_libc_version());
    facts.machineId = firstLine(textOf(m_root + "/etc/machine-id"));
    facts.instanceId = instanceId();
    const std::string preferred = defaultInterface(textOf(m_root + "/proc/net/route"));
    facts.address =
        primaryAddress([&](std::string_view interface) { return interface == preferred; });
    facts.containerEvidence = containerEvidence(m_root, m_containerVariable);
    facts.container = !facts.containerEvidence.empty();
    if (facts.container) return facts;  // these would be the host's, or new with each start
    facts.productId = firstLine(textOf(m_root + "/sys/class/dmi/id/product_uuid"));
    if (!preferred.empty())
        facts.hardwareAddress =
            firstLine(textOf(m_root + "/sys/class/net/" + preferred + "/address"));
    return facts;
}

std::string LinuxHost::instanceId() const {
    for (const char* path : {"/run/cloud-init/.instance-id", "/var/lib/cloud/data/instance-id"}) {
        std::string id = firstLine(textOf(m_root + path));
        if (!id.empty()) return id;
    }
    return "";
}

absl::StatusOr<FreeSpace> LinuxHost::freeSpace(const std::string& path) const {
    return freeSpaceAt(path);
}

}  // namespace ifrit::agent::platform
