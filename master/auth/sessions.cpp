// SPDX-License-Identifier: Apache-2.0
#include "master/auth/sessions.h"

#include <algorithm>

#include "master/auth/tokens.h"
#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

constexpr std::size_t kIdDigits = 16;

absl::StatusOr<std::size_t> openTokensOf(storage::Transaction& view, const std::string& name,
                                         base::WallTime now) {
    IFRIT_ASSIGN_OR_RETURN(const auto all, view.operators().listSessions());
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const storage::SessionRecord& session) {
            return session.operatorName == name && !session.label.empty() && session.expires > now;
        }));
}

/// Under holdStandings(): what disables or removes somebody ends the tokens that it sees.
absl::Status checkOwner(storage::Transaction& transaction, const NewToken& token) {
    if (token.confirmed) return checkStillFits(transaction, *token.confirmed);
    IFRIT_RETURN_IF_ERROR(holdStandings(transaction));
    IFRIT_ASSIGN_OR_RETURN(const auto owner, transaction.operators().find(token.operatorName));
    if (owner && !owner->disabled) return absl::OkStatus();
    return base::makeError(
        absl::StatusCode::kUnauthenticated, "OPERATOR_UNKNOWN", token.operatorName,
        fmt::format("{} is no operator of this cluster any more", token.operatorName));
}

}  // namespace

absl::Status checkToken(const NewToken& token) {
    if (token.label.empty()) {
        return base::invalidArgument("LABEL_MISSING", "label",
                                     "say what the token is for, so that it can be told apart");
    }
    if (token.lifetime >= kMinTokenLife && token.lifetime <= kMaxTokenLife) return absl::OkStatus();
    return base::invalidArgument("TOKEN_LIFE", "lifetime",
                                 "a token lives for at least 1 minute and at most 90 days");
}

std::string sessionId(std::string_view tokenHash) {
    return std::string(tokenHash.substr(0, kIdDigits));
}

absl::StatusOr<MadeToken> makeToken(storage::Database& database, const audit::AuditTrail& audit,
                                    const NewToken& token, const Administrator& by) {
    IFRIT_RETURN_IF_ERROR(checkToken(token));
    MadeToken out;
    out.secret = makeSessionToken();
    out.session = {hashOfToken(out.secret),    token.operatorName, token.now,
                   token.now + token.lifetime, by.address,         token.label};
    const absl::Status stored =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(checkOwner(transaction, token));
            IFRIT_ASSIGN_OR_RETURN(const std::size_t held,
                                   openTokensOf(transaction, token.operatorName, token.now));
            if (held >= kMaxTokensOfOne) {
                return base::makeError(
                    absl::StatusCode::kResourceExhausted, "TOKENS_TOO_MANY", token.operatorName,
                    fmt::format("{} has {} tokens, the most that one operator can have; revoke "
                                "some first",
                                token.operatorName, held));
            }
            IFRIT_RETURN_IF_ERROR(transaction.operators().putSession(out.session));
            return recordChange(
                transaction, audit,
                {"session.create",
                 sessionId(out.session.tokenHash),
                 {},
                 fmt::format("{{\"expires_ms\":{}}}", base::toUnixMillis(out.session.expires))},
                by, token.now);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return out;
}

absl::StatusOr<std::uint32_t> endSessions(storage::Database& database,
                                          const audit::AuditTrail& audit,
                                          const SessionsToEnd& which, base::WallTime now,
                                          const Administrator& by) {
    std::uint32_t ended = 0;
    const absl::Status stored =
        database.transact([&](storage::Transaction& transaction) -> absl::Status {
            ended = 0;
            std::string of = which.operatorName;
            IFRIT_ASSIGN_OR_RETURN(const auto all, transaction.operators().listSessions());
            for (const storage::SessionRecord& session : all) {
                const bool isMeant =
                    (which.id.empty() || sessionId(session.tokenHash) == which.id) &&
                    (which.operatorName.empty() || session.operatorName == which.operatorName);
                if (!isMeant) continue;
                of = session.operatorName;
                IFRIT_RETURN_IF_ERROR(transaction.operators().eraseSession(session.tokenHash));
                ++ended;
            }
            if (ended == 0 && !which.id.empty())
                return base::notFound("TOKEN_UNKNOWN", which.id, "there is no token {}", which.id);
            return recordChange(transaction, audit,
                                {"session.revoke",
                                 which.id.empty() ? of : which.id,
                                 {},
                                 fmt::format("{{\"user\":\"{}\",\"ended\":{}}}", of, ended)},
                                by, now);
        });
    IFRIT_RETURN_IF_ERROR(stored);
    return ended;
}

}  // namespace ifrit::master::auth
