// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_host.h"

#include <arpa/inet.h>
#include <gnu/libc-version.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <sstream>

#include "agent/platform/linux/container_evidence.h"
#include "agent/platform/linux/proc_stat.h"

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

std::string addressText(const sockaddr* address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* bytes = nullptr;
    if (address->sa_family == AF_INET)
        bytes = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
    if (address->sa_family == AF_INET6)
        bytes = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
    if (bytes == nullptr ||
        ::inet_ntop(address->sa_family, bytes, text.data(), text.size()) == nullptr)
        return "";
    return text.data();
}

// Lower is better: the default route's interface before others, IPv4 before IPv6; link-local and
// loopback addresses mean nothing to another machine.
int rankOf(const ifaddrs& entry, const std::string& preferred) {
    constexpr int kUseless = 100;
    if (entry.ifa_addr == nullptr || (entry.ifa_flags & IFF_UP) == 0 ||
        (entry.ifa_flags & IFF_LOOPBACK) != 0)
        return kUseless;
    const int family = entry.ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) return kUseless;
    if (family == AF_INET6 &&
        IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<sockaddr_in6*>(entry.ifa_addr)->sin6_addr))
        return kUseless;
    return (entry.ifa_name == preferred ? 0 : 2) + (family == AF_INET ? 0 : 1);
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
    facts.address = primaryAddress(preferred);
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

std::string LinuxHost::primaryAddress(const std::string& preferred) {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return "";
    std::string best;
    int bestRank = 4;  // anything useful is below
    for (const ifaddrs* entry = all; entry != nullptr; entry = entry->ifa_next) {
        const int rank = rankOf(*entry, preferred);
        if (rank >= bestRank) continue;
        bestRank = rank;
        best = addressText(entry->ifa_addr);
    }
    ::freeifaddrs(all);
    return best;
}

absl::StatusOr<FreeSpace> LinuxHost::freeSpace(const std::string& path) const {
    struct statvfs found {};
    if (::statvfs(path.c_str(), &found) != 0)
        return base::errnoStatus(errno, "asking for the free space of " + path);
    return FreeSpace{static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize,
                     freeInodes(found.f_files, found.f_favail)};
}

}  // namespace ifrit::agent::platform
