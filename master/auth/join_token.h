// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace ifrit::master::auth {

inline constexpr std::size_t kMaxTokenBytes = 512;

/// `<cluster>.<43 random characters>`: the cluster is in it so that a machine which was given the
/// token of another cluster hears just that. A secret: only its hash is stored.
std::string makeJoinToken(std::string_view cluster);

/// Under what the token is stored (hex). UNAUTHENTICATED: TOKEN_MALFORMED, or
/// TOKEN_OTHER_CLUSTER with both names; the message never holds the secret.
absl::StatusOr<std::string> joinTokenHash(std::string_view token, std::string_view cluster);

/// A session token and what is stored of it.
std::string makeSessionToken();
std::string sessionTokenHash(std::string_view token);

}  // namespace ifrit::master::auth
