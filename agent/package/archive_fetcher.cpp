// SPDX-License-Identifier: Apache-2.0
#include "agent/package/archive_fetcher.h"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "agent/package/part_file.h"
#include "agent/reconcile/reasons.h"

namespace ifrit::agent::package {
namespace {

/// A connection that brought this much before it broke is tried again at once.
constexpr std::uint64_t kWorthContinuing = 64 * 1024;

absl::Status tooLong(const ArchiveDescription& archive) {
    return base::failedPrecondition(reconcile::kDownloadTooLong, archive.sha256,
                                    "the source sends more than the {} bytes that were signed",
                                    archive.sizeBytes);
}

bool isTooLong(const absl::Status& status) {
    return base::errorInfo(status).reason == reconcile::kDownloadTooLong;
}

/// Says something against the bytes that came, so that they were thrown away.
bool isDiscarded(const absl::Status& status) {
    return isTooLong(status) || base::errorInfo(status).reason == reconcile::kPackageDigest;
}

/// Says something against the source; what else goes wrong is this machine's, and the same with
/// every source.
bool isTheSources(const absl::Status& status) {
    const std::string reason = base::errorInfo(status).reason;
    return isDiscarded(status) || reason == reconcile::kDownloadFailed ||
           reason == reconcile::kDownloadTooSlow;
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

/// The right to fetch one archive: waits for whoever has it.
class ArchiveFetcher::Claim {
public:
    Claim(ArchiveFetcher& fetcher, const std::string& sha256)
        : m_fetcher(fetcher), m_sha256(sha256) {
        const absl::MutexLock lock(&m_fetcher.m_mutex);
        while (!m_fetcher.m_claimed.insert(m_sha256).second)
            m_fetcher.m_released.Wait(&m_fetcher.m_mutex);
    }
    ~Claim() {
        const absl::MutexLock lock(&m_fetcher.m_mutex);
        m_fetcher.m_claimed.erase(m_sha256);
        m_fetcher.m_released.SignalAll();
    }
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;

private:
    ArchiveFetcher& m_fetcher;
    const std::string m_sha256;
};

/// A mirror, or with none the master; all of them share what the release allows.
struct ArchiveFetcher::Source {
    ArchiveMirror* mirror = nullptr;
    Throttle& throttle;
};

ArchiveFetcher::ArchiveFetcher(const PackageCache& cache, PackageSource& master,
                               const base::Clock& clock, const FetchLimits& limits, Mirrors mirrors)
    : m_cache(cache),
      m_master(master),
      m_clock(clock),
      m_limits(limits),
      m_mirrors(std::move(mirrors)),
      m_throttle(clock, limits.mostBytesPerSecond, limits.sleep) {}

absl::Status ArchiveFetcher::fetch(const ArchiveDescription& archive, const Progress& progress) {
    const Claim claim(*this, archive.sha256);
    if (m_cache.has(archive.sha256, archive.sizeBytes)) return absl::OkStatus();
    Throttle throttle(m_clock, archive.mostBytesPerSecond, m_limits.sleep);
    for (ArchiveMirror* mirror : m_mirrors) {
        const absl::Status status = fetchAlone({mirror, throttle}, archive, progress);
        if (status.ok() || !isTheSources(status)) return status;
        spdlog::warn("archive {}: {}: {}", archive.sha256, mirror->address(),
                     base::messageOf(status));
    }
    return fetchAlone({nullptr, throttle}, archive, progress);
}

absl::Status ArchiveFetcher::fetchAlone(const Source& source, const ArchiveDescription& archive,
                                        const Progress& progress) {
    std::uint64_t resumedAt = 0;
    const absl::Status status = fetchFrom(source, archive, progress, resumedAt);
    if (resumedAt == 0 || !isDiscarded(status)) return status;
    // What was wrong may have been there before, from another source or from a bad disk: this
    // source is judged by what is all its own.
    return fetchFrom(source, archive, progress, resumedAt);
}

absl::Status ArchiveFetcher::fetchFrom(const Source& source, const ArchiveDescription& archive,
                                       const Progress& progress, std::uint64_t& resumedAt) {
    IFRIT_ASSIGN_OR_RETURN(PartFile part,
                           PartFile::open(m_cache.partPath(archive.sha256), archive.sizeBytes));
    resumedAt = part.size();
    while (part.size() < archive.sizeBytes) {
        const absl::StatusOr<bool> goOn = transfer(source, archive, part, progress);
        if (!goOn.ok()) {
            if (isTooLong(goOn.status())) m_cache.remove(archive.sha256);
            return goOn.status();
        }
    }
    return complete(archive, part);
}

absl::StatusOr<bool> ArchiveFetcher::transfer(const Source& source,
                                              const ArchiveDescription& archive, PartFile& part,
                                              const Progress& progress) {
    if (m_cancelled) return absl::CancelledError("ifrit-agent is ending");
    const std::uint64_t start = part.size();
    RateWatch rate(m_clock, m_limits.leastRate);
    absl::Status local;  // ours (disk, limits), as opposed to the source's
    const auto sink = [&](std::string_view bytes) -> absl::Status {
        if (m_cancelled) {
            local = absl::CancelledError("ifrit-agent is ending");
        } else if (part.size() + bytes.size() > archive.sizeBytes) {
            local = tooLong(archive);
        } else if (local = part.append(bytes); local.ok()) {
            // One after the other: what the first one waited counts for the second.
            const auto waited = m_throttle.take(bytes.size());
            local = rate.received(bytes.size(), waited + source.throttle.take(bytes.size()));
        }
        if (local.ok() && progress && !bytes.empty()) progress(part.size(), archive.sizeBytes);
        return local;
    };
    const absl::Status ended =
        source.mirror != nullptr
            ? source.mirror->archive(archive.sha256, start, m_limits.transferTime, sink)
            : m_master.archive(archive.manifestDigest, start, m_limits.transferTime, sink);
    if (!local.ok()) return local;
    return judge(ended, archive, part.size() - start, part.size());
}

absl::StatusOr<bool> ArchiveFetcher::judge(const absl::Status& ended,
                                           const ArchiveDescription& archive, std::uint64_t came,
                                           std::uint64_t total) const {
    if (total == archive.sizeBytes) return true;
    if (absl::IsDeadlineExceeded(ended)) {
        const double seconds = std::chrono::duration<double>(m_limits.transferTime).count();
        const double rate = static_cast<double>(came) / seconds;
        if (rate >= static_cast<double>(m_limits.leastRate.bytesPerSecond)) return true;
        return base::makeError(
            absl::StatusCode::kUnavailable, reconcile::kDownloadTooSlow, archive.sha256,
            fmt::format("the source sent {} bytes in {:.0f} s, at least {} a second are wanted",
                        came, seconds, m_limits.leastRate.bytesPerSecond));
    }
    if (came >= kWorthContinuing) return true;
    return base::makeError(
        absl::StatusCode::kUnavailable, reconcile::kDownloadFailed, archive.sha256,
        fmt::format("{} of {} bytes came, the rest is fetched later: {}", total, archive.sizeBytes,
                    ended.ok() ? "the source ended early" : base::messageOf(ended)));
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
