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

/// True for UNAVAILABLE and where the peer cut the call off (LineFault::CutOff): the only ones that
/// are retried, and only for idempotent calls.
bool isRetryable(const absl::Status& status);

}  // namespace ifrit::rpc
