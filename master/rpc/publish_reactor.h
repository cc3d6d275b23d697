// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <optional>

#include "ifrit/v1/packages.pb.h"
#include "master/rpc/call_runner.h"
#include "master/services/package_service.h"

namespace ifrit::master::rpc {

/// One PublishPackage call: `begin`, then chunks. Each message is worked on by the worker pool and
/// the next one is read after it, so that a fast sender waits. Owns itself.
class PublishReactor final : public grpc::ServerReadReactor<v1::PublishPackageRequest> {
public:
    PublishReactor(CallRunner& calls, services::PackageService& packages,
                   grpc::CallbackServerContext* context, v1::PublishPackageResponse* response);
    void start();

    void OnReadDone(bool ok) override;
    void OnDone() override { delete this; }

private:
    void process();
    absl::Status begin(const v1::PublishPackageRequest::Begin& begin);
    absl::Status take(const v1::PublishPackageRequest& message);
    absl::Status complete();
    void end(const absl::Status& status);

    CallRunner& m_calls;
    services::PackageService& m_packages;
    grpc::CallbackServerContext* m_context;
    v1::PublishPackageResponse* m_response;
    v1::PublishPackageRequest m_message;
    Principal m_principal;
    services::Caller m_caller;
    std::optional<services::PackageService::Publish> m_publish;
};

}  // namespace ifrit::master::rpc
