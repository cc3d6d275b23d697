// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "agent/package/archive_mirror.h"
#include "agent/package/package_cache.h"
#include "agent/package/package_source.h"
#include "agent/package/rate_watch.h"
#include "agent/package/throttle.h"
#include "shared/base/clock.h"

namespace ifrit::agent::package {

struct FetchLimits {
    LeastRate leastRate;
    /// A transfer is asked for again, from where it is, after this long: so a source that falls
    /// silent is noticed by then, however large the archive is.
    std::chrono::milliseconds transferTime{60'000};
    std::uint64_t mostBytesPerSecond = 0;  ///< of all archives together; 0: no limit
    Throttle::Sleep sleep = sleepFor;
};

/// What the verified manifest says of its archive.
struct ArchiveDescription {
    std::string manifestDigest;
    std::string sha256;
    std::uint64_t sizeBytes = 0;
    /// What its release allows, besides that of FetchLimits: the lower of the two holds.
    /// 0: no limit.
    std::uint64_t mostBytesPerSecond = 0;
};

/// Brings archives into the cache. Thread-safe; blocks.
class ArchiveFetcher {
public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;
    using Mirrors = std::vector<ArchiveMirror*>;

    /// `mirrors` are tried first, in their order, then `master`. All must outlive it.
    ArchiveFetcher(const PackageCache& cache, PackageSource& master, const base::Clock& clock,
                   const FetchLimits& limits, Mirrors mirrors = {});

    /// Continues where an earlier attempt stopped, also one before a restart or with another
    /// source. An archive that another thread fetches already is waited for, not fetched twice.
    /// OK: the whole archive is in the cache and has the digest. Errors (reconcile/reasons.h) are
    /// those of the last source: DOWNLOAD_FAILED (UNAVAILABLE; what came is kept),
    /// DOWNLOAD_TOO_SLOW (the same), DOWNLOAD_TOO_LONG and PACKAGE_DIGEST (FAILED_PRECONDITION;
    /// what came is thrown away). Errors of this machine's disk as base::errnoStatus.
    absl::Status fetch(const ArchiveDescription& archive, const Progress& progress)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Ends all downloads within about a second and refuses further ones, with CANCELLED.
    void cancel() { m_cancelled = true; }

private:
    class Claim;
    struct Source;

    absl::Status fetchFrom(const Source& source, const ArchiveDescription& archive,
                           const Progress& progress, std::uint64_t& resumedAt);
    absl::Status fetchAlone(const Source& source, const ArchiveDescription& archive,
                            const Progress& progress);
    /// One transfer; true when it is worth to go on at once because much of it came.
    absl::StatusOr<bool> transfer(const Source& source, const ArchiveDescription& archive,
                                  class PartFile& part, const Progress& progress);
    absl::StatusOr<bool> judge(const absl::Status& ended, const ArchiveDescription& archive,
                               std::uint64_t came, std::uint64_t total) const;
    absl::Status complete(const ArchiveDescription& archive, class PartFile& part);

    const PackageCache& m_cache;
    PackageSource& m_master;
    const base::Clock& m_clock;
    const FetchLimits m_limits;
    const Mirrors m_mirrors;
    Throttle m_throttle;
    std::atomic<bool> m_cancelled{false};
    absl::Mutex m_mutex;
    absl::CondVar m_released;
    std::set<std::string> m_claimed ABSL_GUARDED_BY(m_mutex);  ///< being fetched now
};

}  // namespace ifrit::agent::package
