// SPDX-License-Identifier: Apache-2.0
#include "master/auth/join_token.h"

#include "shared/base/status.h"
#include "shared/crypto/password.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kSecretCharacters = 43;  // of kSecretBytes in base64 without padding

absl::Status refused(std::string_view reason, const std::string& message) {
    return base::makeError(absl::StatusCode::kUnauthenticated, reason, "", message);
}

}  // namespace

std::string makeJoinToken(std::string_view cluster) {
    return fmt::format("{}.{}", cluster, crypto::randomToken(kSecretBytes));
}

absl::StatusOr<std::string> joinTokenHash(std::string_view token, std::string_view cluster) {
    const std::size_t dot = token.rfind('.');
    const bool formed = token.size() <= kMaxTokenBytes && dot != std::string_view::npos &&
                        token.size() - dot - 1 == kSecretCharacters &&
                        domain::checkClusterName(token.substr(0, dot)).ok();
    if (!formed) {
        return refused("TOKEN_MALFORMED",
                       "this is no join token; make one with `ifrit-master join-token`");
    }
    const std::string_view named = token.substr(0, dot);
    if (named != cluster) {
        return refused("TOKEN_OTHER_CLUSTER",
                       fmt::format("the join token is for cluster {}, this is a master of {}; use "
                                   "a token of this cluster or the other cluster's address",
                                   named, cluster));
    }
    return crypto::sha256Hex(token);
}

std::string makeSessionToken() {
    return crypto::randomToken(kSecretBytes);
}

std::string sessionTokenHash(std::string_view token) {
    return crypto::sha256Hex(token);
}

}  // namespace ifrit::master::auth
