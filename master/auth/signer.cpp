// SPDX-License-Identifier: Apache-2.0
#include "master/auth/signer.h"

#include <algorithm>
#include <chrono>

#include "shared/base/status.h"

namespace ifrit::master::auth {
namespace {

/// What is signed in the last days of a certificate is checked against its end, by clocks that may
/// be late.
constexpr std::chrono::hours kRenewBefore{7 * 24};
constexpr std::size_t kMaxHost = 64;
constexpr std::size_t kIdPart = 8;

bool isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

}  // namespace

absl::StatusOr<crypto::StatementSeal> Signer::sign(std::string_view kind, std::string_view bytes) {
    const base::WallTime now = m_clock.now();
    const absl::MutexLock lock(&m_mutex);
    if (!m_signer || m_signer->notAfter() - now < kRenewBefore) {
        IFRIT_ASSIGN_OR_RETURN(m_signer, m_authority.makeSigner(m_name, now));
    }
    return m_signer->sign(kind, bytes);
}

std::string signerName(std::string_view host, std::string_view id) {
    std::string name(host.substr(0, kMaxHost));
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !isPlain(c); }, '-');
    if (name.empty()) name = "master";
    return name + "." + std::string(id.substr(0, kIdPart));
}

}  // namespace ifrit::master::auth
