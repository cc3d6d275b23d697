// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>

namespace ifrit::master::auth {

/// "ifritjoin_<cluster>.<43 characters>": 256 random bits. The cluster is in it, so that a token
/// that was carried to the wrong cluster is told apart from a wrong one.
std::string makeJoinToken(const std::string& cluster);
/// The cluster that the token names. UNAUTHENTICATED (TOKEN_MALFORMED): it is no join token.
absl::StatusOr<std::string> clusterOfJoinToken(std::string_view token);

/// "ifritses_<43 characters>".
std::string makeSessionToken();
/// Whether it could be one: whatever else a stranger sends needs no look at the database.
bool isSessionToken(std::string_view token);

/// What is stored of a token: SHA-256, hex. The token has 256 random bits, so it needs no salt.
std::string hashOfToken(std::string_view token);

/// 20 characters that are not mistaken for each other, about 99 bits.
std::string makePassword();

}  // namespace ifrit::master::auth
