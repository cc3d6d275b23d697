// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include <array>
#include <cerrno>
#include <memory>

namespace ifrit::agent::platform {
namespace {

std::string hardwareUuid() {
    uuid_t id{};
    const timespec limit{1, 0};
    if (::gethostuuid(id, &limit) != 0) return "";
    uuid_string_t text{};
    ::uuid_unparse_lower(id, text);
    return text;
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

/// Lower is better: IPv4 before IPv6, Ethernet and Wi-Fi (en0, en1...) before tunnels and bridges.
int rankOf(const ifaddrs& entry) {
    constexpr int kUseless = 100;
    if (entry.ifa_addr == nullptr || (entry.ifa_flags & IFF_UP) == 0 ||
        (entry.ifa_flags & IFF_LOOPBACK) != 0)
        return kUseless;
    const int family = entry.ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) return kUseless;
    if (family == AF_INET6 &&
        IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr))
        return kUseless;
    const bool isPort = std::string_view(entry.ifa_name).substr(0, 2) == "en";
    return (isPort ? 0 : 2) + (family == AF_INET ? 0 : 1);
}

std::string primaryAddress() {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return "";
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(all, &::freeifaddrs);
    std::string best;
    int bestRank = 4;  // anything useful is below
    for (const ifaddrs* entry = all; entry != nullptr; entry = entry->ifa_next) {
        const int rank = rankOf(*entry);
        if (rank >= bestRank) continue;
        bestRank = rank;
        best = addressText(entry->ifa_addr);
    }
    return best;
}

}  // namespace

HostFacts MacHost::facts() const {
    HostFacts facts;
    utsname names{};
    if (::uname(&names) == 0) {
        facts.hostname = names.nodename;
        facts.kernel = names.release;
        // As other systems call it.
        facts.architecture = std::string_view(names.machine) == "arm64" ? "aarch64" : names.machine;
    }
    facts.machineId = hardwareUuid();
    facts.address = primaryAddress();
    return facts;
}

absl::StatusOr<FreeSpace> MacHost::freeSpace(const std::string& path) const {
    struct statvfs found {};
    if (::statvfs(path.c_str(), &found) != 0)
        return base::errnoStatus(errno, "asking for the free space of " + path);
    return FreeSpace{static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize,
                     freeInodes(found.f_files, found.f_favail)};
}

}  // namespace ifrit::agent::platform
