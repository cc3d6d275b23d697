// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "shared/base/clock.h"

namespace ifrit::audit {

/// One row of the audit as it is hashed. Views: whoever holds the row outlives them.
struct RowView {
    std::uint64_t id = 0;  ///< 1, 2, 3... without gaps
    std::string_view cluster;
    base::WallTime at{};
    std::string_view actor;
    std::string_view via;
    std::string_view address;
    std::string_view verb;
    std::string_view object;
    std::string_view result;
    std::string_view reason;
    std::string_view before;
    std::string_view after;
    std::string_view requestId;
    std::string_view error;
    std::string_view previousHash;  ///< 32 bytes; zeros for the first
    std::string_view hash;          ///< 32 bytes
};

/// Hash of the row before the first: 32 zero bytes.
std::string rootHash();

/// SHA-256 over every field of the row but its hash, each with its length, so that no two rows have
/// the same bytes. Never changes: old chains would no longer verify.
std::string hashOf(const RowView& row);

/// Hashes of rows (32 bytes) by their ids.
using RowHashes = std::map<std::uint64_t, std::string>;

/// Walks rows in the order of their ids and says where the chain breaks. Pure; one thread.
class ChainCheck {
public:
    /// `wanted`: ids of rows whose hashes are kept as they are passed.
    explicit ChainCheck(std::set<std::uint64_t> wanted = {}) : m_wanted(std::move(wanted)) {}

    /// False once the chain is broken; what comes later is not looked at.
    bool add(const RowView& row);
    /// After the last row: the newest row, which is kept apart, must be it, or rows were cut off
    /// the end.
    bool finish(std::uint64_t headId, std::string_view headHash);

    std::uint64_t rows() const { return m_last; }
    const std::string& headHash() const { return m_lastHash; }
    bool intact() const { return m_message.empty(); }
    std::uint64_t firstBrokenId() const { return m_brokenId; }
    /// A sentence; empty when intact.
    const std::string& message() const { return m_message; }
    const RowHashes& hashes() const { return m_hashes; }

private:
    bool fail(std::uint64_t id, const std::string& message);

    std::set<std::uint64_t> m_wanted;
    RowHashes m_hashes;
    std::uint64_t m_last = 0;
    std::string m_lastHash = rootHash();
    std::uint64_t m_brokenId = 0;
    std::string m_message;
};

}  // namespace ifrit::audit
