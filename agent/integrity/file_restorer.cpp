// SPDX-License-Identifier: Apache-2.0
#include "agent/integrity/file_restorer.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "agent/platform/posix/unique_fd.h"
#include "agent/reconcile/reasons.h"
#include "shared/package/unpack.h"

namespace ifrit::agent::integrity {
namespace {

using platform::UniqueFd;

constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

absl::Status blocked(const std::string& path, const std::string& why) {
    return base::failedPrecondition(reconcile::kRepairBlocked, path,
                                    "{} is in the way and cannot be removed: {}; remove it by hand",
                                    path, why);
}

std::pair<std::string, std::string> split(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    if (slash == std::string::npos) return {"", path};
    return {path.substr(0, slash), path.substr(slash + 1)};
}

absl::Status unlinkFile(int directory, const std::string& name, const std::string& path) {
    if (::unlinkat(directory, name.c_str(), 0) == 0 || errno == ENOENT) return absl::OkStatus();
    const int error = errno;
    return error == EISDIR || error == EPERM ? blocked(path, std::strerror(error))
                                             : base::errnoStatus(error, path);
}

/// Removes a directory that holds nothing but such directories.
absl::Status removeEmpty(int parent, const std::string& name, const std::string& path) {
    const int descriptor = ::openat(parent, name.c_str(), kOpenDirectory);
    if (descriptor < 0) return blocked(path, std::strerror(errno));
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::fdopendir(descriptor), ::closedir);
    if (!directory) return base::errnoStatus(errno, path);
    while (const dirent* entry = ::readdir(directory.get())) {
        const std::string below = entry->d_name;
        if (below == "." || below == "..") continue;
        IFRIT_RETURN_IF_ERROR(removeEmpty(descriptor, below, path + '/' + below));
    }
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0) return absl::OkStatus();
    return blocked(path, std::strerror(errno));
}

