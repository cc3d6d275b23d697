// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "master/rpc/relay.h"
#include "shared/domain/freeze_mark.h"

namespace ifrit::master::rpc {

/// Tells every other living master of a freeze, past the database and the cache, or that one was
/// lifted. One thread.
class FreezeCalls {
public:
    /// They are to hold it. Begins them all at once; does not wait.
    FreezeCalls(Relay& relay, const domain::FreezeMark& mark);
    /// They are to look into the database. The same.
    explicit FreezeCalls(Relay& relay);
    /// Until each has answered, and no longer than 1.5 s after the beginning. Who has not
    /// answered by then is logged: it may hold the freeze all the same, and hears of it through
    /// cache or database.
    void wait();

private:
    struct Call;
    /// For one more call.
    std::shared_ptr<Call> add(const Relay::Other& other);

    std::vector<std::shared_ptr<Call>> m_calls;
};

}  // namespace ifrit::master::rpc
