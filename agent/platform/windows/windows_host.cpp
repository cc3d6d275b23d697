// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_host.h"

// winsock2.h comes before all others of the system.
// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>
#include <windows.h>
// clang-format on

#include <array>
#include <cstddef>
#include <memory>

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

std::string hostName() {
    std::array<wchar_t, 256> name{};
    DWORD length = static_cast<DWORD>(name.size());
    return ::GetComputerNameExW(ComputerNamePhysicalDnsHostname, name.data(), &length)
               ? base::fromWide({name.data(), length})
               : "";
}

/// Of the system itself: GetVersionEx() tells programs without a manifest what they want to hear.
std::string kernelVersion() {
    using RtlGetVersion = LONG(WINAPI*)(OSVERSIONINFOW*);
    const HMODULE library = ::GetModuleHandleW(L"ntdll.dll");
    const auto getVersion = library == nullptr
                                ? nullptr
                                : reinterpret_cast<RtlGetVersion>(reinterpret_cast<void*>(
                                      ::GetProcAddress(library, "RtlGetVersion")));
    OSVERSIONINFOW version{};
    version.dwOSVersionInfoSize = sizeof version;
    if (getVersion == nullptr || getVersion(&version) != 0) return "";
    return fmt::format("{}.{}.{}", version.dwMajorVersion, version.dwMinorVersion,
                       version.dwBuildNumber);
}

std::string architecture() {
    SYSTEM_INFO info{};
    ::GetNativeSystemInfo(&info);
    switch (info.wProcessorArchitecture) {
        case PROCESSOR_ARCHITECTURE_AMD64:
            return "x86_64";
        case PROCESSOR_ARCHITECTURE_ARM64:
            return "aarch64";
        default:
            return "";
    }
}

std::string machineGuid() {
    std::array<wchar_t, 64> guid{};
    DWORD bytes = sizeof guid;
    const LSTATUS status =
        ::RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid",
                       RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, guid.data(), &bytes);
    return status == ERROR_SUCCESS ? base::fromWide(guid.data()) : "";
}

/// Lower is better, as on Linux: an interface with a gateway before others, IPv4 before IPv6.
int rankOf(const IP_ADAPTER_ADDRESSES& adapter, const sockaddr& address) {
    constexpr int kUseless = 100;
    if (adapter.OperStatus != IfOperStatusUp || adapter.IfType == IF_TYPE_SOFTWARE_LOOPBACK)
        return kUseless;
    if (address.sa_family != AF_INET && address.sa_family != AF_INET6) return kUseless;
    return (adapter.FirstGatewayAddress != nullptr ? 0 : 2) +
           (address.sa_family == AF_INET ? 0 : 1);
}

std::string primaryAddress() {
    ULONG bytes = 64 * 1024;
    const auto memory = std::make_unique<std::byte[]>(bytes);
    auto* adapters = reinterpret_cast<IP_ADAPTER_ADDRESSES*>(memory.get());
    constexpr ULONG kFlags =
        GAA_FLAG_INCLUDE_GATEWAYS | GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST;
    if (::GetAdaptersAddresses(AF_UNSPEC, kFlags, nullptr, adapters, &bytes) != NO_ERROR) return "";
    std::string best;
    int bestRank = 4;  // anything useful is below
    for (const auto* adapter = adapters; adapter != nullptr; adapter = adapter->Next) {
        for (const auto* unicast = adapter->FirstUnicastAddress; unicast != nullptr;
             unicast = unicast->Next) {
            const int rank = rankOf(*adapter, *unicast->Address.lpSockaddr);
            std::array<char, INET6_ADDRSTRLEN> text{};
            if (rank >= bestRank ||
                ::getnameinfo(unicast->Address.lpSockaddr, unicast->Address.iSockaddrLength,
                              text.data(), static_cast<DWORD>(text.size()), nullptr, 0,
                              NI_NUMERICHOST) != 0)
                continue;
            bestRank = rank;
            best = text.data();
        }
    }
    return best;
}

}  // namespace

HostFacts WindowsHost::facts() const {
    HostFacts facts;
    facts.hostname = hostName();
    facts.kernel = kernelVersion();
    facts.architecture = architecture();
    facts.machineId = machineGuid();
    facts.address = primaryAddress();
    // Windows containers are told by this service, which exists only in them.
    HKEY key = nullptr;
    if (::RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\cexecsvc", 0,
                        KEY_READ, &key) == ERROR_SUCCESS) {
        ::RegCloseKey(key);
        facts.container = true;
        facts.containerEvidence = "the service cexecsvc exists";
    }
    return facts;
}

absl::StatusOr<FreeSpace> WindowsHost::freeSpace(const std::string& path) const {
    ULARGE_INTEGER available{};
    if (!::GetDiskFreeSpaceExW(base::toWidePath(path).c_str(), &available, nullptr, nullptr))
        return base::lastError("asking for the free space of " + path);
    return FreeSpace{available.QuadPart, std::nullopt};
}

}  // namespace ifrit::agent::platform
