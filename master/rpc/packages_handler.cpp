// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/packages_handler.h"

#include <algorithm>
#include <tuple>

#include "master/rpc/paging.h"
#include "master/rpc/publish_reactor.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/filter/version_order.h"

namespace ifrit::master::rpc {

v1::Package toWire(const services::PackageRecord& package) {
    v1::Package out;
    out.set_agent(package.agent);
    out.set_version(package.version);
    for (const std::string& type : package.machineTypes)
        out.add_machine_types(type);
    out.set_manifest_digest(codec::digestToWire(package.manifestDigest));
    out.set_archive_digest(codec::digestToWire(package.archiveDigest));
    out.set_archive_size_bytes(package.archiveBytes);
    out.set_unpacked_size_bytes(package.unpackedBytes);
    out.set_files(package.files);
    out.set_key_id(package.keyId);
    out.set_published_by(package.publishedBy);
    out.set_published_ms(base::toUnixMillis(package.published));
    out.set_description(package.description);
    return out;
}

std::map<std::string, std::uint64_t> PackagesHandler::runningByDigest() const {
    std::map<std::string, std::uint64_t> out;
    for (const auto& machine : m_parts.fleet.all()) {
        for (const auto& agent : machine.record->stored.agents)
            ++out[agent.names->runningDigest];
    }
    return out;
}

grpc::ServerUnaryReactor* PackagesHandler::GetUpload(grpc::CallbackServerContext* context,
                                                     const v1::GetUploadRequest* request,
                                                     v1::GetUploadResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Packages/GetUpload",
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->archive_digest()));
            IFRIT_ASSIGN_OR_RETURN(const auto held, m_parts.packages.archives().progress(digest));
            response->set_committed_bytes(held.committedBytes);
            response->set_complete(held.complete);
            return absl::OkStatus();
        });
}

grpc::ServerReadReactor<v1::PublishPackageRequest>* PackagesHandler::PublishPackage(
    grpc::CallbackServerContext* context, v1::PublishPackageResponse* response) {
    return PublishReactor::start(
        {m_parts.calls, m_parts.packages, m_parts.ticker, m_parts.clock, m_parts.uploadSilence},
        context, response);
}

grpc::ServerUnaryReactor* PackagesHandler::ListPackages(grpc::CallbackServerContext* context,
                                                        const v1::ListPackagesRequest* request,
                                                        v1::ListPackagesResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Packages/ListPackages",
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t first,
                                   numberOfToken(request->page_token(), 0));
            IFRIT_ASSIGN_OR_RETURN(auto all, m_parts.packages.list(request->agent()));
            std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
                if (a.agent != b.agent) return a.agent < b.agent;
                const int order = filter::compareVersions(a.version, b.version);
                return order != 0 ? order > 0 : a.manifestDigest < b.manifestDigest;
            });
            const auto running = runningByDigest();
            IFRIT_ASSIGN_OR_RETURN(const services::PackageUses uses, m_parts.packages.uses());
            PageRoom room(pageSize(request->page_size()));
            for (std::size_t i = first; i < all.size(); ++i) {
                v1::Package out = toWire(all[i]);
                const auto count = running.find(all[i].manifestDigest);
                out.set_running_on(count == running.end() ? 0 : count->second);
                out.set_in_use(uses.of(all[i]).has_value());
                if (!room.take(out)) {
                    response->set_next_page_token(std::to_string(i));
                    break;
                }
                *response->add_packages() = std::move(out);
            }
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* PackagesHandler::GetPackage(grpc::CallbackServerContext* context,
                                                      const v1::GetPackageRequest* request,
                                                      v1::Package* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Packages/GetPackage",
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->manifest_digest()));
            IFRIT_ASSIGN_OR_RETURN(
                const auto package,
                m_parts.packages.find(digest, request->agent(), request->version(),
                                      request->machine_type()));
            *response = toWire(package);
            response->set_manifest(package.manifest);
            const auto running = runningByDigest();
            const auto count = running.find(package.manifestDigest);
            response->set_running_on(count == running.end() ? 0 : count->second);
            IFRIT_ASSIGN_OR_RETURN(const services::PackageUses uses, m_parts.packages.uses());
            response->set_in_use(uses.of(package).has_value());
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* PackagesHandler::DeletePackage(grpc::CallbackServerContext* context,
                                                         const v1::DeletePackageRequest* request,
                                                         v1::DeletePackageResponse* response) {
    // What a rollback would need is what the leader knows.
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Packages/DeletePackage", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [this, request]() -> absl::StatusOr<Touched> {
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->manifest_digest()));
            IFRIT_ASSIGN_OR_RETURN(const auto package, m_parts.packages.find(digest, {}, {}, {}));
            return Touched{{"package.delete", package.agent, package.machineTypes}, digest};
        },
        [this, request](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->manifest_digest()));
            return m_parts.calls.runOnce(
                {caller,
                 [&](const services::Caller& c) { return m_parts.packages.erase(c, digest); },
                 [](const std::string&) { return absl::OkStatus(); }},
                "package.delete");
        });
}

grpc::ServerUnaryReactor* PackagesHandler::ListPublisherKeys(
    grpc::CallbackServerContext* context, const v1::ListPublisherKeysRequest*,
    v1::ListPublisherKeysResponse* response) {
    return m_parts.calls.run(context, "ifrit.v1.Packages/ListPublisherKeys",
                             [this, response](const Principal&) -> absl::Status {
                                 IFRIT_ASSIGN_OR_RETURN(const auto keys,
                                                        m_parts.packages.publisherKeys());
                                 for (const auto& key : keys) {
                                     auto& out = *response->add_keys();
                                     out.set_key_id(key.keyId);
                                     out.set_name(key.name);
                                     out.set_public_key_pem(key.publicKeyPem);
                                 }
                                 return absl::OkStatus();
                             });
}

}  // namespace ifrit::master::rpc
