// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/peer.h"

#include <absl/strings/ascii.h>
#include <grpc/grpc_security_constants.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <string_view>

#include "shared/rpc/message_limits.h"

namespace ifrit::rpc {
namespace {

/// gRPC says "ipv4:1.2.3.4:5" and "ipv6:%5B::1%5D:5".
std::string percentDecoded(std::string text) {
    if (text.find('%') == std::string::npos) return text;
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 3, "%5B") == 0) {
            out.push_back('[');
            i += 2;
        } else if (text.compare(i, 3, "%5D") == 0) {
            out.push_back(']');
            i += 2;
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> peerCertificatePem(const grpc::ServerContextBase& context) {
    const auto auth = context.auth_context();
    if (auth == nullptr) return std::nullopt;
    const auto values = auth->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (values.empty()) return std::nullopt;
    return std::string(values.front().data(), values.front().size());
}

std::string peerAddress(const grpc::ServerContextBase& context) {
    const std::string peer = context.peer();
    const std::size_t colon = peer.find(':');
    return percentDecoded(colon == std::string::npos ? peer : peer.substr(colon + 1));
}

std::string bearerToken(const grpc::ServerContextBase& context) {
    constexpr std::string_view kScheme = "Bearer ";
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find("authorization");
    if (found == metadata.end()) return {};
    const std::string_view value(found->second.data(), found->second.size());
    if (value.substr(0, kScheme.size()) != kScheme) return {};
    return std::string(value.substr(kScheme.size()));
}

std::string requestId(const grpc::ServerContextBase& context) {
    constexpr std::size_t kShortest = 8;
    constexpr std::size_t kLongest = 64;
    const auto& metadata = context.client_metadata();
    const auto found = metadata.find(kRequestIdKey);
    if (found == metadata.end()) return {};
    const std::string_view id(found->second.data(), found->second.size());
    const bool isSound = id.size() >= kShortest && id.size() <= kLongest &&
                         std::all_of(id.begin(), id.end(),
                                     [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
    return isSound ? std::string(id) : std::string();
}

}  // namespace ifrit::rpc
