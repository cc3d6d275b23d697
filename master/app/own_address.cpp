// SPDX-License-Identifier: Apache-2.0
#include "master/app/own_address.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>

#include "shared/base/status.h"
#include "shared/crypto/host_name.h"

namespace ifrit::master::app {

std::string hostName() {
    std::array<char, 256> name{};
    if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
    return name.data();
}

std::string advertisedHost(const std::string& listen) {
    std::string host = listen.substr(0, listen.rfind(':'));
    return host != "0.0.0.0" && host != "[::]" && host != "*" ? host : hostName();
}

std::string advertisedAddress(const std::string& advertise, const std::string& listen) {
    if (!advertise.empty()) return advertise;
    return advertisedHost(listen) + listen.substr(listen.rfind(':'));
}

absl::Status checkReachable(const std::string& advertise, const std::string& guess,
                            const std::string& serverPem) {
    const std::string host = advertise.substr(0, advertise.rfind(':'));
    if (crypto::namesHost(serverPem, advertise.empty() ? guess : host)) return absl::OkStatus();
    if (!advertise.empty()) {
        return base::invalidArgument("CONFIG_INVALID", "advertise",
                                     "advertise: server.pem does not name {}, so the other masters "
                                     "would not believe this one; name a host that it has",
                                     host);
    }
    spdlog::warn("server.pem does not name {}: other masters cannot reach this one; set advertise",
                 guess);
    return absl::OkStatus();
}

}  // namespace ifrit::master::app
