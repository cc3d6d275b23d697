// SPDX-License-Identifier: Apache-2.0
#include "master/app/add_master.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "master/app/open_stores.h"
#include "master/app/own_address.h"
#include "master/app/staged_directory.h"
#include "master/audit/audit_trail.h"
#include "master/auth/certificate_authority.h"
#include "shared/base/atomic_file.h"
#include "shared/base/host_port.h"
#include "shared/base/status.h"

namespace ifrit::master::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxConfigBytes = 256 * 1024;

/// The key of a line at the top of a TOML file; empty for a comment, a table or an empty line.
std::string_view keyOf(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_first_of(" \t=#[", begin) - begin);
}

absl::Status record(storage::Database& database, const std::string& cluster,
                    const AddMasterRequest& request, const storage::CertificateRecord& certificate,
                    const base::Clock& clock) {
    return database.transact([&](storage::Transaction& in) -> absl::Status {
        IFRIT_RETURN_IF_ERROR(in.certificates().add(certificate));
        storage::AuditEntry entry;
        entry.at = clock.now();
        entry.actor = "root@localhost";
        entry.via = "ifrit-master";
        entry.address = "local";
        entry.verb = "master.add";
        entry.object = request.address;
        entry.result = "allowed";
        entry.after = fmt::format(R"({{"serial":"{}"}})", certificate.serialHex);
        return audit::AuditTrail(cluster).append(in, entry);
    });
}

absl::Status writeFiles(const MasterFiles& from, const MasterFiles& to,
                        const crypto::Credentials& ca, const crypto::Credentials& server,
                        const std::string& address) {
    IFRIT_ASSIGN_OR_RETURN(const std::string text,
                           base::readFile(from.config().string(), kMaxConfigBytes));
    const std::string port = address.substr(address.rfind(':'));
    // The configuration too: it says where the database is and who may what.
    const std::pair<fs::path, std::string> secrets[] = {
        {to.caKey(), ca.privateKeyPem},
        {to.serverKey(), server.privateKeyPem},
        {to.config(), withAddresses(text, "0.0.0.0" + port, address)}};
    for (const auto& [path, content] : secrets)
        IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(path, content, 0600));
    const std::pair<fs::path, std::string> open[] = {
        {to.caCertificate(), ca.certificatePem}, {to.serverCertificate(), server.certificatePem}};
    for (const auto& [path, content] : open)
        IFRIT_RETURN_IF_ERROR(base::writeFileAtomically(path, content, 0644));
    return loadConfig(to.config().string()).status();
}

}  // namespace

std::string withAddresses(const std::string& text, const std::string& listen,
                          const std::string& advertise) {
    std::string out = fmt::format("listen = \"{}\"\nadvertise = \"{}\"\n", listen, advertise);
    bool isTop = true;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        begin = end;
        const std::size_t first = line.find_first_not_of(" \t");
        if (first != std::string_view::npos && line[first] == '[') isTop = false;
        const std::string_view key = keyOf(line);
        if (isTop && (key == "listen" || key == "advertise")) continue;
        out += line;
    }
    return out;
}

absl::Status checkNewAddress(const std::string& address, const std::string& own,
                             const std::vector<storage::MemberRecord>& masters) {
    const bool isServed =
        address == own || std::any_of(masters.begin(), masters.end(), [&](const auto& master) {
            return master.address == address;
        });
    if (!isServed) return absl::OkStatus();
    return base::makeError(absl::StatusCode::kAlreadyExists, "MASTER_EXISTS", address,
                           fmt::format("the cluster has a master at {} already; give the new one's "
                                       "address, or stop the one that it is to take the place of "
                                       "and wait some seconds",
                                       address));
}

absl::Status addMaster(const MasterFiles& files, const Config& config,
                       const AddMasterRequest& request, const base::Clock& clock) {
    if (config.store.kind != StoreConfig::Kind::Mariadb) {
        return base::failedPrecondition(
            "ONE_MASTER", files.database().string(),
            "this cluster is in a SQLite file, which one master serves; several need a cluster on "
            "MariaDB (operations.md in /usr/share/doc/ifrit-master)");
    }
    IFRIT_ASSIGN_OR_RETURN(const base::HostPort place, base::parseHostPort(request.address));
    std::error_code error;
    if (fs::exists(request.out, error)) {
        return base::makeError(
            absl::StatusCode::kAlreadyExists, "DIRECTORY_EXISTS", request.out.string(),
            fmt::format("{} exists; name a new directory", request.out.string()));
    }
    IFRIT_ASSIGN_OR_RETURN(const crypto::Credentials ca, files.readCa());
    IFRIT_ASSIGN_OR_RETURN(
        const auto database,
        openDatabase(files, config.store, storage::sql::SqlDatabase::Schema::Require, clock));
    storage::ClusterSettings settings;
    std::vector<storage::MemberRecord> masters;
    const absl::Status read = database->read([&](storage::Transaction& view) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(settings, view.settings().get());
        IFRIT_ASSIGN_OR_RETURN(masters, view.masters().list());
        return absl::OkStatus();
    });
    IFRIT_RETURN_IF_ERROR(read);
    IFRIT_RETURN_IF_ERROR(checkNewAddress(
        request.address, advertisedAddress(config.advertise, config.listen), masters));
    const auth::CertificateAuthority authority(settings.name, ca, {});
    IFRIT_ASSIGN_OR_RETURN(const auto server,
                           authority.issueServer(request.address, {place.host}, clock.now()));
    // It holds the CA's key: nobody but its owner looks into it.
    IFRIT_ASSIGN_OR_RETURN(StagedDirectory staged, StagedDirectory::begin(request.out));
    IFRIT_RETURN_IF_ERROR(
        writeFiles(files, MasterFiles(staged.path()), ca, server.credentials, request.address));
    // No certificate of which the cluster does not know leaves this machine.
    IFRIT_RETURN_IF_ERROR(record(*database, settings.name, request, server.record, clock));
    return staged.moveIntoPlace();
}

}  // namespace ifrit::master::app
