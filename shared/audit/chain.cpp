// SPDX-License-Identifier: Apache-2.0
#include "shared/audit/chain.h"

#include <fmt/format.h>

#include "shared/crypto/sha256.h"

namespace ifrit::audit {
namespace {

class Canonical {
public:
    Canonical& number(std::uint64_t value) {
        for (int shift = 56; shift >= 0; shift -= 8)
            m_bytes.push_back(static_cast<char>((value >> shift) & 0xff));
        return *this;
    }
    Canonical& text(std::string_view value) {
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

std::string hashOf(const RowView& row) {
    Canonical canonical;
    canonical.number(row.id)
        .text(row.cluster)
        .number(static_cast<std::uint64_t>(base::toUnixMillis(row.at)))
        .text(row.actor)
        .text(row.via)
        .text(row.address)
        .text(row.verb)
        .text(row.object)
        .text(row.result)
        .text(row.reason)
        .text(row.before)
        .text(row.after)
        .text(row.requestId)
        .text(row.error)
        .text(row.previousHash);
    crypto::Sha256 hash;
    hash.update(canonical.bytes());
    return hash.finish();
}

bool ChainCheck::fail(std::uint64_t id, const std::string& message) {
    m_brokenId = id;
    m_message = message;
    return false;
}

bool ChainCheck::add(const RowView& row) {
    if (!intact()) return false;
    if (row.id != m_last + 1) {
        return fail(m_last + 1, fmt::format("row {} is missing: after {} comes {}", m_last + 1,
                                            m_last, row.id));
    }
    if (row.previousHash != m_lastHash) {
        return fail(row.id, fmt::format("row {} does not follow row {}: one of them was replaced",
                                        row.id, m_last));
    }
    if (row.hash != hashOf(row))
        return fail(row.id, fmt::format("row {} was changed after it was written", row.id));
    m_last = row.id;
    m_lastHash = std::string(row.hash);
    if (m_wanted.count(row.id) != 0) m_hashes[row.id] = m_lastHash;
    return true;
}

bool ChainCheck::finish(std::uint64_t headId, std::string_view headHash) {
    if (!intact()) return false;
    if (headId == m_last && headHash == m_lastHash) return true;
    if (headId > m_last) {
        return fail(m_last + 1,
                    m_last + 1 == headId
                        ? fmt::format("row {} is missing at the end", headId)
                        : fmt::format("rows {} to {} are missing at the end", m_last + 1, headId));
    }
    return fail(headId + 1,
                fmt::format("the newest row is {}, but the audit wrote {} last with another hash",
                            m_last, headId));
}

}  // namespace ifrit::audit
