// SPDX-License-Identifier: Apache-2.0
#include "master/services/archive_store.h"

#include <absl/base/thread_annotations.h>
#include <absl/cleanup/cleanup.h>
#include <absl/synchronization/mutex.h>
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "shared/base/file_descriptor.h"
#include "shared/base/status.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"
#include "shared/package/package_file.h"

namespace ifrit::master::services {
namespace fs = std::filesystem;
namespace {

/// A rename is durable only when the folder is synced too.
absl::Status syncFolder(const fs::path& folder) {
    const base::FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0)
        return base::errnoStatus(errno, "syncing " + folder.string());
    return absl::OkStatus();
}

absl::Status uploadOffset(const std::string& digest, std::uint64_t held, std::uint64_t offset) {
    return base::failedPrecondition(
        "UPLOAD_OFFSET", digest,
        "the master holds {} bytes of it, not {}; ask again and go on from there", held, offset);
}

absl::Status uploadBusy(const std::string& digest) {
    return base::makeError(absl::StatusCode::kAborted, "UPLOAD_BUSY", digest,
                           "another upload of this archive is running; try again later");
}

std::uint64_t sizeOf(const fs::path& path) {
    std::error_code error;
    const auto size = fs::file_size(path, error);
    return error ? 0 : size;
}

}  // namespace

/// Who does what with which archive. Outlives the store where an upload or hold does.
struct ArchiveStore::Busy {
    bool beginUpload(const std::string& digest) {
        const absl::MutexLock lock(&mutex);
        return changed.insert(digest).second;
    }
    bool beginRemoval(const std::string& digest) {
        const absl::MutexLock lock(&mutex);
        return held.count(digest) == 0 && changed.insert(digest).second;
    }
    void endChange(const std::string& digest) {
        const absl::MutexLock lock(&mutex);
        changed.erase(digest);
    }
    bool beginHold(const std::string& digest) {
        const absl::MutexLock lock(&mutex);
        if (changed.count(digest) != 0) return false;
        held.insert(digest);
        return true;
    }
    void endHold(const std::string& digest) {
        const absl::MutexLock lock(&mutex);
        held.erase(held.find(digest));
    }

    absl::Mutex mutex;
    std::set<std::string> changed ABSL_GUARDED_BY(mutex);  ///< uploaded, or being removed
    std::multiset<std::string> held ABSL_GUARDED_BY(mutex);
};

class ArchiveStore::Hold final : public ArchiveHold {
public:
    Hold(std::string digest, std::shared_ptr<Busy> busy)
        : m_digest(std::move(digest)), m_busy(std::move(busy)) {}
    ~Hold() override { m_busy->endHold(m_digest); }

private:
    const std::string m_digest;
    const std::shared_ptr<Busy> m_busy;
};

class ArchiveStore::Upload final : public ArchiveUpload {
public:
    Upload(fs::path target, std::string digest, std::uint64_t sizeBytes, std::uint64_t offset,
           int fd, std::shared_ptr<Busy> busy)
        : m_target(std::move(target)),
          m_digest(std::move(digest)),
          m_size(sizeBytes),
          m_written(offset),
          m_fd(fd),
          m_busy(std::move(busy)) {}
    ~Upload() override { m_busy->endChange(m_digest); }

    absl::Status write(const std::string& bytes) override {
        if (m_written + bytes.size() > m_size) {
            return base::invalidArgument("PACKAGE_TOO_LARGE", m_digest,
                                         "more than the {} bytes that the manifest declares",
                                         m_size);
        }
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t n = ::write(m_fd.get(), bytes.data() + done, bytes.size() - done);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return base::errnoStatus(errno, "writing " + partPath().string());
            done += static_cast<std::size_t>(n);
        }
        m_written += bytes.size();
        return absl::OkStatus();
    }

    absl::Status finish(const domain::Manifest* manifest) override {
        if (m_written != m_size) {
            return base::invalidArgument(
                "PACKAGE_INCOMPLETE", m_digest,
                "{} of {} bytes were sent; ask how much is held and go on from there", m_written,
                m_size);
        }
        if (::fsync(m_fd.get()) != 0)
            return base::errnoStatus(errno, "syncing " + partPath().string());
        // From the file and not from the stream: a resumed upload began in another call.
        IFRIT_ASSIGN_OR_RETURN(const std::string actual, crypto::sha256File(partPath()));
        if (actual != m_digest) {
            ::unlink(partPath().c_str());
            return base::invalidArgument(
                "PACKAGE_DIGEST", m_digest,
                "the archive's SHA-256 is {}, the manifest says {}; nothing was kept, send it anew",
                actual, m_digest);
        }
        if (manifest != nullptr) {
            const absl::Status fits = package::checkPayload(partPath(), *manifest);
            if (absl::IsInvalidArgument(fits)) ::unlink(partPath().c_str());
            IFRIT_RETURN_IF_ERROR(fits);
        }
        if (::rename(partPath().c_str(), m_target.c_str()) != 0)
            return base::errnoStatus(errno, "renaming " + partPath().string());
        return syncFolder(m_target.parent_path());
    }

private:
    fs::path partPath() const { return m_target.string() + ".part"; }

    const fs::path m_target;
    const std::string m_digest;
    const std::uint64_t m_size;
    std::uint64_t m_written;
    base::FileDescriptor m_fd;
    const std::shared_ptr<Busy> m_busy;
};

