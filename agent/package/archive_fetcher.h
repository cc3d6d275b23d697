// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "agent/package/package_cache.h"
#include "agent/package/package_source.h"
#include "shared/base/clock.h"

namespace ifrit::agent::package {

struct FetchLimits {
    std::uint64_t minBytesPerSecond = 2'048;
    std::chrono::milliseconds rateWindow{20'000};  ///< over which the rate is measured
    std::chrono::milliseconds allowance{30'000};   ///< beside what the minimum rate would take
};

/// What the verified manifest says of its archive.
struct ArchiveDescription {
    std::string manifestDigest;
    std::string sha256;
    std::uint64_t sizeBytes = 0;
};

/// Brings archives into the cache. Thread-safe for different archives; blocks.
class ArchiveFetcher {
public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

    ArchiveFetcher(const PackageCache& cache, PackageSource& source, const base::Clock& clock,
                   FetchLimits limits);

    /// Continues where an earlier attempt stopped, also one before a restart. OK: the whole archive
    /// is in the cache and has the digest. Errors (reconcile/reasons.h): DOWNLOAD_FAILED
    /// (UNAVAILABLE; what came is kept), DOWNLOAD_TOO_SLOW (the same), DOWNLOAD_TOO_LONG and
    /// PACKAGE_DIGEST (FAILED_PRECONDITION; what came is thrown away).
    absl::Status fetch(const ArchiveDescription& archive, const Progress& progress);

private:
    /// One transfer; true when it is worth to go on at once because much of it came.
    absl::StatusOr<bool> transfer(const ArchiveDescription& archive, class PartFile& part,
                                  const Progress& progress);
    absl::Status complete(const ArchiveDescription& archive, class PartFile& part);

    const PackageCache& m_cache;
    PackageSource& m_source;
    const base::Clock& m_clock;
    const FetchLimits m_limits;
};

}  // namespace ifrit::agent::package