/// Takes away what stands where a file or directory belongs.
absl::Status clearName(int directory, const std::string& name, const std::string& path) {
    struct stat info {};
    if (::fstatat(directory, name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? absl::OkStatus() : base::errnoStatus(errno, path);
    }
    return S_ISDIR(info.st_mode) ? removeEmpty(directory, name, path)
                                 : unlinkFile(directory, name, path);
}

/// There is no directory of that name: nothing, a file, or a link.
bool isNoDirectory(int error) {
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

/// The version's directory, opened once; every path is walked from there, name by name.
class OpenVersion {
public:
    static absl::StatusOr<OpenVersion> open(const std::string& root) {
        UniqueFd descriptor(::open(root.c_str(), kOpenDirectory));
        if (!descriptor.valid()) {
            if (!isNoDirectory(errno)) return base::errnoStatus(errno, root);
            IFRIT_RETURN_IF_ERROR(clearName(AT_FDCWD, root, root));
            IFRIT_ASSIGN_OR_RETURN(descriptor, make(AT_FDCWD, root, root));
        }
        return OpenVersion(std::move(descriptor));
    }

    enum class Absent { Make, Fail };
    /// The directory of this path; what is not one is replaced when it is to be made.
    absl::StatusOr<UniqueFd> directory(const std::string& path, Absent absent) const {
        UniqueFd at(::fcntl(m_root.get(), F_DUPFD_CLOEXEC, 0));
        if (!at.valid()) return base::errnoStatus(errno, path);
        if (path == ".") return at;
        for (const std::filesystem::path& part : std::filesystem::path(path)) {
            UniqueFd next(::openat(at.get(), part.c_str(), kOpenDirectory));
            if (!next.valid()) {
                const bool replace = absent == Absent::Make && isNoDirectory(errno);
                if (!replace) return base::errnoStatus(errno, path);
                IFRIT_RETURN_IF_ERROR(clearName(at.get(), part.string(), path));
                IFRIT_ASSIGN_OR_RETURN(next, make(at.get(), part.string(), path));
            }
            at = std::move(next);
        }
        return at;
    }

    absl::Status flush(const std::set<std::string>& directories) const {
        for (const std::string& path : directories) {
            IFRIT_ASSIGN_OR_RETURN(const UniqueFd open,
                                   directory(path.empty() ? "." : path, Absent::Fail));
            if (::fsync(open.get()) != 0) return base::errnoStatus(errno, path);
        }
        return absl::OkStatus();
    }

private:
    explicit OpenVersion(UniqueFd root) : m_root(std::move(root)) {}

    static absl::StatusOr<UniqueFd> make(int parent, const std::string& name,
                                         const std::string& path) {
        if (::mkdirat(parent, name.c_str(), kDirectoryMode) != 0) {
            return base::errnoStatus(errno, "make " + path);
        }
        UniqueFd made(::openat(parent, name.c_str(), kOpenDirectory));
        // Whatever the umask: the agent may run as another user than ifrit-agent.
        if (!made.valid() || ::fchmod(made.get(), kDirectoryMode) != 0) {
            return base::errnoStatus(errno, path);
        }
        if (::fsync(parent == AT_FDCWD ? made.get() : parent) != 0) {
            return base::errnoStatus(errno, path);
        }
        return made;
    }

    UniqueFd m_root;
};

class Restorer {
public:
    Restorer(const RestoreOrder& order, OpenVersion version)
        : m_order(order), m_version(std::move(version)) {
        for (const domain::FileEntry& file : order.manifest.files) {
            m_files.insert(file.path);
            for (std::string at = split(file.path).first; !at.empty(); at = split(at).first)
                m_directories.insert(at);
        }
    }

    absl::Status run() {
        // From the deepest: a directory can go when nothing is in it any more.
        for (auto drift = m_order.drifts.rbegin(); drift != m_order.drifts.rend(); ++drift)
            if (drift->kind == DriftKind::Added) note(removeAdded(drift->path));
        for (const Drift& drift : m_order.drifts) {
            if (drift.kind == DriftKind::Added) continue;
            note(m_files.count(drift.path) > 0 ? placeFile(drift.path)
                                               : restoreDirectory(drift.path));
        }
        note(m_version.flush(m_touched));
        return m_first;
    }

private:
    /// One file that cannot be mended keeps no other from it.
    void note(absl::Status status) {
        if (m_first.ok()) m_first = std::move(status);
    }

    absl::Status removeAdded(const std::string& path) {
        const auto [parent, name] = split(path);
        const auto directory =
            m_version.directory(parent.empty() ? "." : parent, OpenVersion::Absent::Fail);
        if (absl::IsNotFound(directory.status())) return absl::OkStatus();
        if (!directory.ok()) return directory.status();
        IFRIT_RETURN_IF_ERROR(unlinkFile(directory->get(), name, path));
        m_touched.insert(parent);
        removeEmptyParents(parent);
        return absl::OkStatus();
    }

    /// Directories that the manifest does not imply go with the last of what was added to them.
    void removeEmptyParents(std::string path) {
        while (!path.empty() && m_directories.count(path) == 0) {
            const auto [parent, name] = split(path);
            const auto directory =
                m_version.directory(parent.empty() ? "." : parent, OpenVersion::Absent::Fail);
            if (!directory.ok()) return;
            if (::unlinkat(directory->get(), name.c_str(), AT_REMOVEDIR) != 0) return;
            m_touched.erase(path);
            m_touched.insert(parent);
            path = parent;
        }
    }

    absl::Status placeFile(const std::string& path) {
        const auto [parent, name] = split(path);
        IFRIT_ASSIGN_OR_RETURN(
            const UniqueFd directory,
            m_version.directory(parent.empty() ? "." : parent, OpenVersion::Absent::Make));
        struct stat info {};
        if (::fstatat(directory.get(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 &&
            S_ISDIR(info.st_mode)) {
            IFRIT_RETURN_IF_ERROR(removeEmpty(directory.get(), name, path));
        }
        const std::string fresh = m_order.staging + '/' + path;
        if (::renameat(AT_FDCWD, fresh.c_str(), directory.get(), name.c_str()) != 0) {
            return base::errnoStatus(errno, "replace " + path);
        }
        m_touched.insert(parent);
        return absl::OkStatus();
    }

    absl::Status restoreDirectory(const std::string& path) {
        IFRIT_ASSIGN_OR_RETURN(const UniqueFd directory,
                               m_version.directory(path, OpenVersion::Absent::Make));
        if (::fchown(directory.get(), ::geteuid(), ::getegid()) != 0 ||
            ::fchmod(directory.get(), kDirectoryMode) != 0) {
            return base::errnoStatus(errno, "restore " + path);
        }
        m_touched.insert(path == "." ? "" : path);
        return absl::OkStatus();
    }

    const RestoreOrder& m_order;
    const OpenVersion m_version;
    std::set<std::string> m_files;
    std::set<std::string> m_directories;
    std::set<std::string> m_touched;  ///< directories to flush, "" is the version's own
    absl::Status m_first;
};

std::set<std::string> filesToUnpack(const RestoreOrder& order) {
    std::set<std::string> drifted;
    for (const Drift& drift : order.drifts)
        if (drift.kind != DriftKind::Added) drifted.insert(drift.path);
    std::set<std::string> files;
    for (const domain::FileEntry& file : order.manifest.files)
        if (drifted.count(file.path) > 0) files.insert(file.path);
    return files;
}

absl::Status removeStaging(const std::string& path) {
    std::error_code error;
    std::filesystem::remove_all(path, error);
    return error ? base::errnoStatus(error.value(), "remove " + path) : absl::OkStatus();
}

}  // namespace

bool needsArchive(const RestoreOrder& order) {
    return !filesToUnpack(order).empty();
}

absl::Status restoreFiles(const RestoreOrder& order) {
    const std::set<std::string> files = filesToUnpack(order);
    IFRIT_RETURN_IF_ERROR(removeStaging(order.staging));
    if (!files.empty()) {
        IFRIT_RETURN_IF_ERROR(
            ::ifrit::package::unpackFiles(order.archive, order.manifest, files, order.staging));
    }
    absl::StatusOr<OpenVersion> version = OpenVersion::open(order.root);
    if (!version.ok()) return version.status();
    const absl::Status restored = Restorer(order, *std::move(version)).run();
    const absl::Status removed = removeStaging(order.staging);
    return restored.ok() ? removed : restored;
}

}  // namespace ifrit::agent::integrity
