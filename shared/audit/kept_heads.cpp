// SPDX-License-Identifier: Apache-2.0
#include "shared/audit/kept_heads.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <tuple>
#include <utility>

#include "shared/base/hex.h"

namespace ifrit::audit {
namespace {

std::string utc(base::WallTime time) {
    return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                       fmt::gmtime(static_cast<std::time_t>(base::toUnixMillis(time) / 1000)));
}

std::string shortHash(const std::string& hash) {
    return base::toHex(hash).substr(0, 12);
}

}  // namespace

std::string sentenceOf(const HeadReport& report) {
    if (report.agrees()) return {};
    const Contradiction& first = report.wrong.front();
    const Head& head = first.kept.head;
    std::string out = fmt::format(
        "the audit of cluster {} was rewritten: row {} {}, but the head that master {} signed on "
        "{} and that is kept here says {}",
        head.cluster, head.row,
        first.found.empty() ? std::string("is no longer there")
                            : "now has the hash " + shortHash(first.found),
        first.kept.signer, utc(head.at), shortHash(head.hash));
    if (report.wrong.size() > 1)
        out += fmt::format("; {} kept heads contradict it in all", report.wrong.size());
    if (report.lastGood) {
        const std::uint64_t changed = report.lastGood->head.row + 1;
        out +=
            fmt::format("; up to row {} it is what it was on {}, so {} written anew after {}",
                        report.lastGood->head.row, utc(report.lastGood->head.at),
                        changed == head.row ? fmt::format("row {} was", changed)
                                            : fmt::format("rows {} to {} were", changed, head.row),
                        utc(head.at));
    } else {
        out += fmt::format("; no kept head agrees, so any row up to {} may be another", head.row);
    }
    out += fmt::format(
        ". If the database was restored from a backup, the audit has a row cluster.restore: then "
        "'ifritctl audit forget --from-row {}'. Else somebody wrote to the database by hand: keep "
        "this file of heads and compare the rows with a backup",
        head.row);
    return out;
}

bool KeptHeads::add(SignedHead head) {
    if (head.head.row == 0) return false;
    const auto key = [](const SignedHead& it) { return std::tie(it.head.row, it.head.at); };
    const auto same = [&head](const SignedHead& it) {
        return it.head.row == head.head.row && it.head.hash == head.head.hash;
    };
    if (std::any_of(m_heads.begin(), m_heads.end(), same)) return false;
    const auto at = std::upper_bound(
        m_heads.begin(), m_heads.end(), head,
        [&key](const SignedHead& a, const SignedHead& b) { return key(a) < key(b); });
    m_heads.insert(at, std::move(head));
    thin();
    return true;
}

void KeptHeads::thin() {
    while (m_heads.size() > kLimit) {
        // The one that its neighbours stand closest around says the least.
        std::size_t least = 1;
        for (std::size_t i = 1; i + kNewest < m_heads.size(); ++i) {
            const auto gap = [this](std::size_t of) {
                return m_heads[of + 1].head.row - m_heads[of - 1].head.row;
            };
            if (gap(i) < gap(least)) least = i;
        }
        m_heads.erase(m_heads.begin() + static_cast<std::ptrdiff_t>(least));
    }
}

std::vector<std::uint64_t> KeptHeads::rows() const {
    std::vector<std::uint64_t> out;
    for (const SignedHead& head : m_heads) {
        if (out.empty() || out.back() != head.head.row) out.push_back(head.head.row);
    }
    return out;
}

HeadReport KeptHeads::compare(const RowHashes& hashes) const {
    HeadReport report;
    for (const SignedHead& kept : m_heads) {
        ++report.compared;
        const auto found = hashes.find(kept.head.row);
        if (found == hashes.end()) {
            report.wrong.push_back({kept, {}});
        } else if (found->second != kept.head.hash) {
            report.wrong.push_back({kept, found->second});
        } else if (report.wrong.empty()) {
            report.lastGood = kept;
        }
    }
    return report;
}

std::size_t KeptHeads::forgetFrom(std::uint64_t row) {
    const auto first = std::find_if(m_heads.begin(), m_heads.end(),
                                    [row](const auto& it) { return it.head.row >= row; });
    const auto forgotten = static_cast<std::size_t>(m_heads.end() - first);
    m_heads.erase(first, m_heads.end());
    return forgotten;
}

}  // namespace ifrit::audit
