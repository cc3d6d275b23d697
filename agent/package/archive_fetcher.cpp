// SPDX-License-Identifier: Apache-2.0
#include "agent/package/archive_fetcher.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "agent/package/part_file.h"
#include "agent/reconcile/reasons.h"

namespace ifrit::agent::package {
namespace {

/// A connection that brought this much before it broke is tried again at once.
constexpr std::uint64_t kWorthContinuing = 64 * 1024;

/// Gives up a source that trickles.
class RateWatch {
public:
    RateWatch(const base::Clock& clock, FetchLimits limits)
        : m_clock(clock), m_limits(limits), m_windowStart(clock.steadyNow()) {}

    absl::Status received(std::size_t bytes) {
        m_inWindow += bytes;
        const auto elapsed = m_clock.steadyNow() - m_windowStart;
        if (elapsed < m_limits.rateWindow) return absl::OkStatus();
        const double seconds = std::chrono::duration<double>(elapsed).count();
        const double rate = static_cast<double>(m_inWindow) / seconds;
        if (rate < static_cast<double>(m_limits.minBytesPerSecond)) {
            return base::makeError(
                absl::StatusCode::kUnavailable, reconcile::kDownloadTooSlow, "",
                fmt::format("the source sends {:.0f} bytes a second, at least {} are wanted", rate,
                            m_limits.minBytesPerSecond));
        }
        m_inWindow = 0;
        m_windowStart = m_clock.steadyNow();
        return absl::OkStatus();
    }

private:
    const base::Clock& m_clock;
    const FetchLimits m_limits;
    base::SteadyTime m_windowStart;
    std::uint64_t m_inWindow = 0;
};

absl::Status tooLong(const ArchiveDescription& archive) {
    return base::failedPrecondition(reconcile::kDownloadTooLong, archive.sha256,
                                    "the source sends more than the {} bytes that were signed",
                                    archive.sizeBytes);
}

absl::Status flushDirectory(const std::string& path) {
    const std::string directory = path.substr(0, path.rfind('/'));
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return base::errnoStatus(errno, directory);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    return result == 0 ? absl::OkStatus() : base::errnoStatus(error, directory);
}

}  // namespace

ArchiveFetcher::ArchiveFetcher(const PackageCache& cache, PackageSource& source,
                               const base::Clock& clock, FetchLimits limits)
    : m_cache(cache), m_source(source), m_clock(clock), m_limits(limits) {}

absl::Status ArchiveFetcher::fetch(const ArchiveDescription& archive, const Progress& progress) {
    if (m_cache.has(archive.sha256, archive.sizeBytes)) return absl::OkStatus();
    IFRIT_ASSIGN_OR_RETURN(PartFile part,
                           PartFile::open(m_cache.partPath(archive.sha256), archive.sizeBytes));
    while (part.size() < archive.sizeBytes) {
        const absl::StatusOr<bool> goOn = transfer(archive, part, progress);
        if (!goOn.ok()) {
            if (base::errorInfo(goOn.status()).reason == reconcile::kDownloadTooLong) {
                m_cache.remove(archive.sha256);
            }
            return goOn.status();
        }
    }
    return complete(archive, part);
}

absl::StatusOr<bool> ArchiveFetcher::transfer(const ArchiveDescription& archive, PartFile& part,
                                              const Progress& progress) {
    const std::uint64_t start = part.size();
    RateWatch rate(m_clock, m_limits);
    absl::Status local;  // ours (disk, limits), as opposed to the source's
    const auto sink = [&](std::string_view bytes) -> absl::Status {
        if (part.size() + bytes.size() > archive.sizeBytes) {
            local = tooLong(archive);
        } else if (local = part.append(bytes); local.ok()) {
            local = rate.received(bytes.size());
        }
        if (local.ok() && progress) progress(part.size(), archive.sizeBytes);
        return local;
    };
    const auto timeout =
        m_limits.allowance +
        std::chrono::seconds((archive.sizeBytes - start) /
                             std::max<std::uint64_t>(m_limits.minBytesPerSecond, 1));
    const absl::Status status = m_source.archive(archive.manifestDigest, start, timeout, sink);
    if (!local.ok()) return local;
    if (part.size() == archive.sizeBytes || part.size() - start >= kWorthContinuing) return true;
    return base::makeError(
        absl::StatusCode::kUnavailable, reconcile::kDownloadFailed, archive.sha256,
        fmt::format("{} of {} bytes came, the rest is fetched later: {}", part.size(),
                    archive.sizeBytes,
                    status.ok() ? "the source ended early" : base::messageOf(status)));
}

absl::Status ArchiveFetcher::complete(const ArchiveDescription& archive, PartFile& part) {
    IFRIT_ASSIGN_OR_RETURN(const std::string digest, part.finish());
    if (digest != archive.sha256) {
        m_cache.remove(archive.sha256);
        return base::failedPrecondition(
            reconcile::kPackageDigest, archive.sha256,
            "the archive's SHA-256 is {}, {} was signed; it was thrown away", digest,
            archive.sha256);
    }
    const std::string path = m_cache.archivePath(archive.sha256);
    if (std::rename(m_cache.partPath(archive.sha256).c_str(), path.c_str()) != 0) {
        return base::errnoStatus(errno, path);
    }
    return flushDirectory(path);
}

}  // namespace ifrit::agent::package
