// SPDX-License-Identifier: Apache-2.0
#include "master/auth/revocations.h"

#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::auth {

absl::Status Revocations::refresh() {
    absl::MutexLock lock(&m_refreshing);
    auto serials = std::make_shared<Serials>();
    const absl::Status status = m_database.read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const auto revoked,
                               view.certificates().revokedSerials(m_clock.now()));
        serials->insert(revoked.begin(), revoked.end());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(status);
    m_serials.set(std::move(serials));
    return absl::OkStatus();
}

bool Revocations::isRevoked(const std::string& serialHex) const {
    return m_serials.ask(
        [&serialHex](const Serials& serials) { return serials.count(serialHex) != 0; });
}

}  // namespace ifrit::master::auth
