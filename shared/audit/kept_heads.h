// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/audit/chain.h"
#include "shared/audit/signed_head.h"

namespace ifrit::audit {

/// A kept head whose row is not what it was.
struct Contradiction {
    SignedHead kept;
    std::string found;  ///< the row's hash now; empty: there is no such row any more
};

/// How kept heads and a chain agree.
struct HeadReport {
    std::size_t compared = 0;
    std::optional<SignedHead> lastGood;  ///< the newest below the first contradiction
    std::vector<Contradiction> wrong;    ///< by row, oldest first
    bool agrees() const { return wrong.empty(); }
};

/// Which head, which row, since when, and what to do; empty where all agree.
std::string sentenceOf(const HeadReport& report);

/// The signed heads that a client keeps of one cluster, oldest first, at most one for each row and
/// signed hash. Pure; one thread. The heads were verified by who adds them.
class KeptHeads {
public:
    /// As many are kept: those of the newest rows all, of older ones ever fewer, the oldest always.
    static constexpr std::size_t kLimit = 256;
    static constexpr std::size_t kNewest = 64;

    /// False: nothing new. A head that says another hash of a row than one that is kept is kept
    /// too: it is the proof.
    bool add(SignedHead head);
    const std::vector<SignedHead>& all() const { return m_heads; }
    std::vector<std::uint64_t> rows() const;
    /// `hashes`: of the chain's rows; a row that is not in it is not there.
    HeadReport compare(const RowHashes& hashes) const;
    /// Forgets the heads of row `row` and later; how many.
    std::size_t forgetFrom(std::uint64_t row);

private:
    void thin();

    std::vector<SignedHead> m_heads;
};

}  // namespace ifrit::audit
