// SPDX-License-Identifier: Apache-2.0
#include "master/app/backup_peers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "master/app/open_stores.h"
#include "master/app/own_address.h"
#include "master/auth/certificate_authority.h"
#include "master/rpc/archive_fetch.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"

namespace ifrit::master::app {
namespace {

/// It is a line that failed, and not an answer.
bool isOutOfReach(const absl::Status& status) {
    const bool isLine = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
    return isLine && base::errorInfo(status).reason.empty();
}

}  // namespace

std::vector<std::string> addressesToAsk(const std::vector<storage::MemberRecord>& members,
                                        const std::string& own) {
    std::vector<std::string> out;
    for (const storage::MemberRecord& member : members) {
        const bool isKnown = std::find(out.begin(), out.end(), member.address) != out.end();
        if (member.address != own && !isKnown) out.push_back(member.address);
    }
    return out;
}

absl::StatusOr<std::vector<ArchiveSource>> otherMasters(const MasterFiles& files,
                                                        const Config& config,
                                                        const base::Clock& clock) {
    std::vector<ArchiveSource> out;
    if (config.store.kind != StoreConfig::Kind::Mariadb) return out;
    IFRIT_ASSIGN_OR_RETURN(
        const auto database,
        openDatabase(files, config.store, storage::sql::SqlDatabase::Schema::Require, clock));
    std::string cluster;
    std::vector<storage::MemberRecord> members;
    IFRIT_RETURN_IF_ERROR(database->read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const storage::ClusterSettings settings, in.settings().get());
        cluster = settings.name;
        IFRIT_ASSIGN_OR_RETURN(members, in.masters().list());
        return absl::OkStatus();
    }));
    const std::vector<std::string> addresses =
        addressesToAsk(members, advertisedAddress(config.advertise, config.listen));
    if (addresses.empty()) return out;
    // As each start of a master makes itself one: the key is in memory alone, and goes with us.
    IFRIT_ASSIGN_OR_RETURN(crypto::Credentials ca, files.readCa());
    const auth::CertificateAuthority authority(cluster, std::move(ca), {});
    IFRIT_ASSIGN_OR_RETURN(const auto own, authority.issueServer("backup-" + base::randomUuid(),
                                                                 {"localhost"}, clock.now()));
    for (const std::string& address : addresses) {
        out.push_back(
            {address, ifrit::rpc::makeChannel(address,
                                              {authority.caPem(), own.credentials.certificatePem,
                                               own.credentials.privateKeyPem},
                                              {})});
    }
    return out;
}

std::vector<storage::PackageRecord> fetchArchives(
    const std::vector<storage::PackageRecord>& packages, std::vector<ArchiveSource> masters,
    services::ArchiveStore& into, const std::function<void(const std::string& step)>& say) {
    std::vector<storage::PackageRecord> out;
    for (const storage::PackageRecord& package : packages) {
        // Two packages may have one archive.
        const auto held = into.progress(package.archiveDigest);
        bool isHere = held.ok() && held->complete;
        for (auto master = masters.begin(); !isHere && master != masters.end();) {
            grpc::ClientContext context;
            const absl::Status fetched = rpc::fetchArchive(
                master->channel, {package.archiveDigest, package.archiveBytes}, into, context);
            isHere = fetched.ok();
            say(fmt::format("{} {}: {}", package.agent, package.version,
                            isHere ? "from " + master->address
                                   : master->address + ": " + base::messageOf(fetched)));
            if (isOutOfReach(fetched))
                master = masters.erase(master);
            else
                ++master;
        }
        if (!isHere) out.push_back(package);
    }
    return out;
}

}  // namespace ifrit::master::app
