// SPDX-License-Identifier: Apache-2.0
#include "agent/app/local_view.h"

#include "agent/app/machine_identity.h"
#include "agent/install/layout.h"
#include "agent/journal/journal.h"
#include "shared/crypto/certificates.h"

namespace ifrit::agent::app {

absl::StatusOr<MachineView> viewFromFiles(const Config& config, const platform::Host& host,
                                          const platform::ProcessTable& processes) {
    const install::Layout layout(config.root);
    platform::HostFacts facts = host.facts();
    IFRIT_ASSIGN_OR_RETURN(const IdentityDecision identity, identityOf(config, facts));
    MachineView view;
    IFRIT_ASSIGN_OR_RETURN(view.journal, journal::Journal::read(layout.journal()));
    view.gone = goneProcesses(view.journal, processes);
    view.facts = machineFacts(config, facts, identity.uuid, "");
    view.uuidSource = identity.source;
    view.certificateEnds = certificateEnd(layout.identity());
    return view;
}

std::optional<base::WallTime> certificateEnd(const std::string& path) {
    const auto stored = link::IdentityStore(path).load();
    if (!stored.ok() || !*stored) return std::nullopt;
    const auto info = crypto::describeCertificate((*stored)->identity.certificatePem);
    if (!info.ok()) return std::nullopt;
    return info->notAfter;
}

}  // namespace ifrit::agent::app
