// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

#include "master/storage/database.h"

namespace ifrit::master::app {

/// How long the database keeps what nothing needs any more. The audit and releases are kept.
inline constexpr std::chrono::hours kKeepEvents{90 * 24};
/// Far longer than any client retries.
inline constexpr std::chrono::hours kKeepRequestIds{7 * 24};
/// After their end, so that "used by" and "expired" can still be told from "unknown".
inline constexpr std::chrono::hours kKeepJoinTokens{30 * 24};
/// After their end, so that what the audit tells of them can be looked up for a while.
inline constexpr std::chrono::hours kKeepCertificates{30 * 24};
/// After their end, so that whoever is refused can be told why.
inline constexpr std::chrono::hours kKeepGrants{30 * 24};
/// The longest window of `max_change_per_window`, and a day.
inline constexpr std::chrono::hours kKeepPermits{31 * 24};

/// That it is this master's turn: nullopt: it is alone; else the token under which it leads.
struct Lead {
    std::optional<std::uint64_t> token;
};

/// Removes what is older, in one transaction, and then the events in pieces with one each; several
/// masters do it once: refused (members::notLeader()) where the token is another's. Cheap when
/// there is nothing; called hourly. With `stopping`, which another thread may set, it ends after
/// the piece that it is at: millions of events take minutes.
absl::Status tidy(storage::Database& database, base::WallTime now, const Lead& lead = {},
                  const std::atomic<bool>* stopping = nullptr);

}  // namespace ifrit::master::app
