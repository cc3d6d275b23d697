// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace ifrit::rpc {

/// Payloads beside base::ErrorInfo that travel in ErrorDetail. Zero and empty are "not given".
struct RpcErrorInfo {
    std::string requestId;
    std::chrono::milliseconds retryAfter{0};
    std::uint64_t actualCount = 0;
    bool operator==(const RpcErrorInfo&) const = default;
};

/// Adds what is given to the status's payloads. OK stays OK.
absl::Status withRpcInfo(absl::Status status, const RpcErrorInfo& info);
RpcErrorInfo rpcInfo(const absl::Status& status);

/// The only way between absl::Status and grpc::Status: same code, same sentence, and the typed
/// ifrit.v1.ErrorDetail in the details trailer. Round trips without loss.
grpc::Status toGrpc(const absl::Status& status);
absl::Status fromGrpc(const grpc::Status& status);

/// True for UNAVAILABLE alone: the only code that is retried, and only for idempotent calls.
bool isRetryable(const absl::Status& status);

}  // namespace ifrit::rpc
