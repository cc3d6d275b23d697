// SPDX-License-Identifier: Apache-2.0
#include "master/auth/tokens.h"

#include "master/audit/secrets.h"
#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kTokenCharacters = 43;
constexpr std::size_t kPasswordCharacters = 20;
// 32 of them, so that five random bits choose one without bias.
constexpr std::string_view kPasswordAlphabet = "abcdefghijkmnpqrstuvwxyz23456789";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static_assert(kPasswordAlphabet.size() == 32);

}  // namespace

std::string makeJoinToken(const std::string& cluster) {
    return fmt::format("{}{}.{}", audit::kJoinTokenPrefix, cluster,
                       crypto::randomToken(kTokenBytes));
}

absl::StatusOr<std::string> clusterOfJoinToken(std::string_view token) {
    const absl::Status malformed = base::makeError(
        absl::StatusCode::kUnauthenticated, "TOKEN_MALFORMED", "",
        "this is not a join token; make one with `ifrit-master join-token` and copy all of it");
    if (token.substr(0, audit::kJoinTokenPrefix.size()) != audit::kJoinTokenPrefix)
        return malformed;
    token.remove_prefix(audit::kJoinTokenPrefix.size());
    const std::size_t dot = token.rfind('.');
    if (dot == std::string_view::npos || token.size() - dot - 1 != kTokenCharacters)
        return malformed;
    std::string cluster(token.substr(0, dot));
    if (!domain::checkClusterName(cluster).ok()) return malformed;
    return cluster;
}

std::string makeSessionToken() {
    return fmt::format("{}{}", audit::kSessionTokenPrefix, crypto::randomToken(kTokenBytes));
}

bool isSessionToken(std::string_view token) {
    const std::size_t prefix = audit::kSessionTokenPrefix.size();
    return token.substr(0, prefix) == audit::kSessionTokenPrefix &&
           token.size() == prefix + kTokenCharacters &&
           token.find_first_not_of(kBase64Url, prefix) == std::string_view::npos;
}

std::string hashOfToken(std::string_view token) {
    return crypto::sha256Hex(token);
}

std::string makePassword() {
    // Each full base64 character carries six random bits; five are used.
    const std::string random = crypto::randomToken(3 * kPasswordCharacters);
    std::string out;
    for (std::size_t i = 0; i < kPasswordCharacters; ++i)
        out += kPasswordAlphabet[kBase64Url.find(random[i]) % kPasswordAlphabet.size()];
    return out;
}

}  // namespace ifrit::master::auth
