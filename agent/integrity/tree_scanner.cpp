// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/tree_scanner.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "agent/platform/posix/unique_fd.h"
#include "shared/crypto/sha256.h"

namespace ifrit::agent::integrity {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;
/// What looking at one name costs of the byte budget, so that many small files are paced too.
constexpr std::size_t kNameCost = 1024;

struct CloseDirectory {
    void operator()(DIR* directory) const { ::closedir(directory); }
};
using DirectoryPtr = std::unique_ptr<DIR, CloseDirectory>;

/// Errors of this process or machine, as opposed to those of one file.
bool isOurs(int error) {
    return error == EMFILE || error == ENFILE || error == ENOMEM;
}

ObservedFile describe(const struct stat& info) {
    ObservedFile file;
    file.userId = info.st_uid;
    file.groupId = info.st_gid;
    if (S_ISLNK(info.st_mode)) {
        file.kind = FileKind::Symlink;
        return file;
    }
    file.mode = info.st_mode & 07777U;
    file.kind = S_ISREG(info.st_mode)   ? FileKind::Regular
                : S_ISDIR(info.st_mode) ? FileKind::Directory
                                        : FileKind::Other;
    if (file.kind == FileKind::Regular) file.sizeBytes = static_cast<std::uint64_t>(info.st_size);
    return file;
}

/// One walk over one version.
class Walk {
public:
    Walk(const domain::Manifest& manifest, Depth depth, VerifiedStamps& stamps, const Pace& pace,
         base::WallTime now)
        : m_depth(depth), m_stamps(stamps), m_pace(pace), m_now(now) {
        for (const domain::FileEntry& file : manifest.files)
            m_listed[file.path] = &file;
    }

    absl::StatusOr<ObservedTree> run(const std::string& root) {
        struct stat info {};
        if (::lstat(root.c_str(), &info) != 0) {
            if (errno == ENOENT) return ObservedTree();
            return base::errnoStatus(errno, root);
        }
        m_device = info.st_dev;
        IFRIT_RETURN_IF_ERROR(visit(AT_FDCWD, root, ".", info, 0));
        return std::move(m_tree);
    }

    std::uint64_t bytesRead() const { return m_bytesRead; }

private:
    absl::Status visit(int directory, const std::string& name, const std::string& path,
                       const struct stat& info, int depth) {
        const auto listed = m_listed.find(path);
        const bool isKnown = listed != m_listed.end() || S_ISDIR(info.st_mode);
        if (!isKnown && ++m_unlisted > TreeScanner::kMaxUnlisted) return absl::OkStatus();
        ObservedFile& file = m_tree[path] = describe(info);
        if (file.kind == FileKind::Directory) return enter(directory, name, path, depth);
        if (file.kind == FileKind::Symlink) file.linkTarget = targetOf(directory, name);
        if (file.kind == FileKind::Regular && listed != m_listed.end() &&
            listed->second->sizeBytes == file.sizeBytes) {
            return digest(directory, name, *listed->second, file);
        }
        return absl::OkStatus();
    }

    absl::Status enter(int parent, const std::string& name, const std::string& path, int depth) {
        ObservedFile& file = m_tree[path];
        if (depth > TreeScanner::kMaxDepth) {
            file.unreadable = "too deep";
            return absl::OkStatus();
        }
        const int descriptor =
            ::openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (descriptor < 0) return unreadable(errno, path, file);
        const DirectoryPtr directory(::fdopendir(descriptor));
        if (!directory) {
            ::close(descriptor);
            return base::errnoStatus(ENOMEM, path);
        }
        struct stat info {};
        if (::fstat(descriptor, &info) != 0) return unreadable(errno, path, file);
        if (info.st_dev != m_device) {
            file.unreadable = "another file system is mounted here";
            return absl::OkStatus();
        }
        return visitEntries(directory.get(), path, depth);
    }

