// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/status.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::agent::package {

/// What a source says is the manifest; nothing of it is to be believed before it is verified.
struct ManifestOffer {
    ::ifrit::package::SignedManifest manifest;
};

/// Where packages come from. Calls block and may come from several threads at once.
class PackageSource {
public:
    /// Takes the next bytes of an archive, or none from a source that tells so that it still
    /// waits; an error ends the transfer and is what archive() returns.
    using ArchiveSink = std::function<absl::Status(std::string_view)>;
    virtual ~PackageSource() = default;

    /// `digest` is the SHA-256 of the signed bytes, hex.
    virtual absl::StatusOr<ManifestOffer> manifest(const std::string& digest) = 0;
    /// The archive of that manifest from `offset` on, in order; DEADLINE_EXCEEDED when it takes
    /// longer than `timeout`. OK when the source says that was all, whether or not it was.
    virtual absl::Status archive(const std::string& digest, std::uint64_t offset,
                                 std::chrono::milliseconds timeout, const ArchiveSink& sink) = 0;
};

}  // namespace ifrit::agent::package
