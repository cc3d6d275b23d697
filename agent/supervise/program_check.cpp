// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/program_check.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "agent/platform/posix/file_stamp.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
constexpr std::chrono::milliseconds kSettled(2'000);

absl::StatusOr<std::string> digestOf(int descriptor, const std::string& path) {
    crypto::Sha256 hash;
    std::vector<char> buffer(kChunkBytes);
    off_t at = 0;
    for (;;) {
        const ssize_t got = ::pread(descriptor, buffer.data(), buffer.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::errnoStatus(errno, "reading " + path);
        if (got == 0) return hash.finishHex();
        hash.update({buffer.data(), static_cast<std::size_t>(got)});
        at += got;
    }
}

using Stamp = platform::FileStamp;

std::optional<Stamp> stampOf(int descriptor) {
    struct stat info {};
    if (::fstat(descriptor, &info) != 0) return std::nullopt;
    return platform::stampOf(info);
}

/// How a file looked when it was read, and whether it was as signed.
class StampedVerdict {
public:
    /// nullopt: it looks otherwise now.
    std::optional<absl::Status> of(const Stamp& stamp) const {
        const absl::MutexLock lock(&m_mutex);
        if (m_stamp != stamp) return std::nullopt;
        return m_verdict;
    }
    /// Not of a file that changed just now: a second write in the same tick of the file system's
    /// clock would not show in the stamp. One from a time to come, after our clock was set back, is
    /// as good as one of the past.
    void remember(const Stamp& stamp, base::WallTime now, const absl::Status& verdict) {
        const absl::MutexLock lock(&m_mutex);
        if (!isSettled(stamp.changed, now) || !isSettled(stamp.modified, now)) return;
        m_stamp = stamp;
        m_verdict = verdict;
    }

private:
    static bool isSettled(std::int64_t time, base::WallTime now) {
        const std::int64_t away = base::toUnixMillis(now) - time / 1'000'000;
        return away > kSettled.count() || away < -kSettled.count();
    }

    mutable absl::Mutex m_mutex;
    std::optional<Stamp> m_stamp ABSL_GUARDED_BY(m_mutex);
    absl::Status m_verdict ABSL_GUARDED_BY(m_mutex);
};

absl::Status checkDigest(int descriptor, const std::string& path, const std::string& expected) {
    IFRIT_ASSIGN_OR_RETURN(const std::string found, digestOf(descriptor, path));
    if (found == expected) return absl::OkStatus();
    return base::failedPrecondition(platform::kProgramChanged, path,
                                    "{} is not the signed program and is not run; it is put "
                                    "back by the integrity check",
                                    path);
}

}  // namespace

platform::LaunchSpec::ProgramCheck programCheck(const std::string& path,
                                                const std::string& sha256) {
    if (sha256.empty()) return nullptr;
    return [path, sha256](int descriptor) { return checkDigest(descriptor, path, sha256); };
}

platform::LaunchSpec::ProgramCheck rememberingProgramCheck(const std::string& path,
                                                           const std::string& sha256,
                                                           const base::Clock& clock) {
    if (sha256.empty()) return nullptr;
    const auto known = std::make_shared<StampedVerdict>();
    return [path, sha256, known, &clock](int descriptor) -> absl::Status {
        // Taken before the content is read: a change meanwhile shows the next time.
        const std::optional<Stamp> stamp = stampOf(descriptor);
        if (stamp) {
            if (const auto verdict = known->of(*stamp)) return *verdict;
        }
        absl::Status verdict = checkDigest(descriptor, path, sha256);
        // What could not be read has no verdict.
        const bool isJudged = verdict.ok() || isRefusedProgram(verdict);
        if (stamp && isJudged) known->remember(*stamp, clock.now(), verdict);
        return verdict;
    };
}

bool isRefusedProgram(const absl::Status& status) {
    const std::string reason = base::errorInfo(status).reason;
    return reason == platform::kProgramChanged || reason == platform::kProgramSwapped;
}

}  // namespace ifrit::agent::supervise
