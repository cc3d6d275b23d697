// SPDX-License-Identifier: Apache-2.0
#include "shared/base/host_port.h"

#include <algorithm>
#include <charconv>

namespace ifrit::base {
namespace {

/// Neither of a name nor of an address: of a URL, of a list, or of a slip of the hand.
bool isForeign(char c) {
    return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f ||
           std::string_view("/@,;\"'[]").find(c) != std::string_view::npos;
}

/// As far as a slip shows; "%eth0" may follow.
bool looksLikeV6(std::string_view text) {
    const std::string_view digits = text.substr(0, text.find('%'));
    return digits.find(':') != std::string_view::npos &&
           digits.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
}

/// Of digits and dots alone, which no name is.
bool isMeantAsV4(std::string_view text) {
    return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Four numbers of 0 to 255.
bool isV4(std::string_view text) {
    constexpr int kNumbers = 4;
    const char* at = text.data();
    const char* const end = at + text.size();
    for (int i = 0; i < kNumbers; ++i) {
        if (i > 0 && (at == end || *at++ != '.')) return false;
        std::uint8_t number = 0;
        const auto [rest, error] = std::from_chars(at, end, number);
        if (error != std::errc()) return false;
        at = rest;
    }
    return at == end;
}

}  // namespace

absl::StatusOr<HostPort> parseHostPort(std::string_view address, PortZero zero) {
    const auto bad = [&](std::string_view what) {
        return invalidArgument("ADDRESS_INVALID", address,
                               "'{}' is no address: {}; write host:port or [v6]:port",
                               address.substr(0, 256), what);
    };
    const std::size_t colon = address.rfind(':');
    if (colon == std::string_view::npos) return bad("the port is missing");
    std::string_view host = address.substr(0, colon);
    const bool isBracketed = !host.empty() && host.front() == '[';
    if (isBracketed) {
        if (host.back() != ']') return bad("the ']' is missing");
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return bad("an IPv6 address stands in brackets");
    }
    if (host.empty()) return bad("the host is missing");
    if (std::any_of(host.begin(), host.end(), isForeign))
        return bad("the host has a character that is none of a name");
    if (isBracketed && !looksLikeV6(host)) return bad("in brackets stands an IPv6 address");
    if (!isBracketed && isMeantAsV4(host) && !isV4(host))
        return bad("an IPv4 address is four numbers of 0 to 255");
    HostPort parsed{std::string(host), 0};
    const char* const begin = address.data() + colon + 1;
    const char* const end = address.data() + address.size();
    const auto [rest, error] = std::from_chars(begin, end, parsed.port);
    const bool isNumber = error == std::errc() && rest == end;
    if (!isNumber || (parsed.port == 0 && zero == PortZero::Refused))
        return bad("the port is 1 to 65535");
    return parsed;
}

}  // namespace ifrit::base
