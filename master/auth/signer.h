// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "master/auth/certificate_authority.h"
#include "shared/base/clock.h"
#include "shared/crypto/statement.h"

namespace ifrit::master::auth {

/// Signs statements of this master (heads of the audit) with a key of this start, which
/// it makes at the first one and anew before its certificate ends. Thread-safe.
class Signer {
public:
    /// Both references outlive it. `name`: which master this is, for people.
    Signer(const CertificateAuthority& authority, std::string name, const base::Clock& clock)
        : m_authority(authority), m_name(std::move(name)), m_clock(clock) {}

    absl::StatusOr<crypto::StatementSeal> sign(std::string_view kind, std::string_view bytes);

private:
    const CertificateAuthority& m_authority;
    const std::string m_name;
    const base::Clock& m_clock;
    absl::Mutex m_mutex;
    std::optional<crypto::StatementSigner> m_signer ABSL_GUARDED_BY(m_mutex);
};

/// A name for this start of this master that a certificate can hold: "<host>.<first of id>".
std::string signerName(std::string_view host, std::string_view id);

}  // namespace ifrit::master::auth
