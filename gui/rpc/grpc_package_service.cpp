// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_package_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/package_upload.h"
#include "gui/rpc/unary_call.h"
#include "shared/codec/limits.h"

namespace ifrit::gui::rpc {
namespace {

using Packages = v1::Packages::StubInterface::async_interface;

}  // namespace

services::CallHandle GrpcPackageService::list(
    const std::string& agent, const services::PageRequest& page,
    services::Reply<services::Page<services::PackageInfo>> reply) {
    v1::ListPackagesRequest request;
    request.set_agent(agent);
    request.set_page_token(page.token);
    request.set_page_size(page.size);
    return startUnary<services::Page<services::PackageInfo>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::packages, &Packages::ListPackages,
        std::move(request),
        [](v1::ListPackagesResponse&& in) {
            return decodePage<services::PackageInfo>(in.packages(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcPackageService::get(const services::PackageRef& ref,
                                             services::Reply<services::PackageInfo> reply) {
    v1::GetPackageRequest request;
    request.set_manifest_digest(codec::digestToWire(ref.manifestDigest));
    request.set_agent(ref.agent);
    request.set_version(ref.version);
    request.set_machine_type(ref.machineType);
    return startUnary<services::PackageInfo>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::packages, &Packages::GetPackage,
        std::move(request), [](v1::Package&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcPackageService::publish(
    const services::PublishRequest& request,
    std::function<void(const services::PublishProgress&)> onProgress,
    services::Reply<services::PublishResult> reply) {
    auto upload = std::make_shared<PackageUpload>(m_core, m_open, request);
    upload->start(std::move(onProgress), std::move(reply));
    return RpcCore::handleFor(upload);
}

services::CallHandle GrpcPackageService::remove(const std::string& manifestDigest,
                                                const services::Mutation& mutation,
                                                services::Done done) {
    v1::DeletePackageRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    request.set_manifest_digest(codec::digestToWire(manifestDigest));
    return startChange<bool>(
        m_core, &MasterStubs::packages, &Packages::DeletePackage, std::move(request),
        [](v1::DeletePackageResponse&&) { return true; },
        services::Reply<bool>([done = std::move(done)](const absl::StatusOr<bool>& removed) {
            done(removed.status());
        }));
}

services::CallHandle GrpcPackageService::publisherKeys(
    services::Reply<std::vector<services::PublisherKey>> reply) {
    return startUnary<std::vector<services::PublisherKey>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::packages, &Packages::ListPublisherKeys,
        v1::ListPublisherKeysRequest(),
        [](v1::ListPublisherKeysResponse&& in) {
            return decodePage<services::PublisherKey>(in.keys(), std::string()).items;
        },
        std::move(reply));
}

}  // namespace ifrit::gui::rpc
