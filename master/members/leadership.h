// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "master/storage/database.h"

namespace ifrit::master::members {

/// Whether this master leads, and under which token of the lease; one that is alone always does.
/// Thread-safe: asking takes no lock, so whoever only looks waits for no commit. begin(), end() and
/// noteRefused() are called under the lock of who decides, which therefore sees no change while it
/// holds that.
class Leadership {
public:
    enum class Masters { One, Many };

    explicit Leadership(Masters masters) : m_masters(masters) {}

    /// `token`: of the lease, from 1 on.
    void begin(std::uint64_t token) { m_token = token; }
    void end() { m_token = kNone; }

    bool isOneOfMany() const { return m_masters == Masters::Many; }
    /// Nothing of one that is alone, which has no lease.
    std::optional<std::uint64_t> token() const;
    bool stands() const { return !isOneOfMany() || m_token != kNone; }
    /// UNAVAILABLE (NOT_LEADER) where it does not lead.
    absl::Status check() const;

    using Fence = std::function<absl::Status(storage::Transaction&)>;
    /// The last thing in a transaction that must be the leader's: by the token of this moment, also
    /// where it is called later. Always OK of one that is alone.
    Fence fence() const;
    /// The first thing in one that only reads.
    Fence leadsInView() const;
    /// What a fence answered: after NOT_LEADER it leads no more. True: it did until now.
    bool noteRefused(const absl::Status& status);

private:
    static constexpr std::uint64_t kNone = 0;
    using TokenRule = absl::Status (*)(storage::Transaction&, std::uint64_t token);
    Fence fenceBy(TokenRule rule) const;

    const Masters m_masters;
    std::atomic<std::uint64_t> m_token{kNone};
};

}  // namespace ifrit::master::members
