// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

namespace ifrit::rpc {

/// The only way between absl::Status and grpc::Status: same code, same sentence, and the typed
/// ifrit.v1.ErrorDetail (base::ErrorInfo, base::CallDetails) in the details trailer. Round trips
/// without loss.
grpc::Status toGrpc(const absl::Status& status);
absl::Status fromGrpc(const grpc::Status& status);

/// True for UNAVAILABLE alone: the only code that is retried, and only for idempotent calls.
bool isRetryable(const absl::Status& status);

}  // namespace ifrit::rpc
