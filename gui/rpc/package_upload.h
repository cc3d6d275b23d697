// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gui/rpc/package_source.h"
#include "gui/rpc/rpc_core.h"
#include "gui/services/packages.h"

namespace ifrit::gui::rpc {

class PackageWriter;

/// Publishes one file: checks it on a thread of its own, asks how much the master has, streams the
/// rest. Session's thread only.
class PackageUpload final : public LiveCall, public std::enable_shared_from_this<PackageUpload> {
public:
    using OnProgress = std::function<void(const services::PublishProgress&)>;

    PackageUpload(RpcCore& core, OpenPackage open, services::PublishRequest request)
        : m_core(core), m_open(std::move(open)), m_request(std::move(request)) {}

    void start(OnProgress onProgress, services::Reply<services::PublishResult> reply);
    void cancel() override;

private:
    void opened(absl::StatusOr<PackageSource> source);
    void upload(std::uint64_t offset);
    void tellProgress();
    void finish(absl::StatusOr<services::PublishResult> result);

    RpcCore& m_core;
    OpenPackage m_open;
    services::PublishRequest m_request;
    OnProgress m_onProgress;
    services::Reply<services::PublishResult> m_reply;
    std::shared_ptr<PackageSource> m_source;
    std::shared_ptr<PackageWriter> m_writer;
    services::CallHandle m_call;
    services::PublishProgress m_progress;
};

}  // namespace ifrit::gui::rpc
