// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "master/storage/records.h"

namespace ifrit::master::audit {

/// Hash of the row before the first: 32 zero bytes.
std::string rootHash();

/// SHA-256 over every field of the row but its hash, each with its length, so that no two rows have
/// the same bytes. Never changes: old chains would no longer verify.
std::string hashOf(const storage::AuditRow& row);

/// The row that follows `head`.
storage::AuditRow link(const storage::AuditHead& head, const std::string& cluster,
                       storage::AuditEntry entry);

/// Walks rows in the order of their ids and says where the chain breaks. Pure.
class ChainCheck {
public:
    /// False once the chain is broken; what comes later is not looked at.
    bool add(const storage::AuditRow& row);
    /// After the last row: the head that is kept apart must be it, or rows were cut off the end.
    bool finish(const storage::AuditHead& head);

    std::uint64_t rows() const { return m_last.id; }
    const std::string& headHash() const { return m_last.hash; }
    bool intact() const { return m_message.empty(); }
    std::uint64_t firstBrokenId() const { return m_brokenId; }
    /// A sentence; empty when intact.
    const std::string& message() const { return m_message; }

private:
    bool fail(std::uint64_t id, const std::string& message);

    storage::AuditHead m_last{0, rootHash()};
    std::uint64_t m_brokenId = 0;
    std::string m_message;
};

}  // namespace ifrit::master::audit
