// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <map>
#include <string>

#include "ifrit/v1/packages.grpc.pb.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/ticker.h"
#include "master/services/package_service.h"

namespace ifrit::master::rpc {

class PackagesHandler final : public v1::Packages::CallbackService {
public:
    struct Parts {
        CallRunner& calls;
        services::PackageService& packages;
        services::Fleet& fleet;
        Ticker& ticker;
        const base::Clock& clock;
        std::chrono::milliseconds uploadSilence;
    };
    explicit PackagesHandler(Parts parts) : m_parts(std::move(parts)) {}

    grpc::ServerUnaryReactor* GetUpload(grpc::CallbackServerContext* context,
                                        const v1::GetUploadRequest* request,
                                        v1::GetUploadResponse* response) override;
    grpc::ServerReadReactor<v1::PublishPackageRequest>* PublishPackage(
        grpc::CallbackServerContext* context, v1::PublishPackageResponse* response) override;
    grpc::ServerUnaryReactor* ListPackages(grpc::CallbackServerContext* context,
                                           const v1::ListPackagesRequest* request,
                                           v1::ListPackagesResponse* response) override;
    grpc::ServerUnaryReactor* GetPackage(grpc::CallbackServerContext* context,
                                         const v1::GetPackageRequest* request,
                                         v1::Package* response) override;
    grpc::ServerUnaryReactor* DeletePackage(grpc::CallbackServerContext* context,
                                            const v1::DeletePackageRequest* request,
                                            v1::DeletePackageResponse* response) override;
    grpc::ServerUnaryReactor* ListPublisherKeys(grpc::CallbackServerContext* context,
                                                const v1::ListPublisherKeysRequest* request,
                                                v1::ListPublisherKeysResponse* response) override;

private:
    std::map<std::string, std::uint64_t> runningByDigest() const;

    const Parts m_parts;
};

v1::Package toWire(const services::PackageRecord& package);

}  // namespace ifrit::master::rpc
