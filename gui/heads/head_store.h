// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "shared/audit/kept_heads.h"
#include "shared/bundle/bundle.h"

namespace ifrit::gui::heads {

/// The heads of clusters' audits below one directory, a file for each cluster and CA, which the
/// desktop and ifritctl of one account share. A file is replaced whole or not at all, under a lock
/// against other programs. Blocks on the disk. Not thread-safe.
class HeadStore {
public:
    /// `directory` is made when something is first kept. Another program that holds a file's lock
    /// is waited for so long.
    explicit HeadStore(std::string directory,
                       std::chrono::milliseconds patience = std::chrono::seconds(5))
        : m_directory(std::move(directory)), m_patience(patience) {}

    /// None where nothing was kept yet. DATA_LOSS (HEADS_UNREADABLE) names the file where it is
    /// damaged, or holds a head that no master of the bundle's cluster signed: it is not replaced.
    absl::StatusOr<audit::KeptHeads> load(const bundle::Bundle& bundle) const;
    /// Keeps the head beside those that there are. INTERNAL (HEADS_LOCKED): another program keeps
    /// one at the moment.
    absl::Status keep(const bundle::Bundle& bundle, const audit::SignedHead& head);
    /// How many were forgotten.
    absl::StatusOr<std::size_t> forgetFrom(const bundle::Bundle& bundle, std::uint64_t row);

    std::string pathOf(const bundle::Bundle& bundle) const;

private:
    /// Checks the signature once for each head: it costs more than all the rest.
    absl::Status verify(audit::SignedHead& head, const bundle::Bundle& bundle) const;
    /// `change` says whether there is anything to write.
    absl::Status update(const bundle::Bundle& bundle,
                        const std::function<bool(audit::KeptHeads&)>& change);

    std::string m_directory;
    std::chrono::milliseconds m_patience;
    struct Known {
        std::string caPem;
        audit::SignedHead head;
    };
    mutable std::map<std::string, Known> m_known;  ///< by signature
};

}  // namespace ifrit::gui::heads
