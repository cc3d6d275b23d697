// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "agent/app/config.h"
#include "agent/link/identity_store.h"
#include "agent/platform/host.h"
#include "shared/base/status.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// Who this machine is, and what that says about the certificate that lies on its disk.
struct IdentityDecision {
    enum class Certificate {
        None,
        Own,
        /// It names this machine and was given to another host: a disk that was moved, or copied.
        Moved,
        /// It names another machine: the disk is a copy, or the configuration was changed.
        OfAnother
    };
    std::string uuid;
    std::string source;  ///< where it comes from, for people: "uuid of the configuration"
    Certificate certificate = Certificate::None;
};

/// In this order: `uuid` of the configuration; the certificate, as long as this is the host that
/// enrolled (so that a new address or machine-id makes no new machine of it); the cloud's instance
/// id; a UUID derived from /etc/machine-id (SHA-256 keyed with our name, because machine-id(5) asks
/// not to show the id itself); the primary address. FAILED_PRECONDITION MACHINE_UNNAMED when there
/// is none of them. Pure.
absl::StatusOr<IdentityDecision> decideIdentity(const Config& config,
                                                const platform::HostFacts& host,
                                                const std::optional<link::StoredIdentity>& stored);

/// What a copy of this host's disk would not bring along.
link::HostMarks hostMarks(const platform::HostFacts& host);

/// `machine_type` of the configuration, else CONTAINER in a container, else what this program was
/// built for.
std::string machineType(const Config& config, const platform::HostFacts& host);

/// The decision for the machine below `config.root`: reads the certificate and, where the
/// configuration names one, the file with the instance id. A damaged certificate counts as none, as
/// does one that only root may read; one that the disk does not give now is an error.
absl::StatusOr<IdentityDecision> identityOf(const Config& config, platform::HostFacts& host);

/// `ifritVersion` is this program's.
domain::MachineFacts machineFacts(const Config& config, const platform::HostFacts& host,
                                  const std::string& uuid, const std::string& ifritVersion);

}  // namespace ifrit::agent::app
