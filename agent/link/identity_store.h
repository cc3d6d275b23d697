// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "agent/link/host_marks.h"
#include "agent/link/master_client.h"
#include "shared/base/clock.h"

namespace ifrit::agent::link {

struct StoredIdentity {
    MachineIdentity identity;
    std::string uuid;  ///< as the certificate names it
    HostMarks marks;   ///< of the host that enrolled; empty in files of before there were any
};

/// The machine's key, certificate and CA in one file (mode 0600), so that a kill during a renewal
/// cannot leave a key beside the certificate of another. Thread-compatible.
class IdentityStore {
public:
    explicit IdentityStore(std::string path) : m_path(std::move(path)) {}

    /// The key of an enrolment that has not ended: made and kept beside the file at the first call,
    /// so that whoever lost the answer asks again with the key that its token was used for.
    absl::StatusOr<std::string> pendingKey() const;
    /// After its certificate was saved.
    void dropPendingKey() const;

    /// nullopt: none yet. DATA_LOSS IDENTITY_DAMAGED for a file that does not hold together.
    absl::StatusOr<std::optional<StoredIdentity>> load() const;
    /// Replaces it atomically. INVALID_ARGUMENT when key and certificate do not belong together or
    /// the certificate is not the CA's.
    absl::Status save(const MachineIdentity& identity, const HostMarks& marks,
                      base::WallTime now) const;
    /// Renames the file, so that it is not used and can be looked at; returns where it is now.
    absl::StatusOr<std::string> setAside(const std::string& uuid) const;

private:
    std::string pendingPath() const;

    const std::string m_path;
};

}  // namespace ifrit::agent::link
