// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpc/grpc_security.h>

#include <cstdint>
#include <memory>

#include "shared/rpc/channel.h"

namespace ifrit::rpc {

/// What one port shows of itself, which may change while it listens: gRPC asks for it at the
/// beginning of each connection. Thread-safe. Must outlive the server of that port.
class ServerIdentity {
public:
    explicit ServerIdentity(TlsIdentity identity) : m_identity(std::move(identity)) {}
    ServerIdentity(const ServerIdentity&) = delete;
    ServerIdentity& operator=(const ServerIdentity&) = delete;

    /// As makeServerCredentials(); for one port.
    std::shared_ptr<grpc::ServerCredentials> credentials();
    /// For connections that begin from now on; those that stand go on. What gRPC cannot use leaves
    /// it with the one before, so check it first.
    void change(TlsIdentity identity);

private:
    static grpc_ssl_certificate_config_reload_status fetch(
        void* self, grpc_ssl_server_certificate_config** config);

    absl::Mutex m_mutex;
    TlsIdentity m_identity ABSL_GUARDED_BY(m_mutex);
    bool m_isNew ABSL_GUARDED_BY(m_mutex) = true;  ///< gRPC has not asked since it changed
};

}  // namespace ifrit::rpc
