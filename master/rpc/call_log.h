// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "master/audit/refusal_limit.h"
#include "master/rpc/gatekeeper.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// Who is behind a call that came to nothing: the machine, or of all others the host.
std::string sourceOf(const Principal& caller);

/// What the log says of calls that came to nothing, with the id that the caller was left with.
/// Thread-safe.
class CallLog {
public:
    explicit CallLog(const base::Clock& clock) : m_clock(clock) {}

    struct Late {
        std::string_view method;
        base::SteadyTime came;    ///< on its way to a thread
        std::string requestId;    ///< empty: it had none
        std::string_view before;  ///< what the caller did not wait for: "it had begun"
    };
    /// Of one whose caller waited in vain. `address` is the caller's.
    void late(const Late& call, const Principal& caller, const std::string& address) const;
    /// Of one that was refused or failed. What only reads is told of where the fault is the
    /// master's, so many a minute for each caller.
    void failed(std::string_view method, const MethodRule& rule, const Principal& caller,
                const absl::Status& status);

private:
    /// Lines about one caller's reads in a minute.
    static constexpr std::uint32_t kMostFailedReads = 30;

    const base::Clock& m_clock;
    audit::RefusalLimit m_failedReads{kMostFailedReads};
};

}  // namespace ifrit::master::rpc
