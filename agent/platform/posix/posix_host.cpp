// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/posix_host.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <sys/statvfs.h>

#include <array>
#include <cerrno>
#include <memory>

namespace ifrit::agent::platform {
namespace {

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

constexpr int kUseless = 4;

// Lower is better.
int rankOf(const ifaddrs& entry,
           const std::function<bool(std::string_view interface)>& isPreferred) {
    if (entry.ifa_addr == nullptr || (entry.ifa_flags & IFF_UP) == 0 ||
        (entry.ifa_flags & IFF_LOOPBACK) != 0)
        return kUseless;
    const int family = entry.ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) return kUseless;
    if (family == AF_INET6 &&
        IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6*>(entry.ifa_addr)->sin6_addr))
        return kUseless;
    return (isPreferred(entry.ifa_name) ? 0 : 2) + (family == AF_INET ? 0 : 1);
}

}  // namespace

std::string primaryAddress(const std::function<bool(std::string_view interface)>& isPreferred) {
    ifaddrs* all = nullptr;
    if (::getifaddrs(&all) != 0) return "";
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(all, &::freeifaddrs);
    std::string best;
    int bestRank = kUseless;
    for (const ifaddrs* entry = all; entry != nullptr; entry = entry->ifa_next) {
        const int rank = rankOf(*entry, isPreferred);
        if (rank >= bestRank) continue;
        bestRank = rank;
        best = addressText(entry->ifa_addr);
    }
    return best;
}

absl::StatusOr<FreeSpace> freeSpaceAt(const std::string& path) {
    struct statvfs found {};
    if (::statvfs(path.c_str(), &found) != 0)
        return base::errnoStatus(errno, "asking for the free space of " + path);
    return FreeSpace{static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize,
                     freeInodes(found.f_files, found.f_favail)};
}

}  // namespace ifrit::agent::platform
