// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "master/auth/operators.h"

namespace ifrit::master::auth {

inline constexpr std::chrono::hours kMaxTokenLife{90 * 24};
inline constexpr std::chrono::minutes kMinTokenLife{1};
/// Logins are not among them (kMostLoginsOfOne).
inline constexpr std::size_t kMaxTokensOfOne = 100;

/// What a session is called where its token must not be told: 16 digits of the token's hash.
std::string sessionId(std::string_view tokenHash);

struct NewToken {
    std::string operatorName;
    std::string label;
    std::chrono::milliseconds lifetime{0};
    base::WallTime now{};
    /// Who gave their password for it; unset: whoever came with a certificate.
    std::optional<storage::OperatorRecord> confirmed = std::nullopt;
};
/// INVALID_ARGUMENT (TOKEN_LIFE, LABEL_MISSING).
absl::Status checkToken(const NewToken& token);
struct MadeToken {
    std::string secret;
    storage::SessionRecord session;
};
/// A token that is the operator until it ends. As checkToken(); RESOURCE_EXHAUSTED: the operator
/// has kMaxTokensOfOne; UNAUTHENTICATED (OPERATOR_UNKNOWN, LOGIN_WRONG): they were disabled or
/// removed, or got another password, since the call was admitted.
absl::StatusOr<MadeToken> makeToken(storage::Database& database, const audit::AuditTrail& audit,
                                    const NewToken& token, const Administrator& by);

/// One session by id, or with an empty id all of the operator. An empty name: whoever's it is; how
/// many ended. NOT_FOUND (TOKEN_UNKNOWN): no session of that id, or not of that operator.
struct SessionsToEnd {
    std::string id;
    std::string operatorName;
};
absl::StatusOr<std::uint32_t> endSessions(storage::Database& database,
                                          const audit::AuditTrail& audit,
                                          const SessionsToEnd& which, base::WallTime now,
                                          const Administrator& by);

}  // namespace ifrit::master::auth
