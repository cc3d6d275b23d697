// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ifrit::rpc {

/// A message of the contract, either way (shared/proto/ifrit/v1/types.proto).
inline constexpr int kMaxMessageBytes = 4 * 1024 * 1024;
/// Metadata: the caller's own id of a call.
inline constexpr char kRequestIdKey[] = "ifrit-request-id";
/// All metadata of one call.
inline constexpr int kMaxMetadataBytes = 16 * 1024;

}  // namespace ifrit::rpc
