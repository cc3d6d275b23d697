// SPDX-License-Identifier: Apache-2.0
#include "master/members/leadership.h"

#include "master/members/fence.h"

namespace ifrit::master::members {

std::optional<std::uint64_t> Leadership::token() const {
    const std::uint64_t token = m_token;
    return token == kNone ? std::nullopt : std::optional(token);
}

absl::Status Leadership::check() const {
    return stands() ? absl::OkStatus() : notLeader();
}

Leadership::Fence Leadership::fenceBy(TokenRule rule) const {
    if (!isOneOfMany()) return [](storage::Transaction&) { return absl::OkStatus(); };
    return [token = token(), rule](storage::Transaction& in) {
        return token ? rule(in, *token) : notLeader();
    };
}

Leadership::Fence Leadership::fence() const {
    return fenceBy(&fenceCommit);
}

Leadership::Fence Leadership::leadsInView() const {
    return fenceBy(&checkToken);
}

bool Leadership::noteRefused(const absl::Status& status) {
    if (!isNotLeader(status)) return false;
    return m_token.exchange(kNone) != kNone;
}

}  // namespace ifrit::master::members
