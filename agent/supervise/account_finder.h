// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "agent/platform/user_directory.h"

namespace ifrit::agent::supervise {

/// Finds accounts for those who must not wait for them: who answers for users may be away, and may
/// take minutes to say so.
class AccountFinder {
public:
    using Found = absl::StatusOr<platform::Account>;
    using Callback = std::function<void(Found)>;
    virtual ~AccountFinder() = default;
    /// Returns at once. `done` is called exactly once, on a thread of the finder or, where it has
    /// none to give, inside this call; it must not ask for another.
    virtual void find(const std::string& user, Callback done) = 0;
};

}  // namespace ifrit::agent::supervise
