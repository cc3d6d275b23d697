// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <cstdint>
#include <string>

#include "shared/base/clock.h"
#include "shared/crypto/statement.h"

namespace ifrit::audit {

/// "At this time the newest row of this cluster's audit was this one, with this hash." Whoever
/// keeps it outside of the masters can tell whether everything up to that row is still what it was.
struct Head {
    std::string cluster;
    std::uint64_t row = 0;  ///< 0: there was none yet
    std::string hash;       ///< 32 bytes
    base::WallTime at{};
    bool operator==(const Head&) const = default;
};

struct SignedHead {
    Head head;
    std::string signer;  ///< the master, as its certificate names it; not signed by itself
    crypto::StatementSeal seal;
    bool operator==(const SignedHead&) const = default;
};

/// What is signed: each field with its length. Never changes.
std::string statementOf(const Head& head);
inline constexpr char kHeadStatement[] = "audit head 1";

/// Fills in the signer. Errors as crypto::verifyStatement(), and FAILED_PRECONDITION
/// (STATEMENT_SIGNER) for a head of another cluster.
absl::Status verifyHead(SignedHead& head, const std::string& caPem, const std::string& cluster);

}  // namespace ifrit::audit
