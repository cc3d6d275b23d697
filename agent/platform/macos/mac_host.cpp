// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_host.h"

#include <sys/utsname.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "agent/platform/posix/posix_host.h"

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

// Ethernet and Wi-Fi (en0, en1...) before tunnels and bridges.
bool isPort(std::string_view interface) {
    return interface.substr(0, 2) == "en";
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
    facts.address = primaryAddress(&isPort);
    return facts;
}

absl::StatusOr<FreeSpace> MacHost::freeSpace(const std::string& path) const {
    return freeSpaceAt(path);
}

}  // namespace ifrit::agent::platform
