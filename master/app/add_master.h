// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <filesystem>
#include <string>
#include <vector>

#include "master/app/config.h"
#include "master/app/master_files.h"
#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

struct AddMasterRequest {
    std::string address;        ///< "host:port" of the new master, for machines, people and masters
    std::filesystem::path out;  ///< becomes its directory; must not exist
};

/// Makes the directory of one more master from that of a first: the same CA, a server certificate
/// and key of its own, and the same configuration with its own addresses. The certificate is
/// recorded and the making audited before the directory is there. It holds the CA's key, so it is
/// its owner's alone. FAILED_PRECONDITION (ONE_MASTER): the cluster is in a SQLite file, which one
/// master serves; and as checkNewAddress().
absl::Status addMaster(const MasterFiles& files, const Config& config,
                       const AddMasterRequest& request, const base::Clock& clock);

/// ALREADY_EXISTS (MASTER_EXISTS) where `address` is `own` or that of one of `masters`. Those that
/// are gone are no members, so that a lost one can be made anew.
absl::Status checkNewAddress(const std::string& address, const std::string& own,
                             const std::vector<storage::MemberRecord>& masters);

/// `text` (a master.toml) with other addresses and everything else as it is, comments too.
std::string withAddresses(const std::string& text, const std::string& listen,
                          const std::string& advertise);

}  // namespace ifrit::master::app