    absl::Status visitEntries(DIR* directory, const std::string& path, int depth) {
        for (;;) {
            errno = 0;
            const dirent* entry = ::readdir(directory);
            if (entry == nullptr) {
                return errno == 0 ? absl::OkStatus() : unreadable(errno, path, m_tree[path]);
            }
            const std::string name = entry->d_name;
            if (name == "." || name == "..") continue;
            if (!m_pace(kNameCost)) return absl::CancelledError("the scan was ended");
            struct stat info {};
            const int descriptor = ::dirfd(directory);
            // Gone since its name was read: as if it had gone before.
            if (::fstatat(descriptor, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
            const std::string below = path == "." ? name : path + '/' + name;
            IFRIT_RETURN_IF_ERROR(visit(descriptor, name, below, info, depth + 1));
        }
    }

    static absl::Status unreadable(int error, const std::string& path, ObservedFile& file) {
        if (isOurs(error)) return base::errnoStatus(error, path);
        file.unreadable = std::strerror(error);
        return absl::OkStatus();
    }

    static std::string targetOf(int directory, const std::string& name) {
        std::array<char, 4096> target{};
        const ssize_t size = ::readlinkat(directory, name.c_str(), target.data(), target.size());
        return size < 0 ? std::string() : std::string(target.data(), static_cast<size_t>(size));
    }

    absl::Status digest(int directory, const std::string& name, const domain::FileEntry& listed,
                        ObservedFile& file) {
        // Not blocking: what was a file a moment ago may be a fifo now.
        const platform::UniqueFd open(
            ::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
        struct stat before {};
        if (open.get() < 0 || ::fstat(open.get(), &before) != 0) {
            return unreadable(errno, listed.path, file);
        }
        // The opened file is the one that is described: its name may mean another by now.
        file = describe(before);
        if (file.kind != FileKind::Regular || file.sizeBytes != listed.sizeBytes) {
            return absl::OkStatus();
        }
        const FileStamp stamp = platform::stampOf(before);
        if (m_depth == Depth::Changed && m_stamps.holds(listed.path, stamp)) {
            file.sha256 = listed.sha256;
            return absl::OkStatus();
        }
        IFRIT_RETURN_IF_ERROR(read(open.get(), listed, file));
        struct stat after {};
        const bool same = ::fstat(open.get(), &after) == 0 && platform::stampOf(after) == stamp;
        if (same && file.sha256 == listed.sha256) {
            m_stamps.remember(listed.path, stamp, m_now);
        } else {
            m_stamps.forget(listed.path);
        }
        return absl::OkStatus();
    }

    absl::Status read(int descriptor, const domain::FileEntry& listed, ObservedFile& file) {
        crypto::Sha256 hash;
        std::uint64_t done = 0;
        m_buffer.resize(kChunkBytes);
        // One byte more than listed is asked for: it may have grown since.
        while (done <= listed.sizeBytes) {
            const auto want = static_cast<std::size_t>(
                std::min<std::uint64_t>(m_buffer.size(), listed.sizeBytes - done + 1));
            if (!m_pace(want)) return absl::CancelledError("the scan was ended");
            const ssize_t got = ::read(descriptor, m_buffer.data(), want);
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return unreadable(errno, listed.path, file);
            if (got == 0) break;
            const auto size = static_cast<std::size_t>(got);
            hash.update({m_buffer.data(), size});
            // What a program has mapped stays; only what nobody holds goes.
            ::posix_fadvise(descriptor, static_cast<off_t>(done), got, POSIX_FADV_DONTNEED);
            done += size;
            m_bytesRead += size;
        }
        file.sha256 = hash.finishHex();
        return absl::OkStatus();
    }

    const Depth m_depth;
    VerifiedStamps& m_stamps;
    const Pace& m_pace;
    const base::WallTime m_now;
    std::map<std::string, const domain::FileEntry*> m_listed;
    ObservedTree m_tree;
    std::vector<char> m_buffer;
    dev_t m_device = 0;
    std::size_t m_unlisted = 0;
    std::uint64_t m_bytesRead = 0;
};

}  // namespace

TreeScanner::TreeScanner(const base::Clock& clock, Pace pace)
    : m_clock(clock), m_pace(std::move(pace)) {}

absl::StatusOr<ObservedTree> TreeScanner::scan(const std::string& root,
                                               const domain::Manifest& manifest, Depth depth,
                                               VerifiedStamps& stamps) {
    Walk walk(manifest, depth, stamps, m_pace, m_clock.now());
    absl::StatusOr<ObservedTree> tree = walk.run(root);
    m_bytesRead += walk.bytesRead();
    return tree;
}

}  // namespace ifrit::agent::integrity
