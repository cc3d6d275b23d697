// SPDX-License-Identifier: Apache-2.0
#include "master/audit/chain.h"

#include <fmt/format.h>

#include <utility>

#include "shared/crypto/sha256.h"

namespace ifrit::master::audit {
namespace {

class Canonical {
public:
    Canonical& number(std::uint64_t value) {
        for (int shift = 56; shift >= 0; shift -= 8)
            m_bytes.push_back(static_cast<char>((value >> shift) & 0xff));
        return *this;
    }
    Canonical& text(const std::string& value) {
        number(value.size());
        m_bytes += value;
        return *this;
    }
    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes = "ifrit audit row 1\n";
};

}  // namespace

std::string rootHash() {
    return std::string(32, '\0');
}

std::string hashOf(const storage::AuditRow& row) {
    const storage::AuditEntry& it = row.entry;
    Canonical canonical;
    canonical.number(row.id)
        .text(row.cluster)
        .number(static_cast<std::uint64_t>(base::toUnixMillis(it.at)))
        .text(it.actor)
        .text(it.via)
        .text(it.address)
        .text(it.verb)
        .text(it.object)
        .text(it.result)
        .text(it.reason)
        .text(it.before)
        .text(it.after)
        .text(it.requestId)
        .text(it.error)
        .text(row.previousHash);
    crypto::Sha256 hash;
    hash.update(canonical.bytes());
    return hash.finish();
}

storage::AuditRow link(const storage::AuditHead& head, const std::string& cluster,
                       storage::AuditEntry entry) {
    storage::AuditRow row;
    row.id = head.id + 1;
    row.cluster = cluster;
    row.entry = std::move(entry);
    row.previousHash = head.hash;
    row.hash = hashOf(row);
    return row;
}

bool ChainCheck::fail(std::uint64_t id, const std::string& message) {
    m_brokenId = id;
    m_message = message;
    return false;
}

bool ChainCheck::add(const storage::AuditRow& row) {
    if (!intact()) return false;
    if (row.id != m_last.id + 1) {
        return fail(m_last.id + 1, fmt::format("row {} is missing: after {} comes {}",
                                               m_last.id + 1, m_last.id, row.id));
    }
    if (row.previousHash != m_last.hash) {
        return fail(row.id, fmt::format("row {} does not follow row {}: one of them was replaced",
                                        row.id, m_last.id));
    }
    if (row.hash != hashOf(row))
        return fail(row.id, fmt::format("row {} was changed after it was written", row.id));
    m_last = {row.id, row.hash};
    return true;
}

bool ChainCheck::finish(const storage::AuditHead& head) {
    if (!intact()) return false;
    if (head == m_last) return true;
    if (head.id > m_last.id) {
        return fail(m_last.id + 1,
                    fmt::format("rows {} to {} are missing at the end", m_last.id + 1, head.id));
    }
    return fail(head.id + 1,
                fmt::format("the newest row is {}, but the audit wrote {} last with another hash",
                            m_last.id, head.id));
}

}  // namespace ifrit::master::audit
