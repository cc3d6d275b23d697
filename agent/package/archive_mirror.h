// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "agent/package/package_source.h"

namespace ifrit::agent::package {

/// A place beside the masters that holds archives by their SHA-256. Nothing of what it sends is to
/// be believed. Calls block and may come from several threads at once.
class ArchiveMirror {
public:
    virtual ~ArchiveMirror() = default;

    /// For messages.
    virtual const std::string& address() const = 0;
    /// As PackageSource::archive(), for the archive with this digest.
    virtual absl::Status archive(const std::string& sha256, std::uint64_t offset,
                                 std::chrono::milliseconds timeout,
                                 const PackageSource::ArchiveSink& sink) = 0;
};

}  // namespace ifrit::agent::package
