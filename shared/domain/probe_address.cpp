// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/probe_address.h"

#include <algorithm>

#include "shared/base/host_port.h"

namespace ifrit::domain {
namespace {

constexpr std::string_view kScheme = "http://";

bool endsRequestLine(char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
}

}  // namespace

absl::StatusOr<HttpUrl> parseHttpUrl(std::string_view url) {
    const auto bad = [&](const char* what) {
        return base::invalidArgument("URL_INVALID", url, "'{}' is no URL for a probe: {}", url,
                                     what);
    };
    if (url.substr(0, kScheme.size()) != kScheme) return bad("it must begin with http://");
    if (std::any_of(url.begin(), url.end(), endsRequestLine)) return bad("it holds white space");
    std::string_view rest = url.substr(kScheme.size());
    rest = rest.substr(0, rest.find('#'));
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
    if (authority.find('@') != std::string_view::npos) return bad("it names a user");
    const bool hasPort = authority.rfind(':') != std::string_view::npos &&
                         (authority.back() != ']' || authority.front() != '[');
    HttpUrl parsed{std::string(authority), std::string(rest.substr(authority.size()))};
    if (!hasPort) parsed.address += ":80";
    if (parsed.target.empty() || parsed.target.front() == '?') parsed.target.insert(0, "/");
    IFRIT_RETURN_IF_ERROR(base::parseHostPort(parsed.address).status());
    return parsed;
}

absl::Status checkProbeHost(std::string_view host) {
    const bool isAddress = host.find(':') != std::string_view::npos ||
                           host.find_first_not_of("0123456789.") == std::string_view::npos;
    if (isAddress || host == "localhost") return absl::OkStatus();
    return base::invalidArgument("ADDRESS_INVALID", host,
                                 "'{}' is a name: a probe asks an address of this machine, or "
                                 "localhost",
                                 host);
}

}  // namespace ifrit::domain
