// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "master/rpc/relay.h"
#include "shared/domain/freeze_mark.h"

namespace ifrit::master::rpc {

/// A master that was told of a freeze and has not said that it goes by it.
struct Unconfirmed {
    std::string address;
    /// UNREACHABLE; UNIMPLEMENTED: its version cannot be told; UNANSWERED: in time; or the reason
    /// that it gave, such as DATABASE_AWAY.
    std::string why;
    bool operator==(const Unconfirmed&) const = default;
};

/// Tells other masters of a freeze, past the database and the cache, or that they are to look into
/// the database for one that was made or lifted. One thread.
class FreezeCalls {
public:
    using Others = std::vector<Relay::Other>;

    /// They are to hold it. Begins them all at once; does not wait.
    FreezeCalls(const Others& others, const domain::FreezeMark& mark);
    /// They are to look into the database. The same.
    explicit FreezeCalls(const Others& others);
    /// Each has answered, or will not.
    bool isDone() const;
    /// Until isDone(), and no longer than 1.5 s after the beginning. Who has not answered by then
    /// may go by it all the same, and hears of it through cache or database.
    std::vector<Unconfirmed> wait() const;

private:
    struct Call;
    /// For one more call.
    std::shared_ptr<Call> add(const Relay::Other& other);

    std::vector<std::shared_ptr<Call>> m_calls;
};

/// A line of the log for each.
void warnOf(const std::vector<Unconfirmed>& masters);

}  // namespace ifrit::master::rpc