ArchiveStore::ArchiveStore(fs::path directory)
    : m_directory(std::move(directory)), m_busy(std::make_shared<Busy>()) {}
ArchiveStore::~ArchiveStore() = default;

fs::path ArchiveStore::pathOf(const std::string& digest) const {
    return m_directory / "sha256" / digest.substr(0, 2) / digest;
}

absl::StatusOr<ArchiveStore::Progress> ArchiveStore::progress(const std::string& digest) const {
    IFRIT_RETURN_IF_ERROR(domain::checkSha256(digest));
    const fs::path path = pathOf(digest);
    std::error_code error;
    if (fs::exists(path, error)) return Progress{sizeOf(path), true};
    return Progress{sizeOf(path.string() + ".part"), false};
}

absl::StatusOr<std::unique_ptr<ArchiveUpload>> ArchiveStore::begin(const std::string& digest,
                                                                   std::uint64_t sizeBytes,
                                                                   std::uint64_t offset) {
    IFRIT_ASSIGN_OR_RETURN(const Progress held, progress(digest));
    if (offset != held.committedBytes) return uploadOffset(digest, held.committedBytes, offset);
    const fs::path path = pathOf(digest);
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return base::errnoStatus(error.value(), "making " + path.parent_path().string());
    const auto space = fs::space(path.parent_path(), error);
    if (!error && space.available < sizeBytes - std::min(sizeBytes, offset)) {
        return base::makeError(absl::StatusCode::kResourceExhausted, "DISK_FULL", digest,
                               fmt::format("the archive needs {} bytes, the master's disk has {}",
                                           sizeBytes - offset, space.available));
    }
    if (!m_busy->beginUpload(digest)) return uploadBusy(digest);
    // Now that nobody else takes it: an old part may just have been swept away.
    if (const auto now = progress(digest); !now.ok() || now->committedBytes != offset) {
        m_busy->endChange(digest);
        return uploadOffset(digest, now.ok() ? now->committedBytes : 0, offset);
    }
    const std::string part = path.string() + ".part";
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0) {
        const int failure = errno;
        m_busy->endChange(digest);
        return base::errnoStatus(failure, "opening " + part);
    }
    return std::unique_ptr<ArchiveUpload>(
        std::make_unique<Upload>(path, digest, sizeBytes, offset, fd, m_busy));
}

absl::StatusOr<std::string> ArchiveStore::read(const std::string& digest, std::uint64_t offset,
                                               std::size_t limit) const {
    const fs::path path = pathOf(digest);
    const base::FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd.get() < 0) {
        return base::notFound("ARCHIVE_MISSING", digest,
                              "the master does not hold the archive {}; publish the package again",
                              digest);
    }
    std::string out(limit, '\0');
    ssize_t n = 0;
    do {
        n = ::pread(fd.get(), out.data(), limit, static_cast<off_t>(offset));
    } while (n < 0 && errno == EINTR);
    if (n < 0) return base::errnoStatus(errno, "reading " + path.string());
    out.resize(static_cast<std::size_t>(n));
    return out;
}

absl::Status ArchiveStore::check(const std::string& digest,
                                 const domain::Manifest& manifest) const {
    return package::checkPayload(pathOf(digest), manifest);
}

absl::StatusOr<std::unique_ptr<ArchiveHold>> ArchiveStore::hold(const std::string& digest) {
    if (!m_busy->beginHold(digest)) return uploadBusy(digest);
    return std::unique_ptr<ArchiveHold>(std::make_unique<Hold>(digest, m_busy));
}

absl::Status ArchiveStore::eraseUnless(const std::string& digest,
                                       const std::function<absl::StatusOr<bool>()>& isNeeded) {
    if (!m_busy->beginRemoval(digest)) return absl::OkStatus();
    const absl::Cleanup ended = [&] { m_busy->endChange(digest); };
    IFRIT_ASSIGN_OR_RETURN(const bool needed, isNeeded());
    if (needed) return absl::OkStatus();
    const fs::path path = pathOf(digest);
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return base::errnoStatus(errno, "removing " + path.string());
    return absl::OkStatus();
}

std::vector<fs::path> ArchiveStore::files() const {
    std::vector<fs::path> out;
    std::error_code error;
    fs::recursive_directory_iterator next(m_directory / "sha256", error);
    // A folder that cannot be read is as good as empty: nothing of it is removed.
    for (; !error && next != fs::recursive_directory_iterator(); next.increment(error)) {
        std::error_code gone;
        if (next->is_regular_file(gone)) out.push_back(next->path());
    }
    return out;
}

std::vector<std::string> ArchiveStore::complete() const {
    std::vector<std::string> out;
    for (const fs::path& file : files()) {
        std::string name = file.filename().string();
        if (domain::checkSha256(name).ok()) out.push_back(std::move(name));
    }
    return out;
}

void ArchiveStore::eraseParts(std::chrono::seconds olderThan) {
    for (const fs::path& file : files()) {
        if (file.extension() != ".part") continue;
        const std::string digest = file.stem().string();
        if (!m_busy->beginRemoval(digest)) continue;
        const absl::Cleanup ended = [&] { m_busy->endChange(digest); };
        // Looked at only now: it may just have been gone on with, and be whole.
        std::error_code error;
        const auto written = fs::last_write_time(file, error);
        if (!error && fs::file_time_type::clock::now() - written >= olderThan)
            fs::remove(file, error);
    }
}

}  // namespace ifrit::master::services
