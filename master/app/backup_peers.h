// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "master/app/config.h"
#include "master/app/master_files.h"
#include "master/services/archive_store.h"
#include "master/storage/records.h"
#include "shared/base/clock.h"

namespace ifrit::master::app {

/// Another master, which may hold archives that this one's directory does not.
struct ArchiveSource {
    std::string address;
    std::shared_ptr<grpc::Channel> channel;
};

/// Those of `members`, each once, without `own`: its directory is the one that lacks the archives.
/// A master that died and began again may have several rows.
std::vector<std::string> addressesToAsk(const std::vector<storage::MemberRecord>& members,
                                        const std::string& own);

/// The other masters that the cluster's database names, living or not, as one that holds the CA's
/// key reaches them; none of a cluster in a file.
absl::StatusOr<std::vector<ArchiveSource>> otherMasters(const MasterFiles& files,
                                                        const Config& config,
                                                        const base::Clock& clock);

/// Fetches each package's archive into the store from the first master that gives one with the
/// right digest; those that nobody gave. A master that cannot be reached is not asked again. Says
/// each step. Blocks.
std::vector<storage::PackageRecord> fetchArchives(
    const std::vector<storage::PackageRecord>& packages, std::vector<ArchiveSource> masters,
    services::ArchiveStore& into, const std::function<void(const std::string& step)>& say);

}  // namespace ifrit::master::app
