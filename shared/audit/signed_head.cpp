// SPDX-License-Identifier: Apache-2.0
#include "shared/audit/signed_head.h"

#include "shared/base/status.h"

namespace ifrit::audit {
namespace {

void addNumber(std::string& out, std::uint64_t value) {
    for (int shift = 56; shift >= 0; shift -= 8)
        out.push_back(static_cast<char>((value >> shift) & 0xff));
}

void addText(std::string& out, const std::string& text) {
    addNumber(out, text.size());
    out += text;
}

}  // namespace

std::string statementOf(const Head& head) {
    std::string out;
    addText(out, head.cluster);
    addNumber(out, head.row);
    addText(out, head.hash);
    addNumber(out, static_cast<std::uint64_t>(base::toUnixMillis(head.at)));
    return out;
}

absl::Status verifyHead(SignedHead& head, const std::string& caPem, const std::string& cluster) {
    if (head.head.cluster != cluster || head.head.hash.size() != 32) {
        return base::failedPrecondition("STATEMENT_SIGNER", head.head.cluster,
                                        "the head is of cluster {}, not of {}", head.head.cluster,
                                        cluster);
    }
    IFRIT_ASSIGN_OR_RETURN(
        head.signer, crypto::verifyStatement(kHeadStatement, statementOf(head.head), head.seal,
                                             {caPem, cluster, head.head.at}));
    return absl::OkStatus();
}

}  // namespace ifrit::audit
