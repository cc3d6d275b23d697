// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/status.h>
#include <grpcpp/grpcpp.h>

#include <cstdint>
#include <memory>
#include <string>

#include "master/services/archive_store.h"

namespace ifrit::master::rpc {

struct WantedArchive {
    std::string digest;
    std::uint64_t sizeBytes = 0;
};

/// One archive from another master, from where an earlier fetch was broken off, into a store that
/// keeps it where it has the wanted digest and throws it away where it has not. Blocks, for so long
/// as a slow line may take; `context` is this call's, through which another thread may cancel it.
absl::Status fetchArchive(const std::shared_ptr<grpc::Channel>& other, const WantedArchive& wanted,
                          services::ArchiveStore& into, grpc::ClientContext& context);

}  // namespace ifrit::master::rpc
