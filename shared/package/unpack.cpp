// SPDX-License-Identifier: Apache-2.0
#include "shared/package/unpack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "shared/base/status.h"
#include "shared/package/archive_reader.h"
#include "shared/package/open_file.h"

namespace ifrit::package {
namespace {

constexpr mode_t kFolderMode = 0755;

/// Writes files below one open directory and never follows a link on the way.
class DiskSink final : public EntrySink {
public:
    explicit DiskSink(OpenFile root) : m_root(std::move(root)) {}

    absl::Status begin(const domain::FileEntry& file) override {
        auto folder = openFolder(std::filesystem::path(file.path).parent_path());
        if (!folder.ok()) return folder.status();
        const std::string name = std::filesystem::path(file.path).filename();
        if (file.kind == domain::FileEntry::Kind::Symlink) {
            if (::symlinkat(file.linkTarget.c_str(), folder->get(), name.c_str()) != 0) {
                return base::errnoStatus(errno, "link " + file.path);
            }
            return absl::OkStatus();
        }
        m_path = file.path;
        m_file = OpenFile(::openat(folder->get(), name.c_str(),
                                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
        return m_file.get() >= 0 ? absl::OkStatus()
                                 : base::errnoStatus(errno, "create " + file.path);
    }

    absl::Status data(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = ::write(m_file.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) return base::errnoStatus(errno, "write " + m_path);
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return absl::OkStatus();
    }

    absl::Status end(const domain::FileEntry& file) override {
        if (file.kind == domain::FileEntry::Kind::Symlink) return absl::OkStatus();
        if (::fchmod(m_file.get(), file.mode) != 0 || ::fsync(m_file.get()) != 0) {
            return base::errnoStatus(errno, "finish " + file.path);
        }
        m_file = OpenFile();
        return absl::OkStatus();
    }

    /// Makes the names durable, deepest folders first.
    absl::Status syncFolders() {
        for (auto folder = m_folders.rbegin(); folder != m_folders.rend(); ++folder) {
            auto open = openFolder(*folder);
            if (!open.ok()) return open.status();
            if (::fsync(open->get()) != 0) return base::errnoStatus(errno, "fsync folder");
        }
        return absl::OkStatus();
    }

private:
    absl::StatusOr<OpenFile> openFolder(const std::filesystem::path& relative) {
        // With every folder above it: each holds the name of the next.
        for (auto folder = relative; m_folders.insert(folder.string()).second;)
            folder = folder.parent_path();
        OpenFile folder(::fcntl(m_root.get(), F_DUPFD_CLOEXEC, 0));
        for (const std::filesystem::path& part : relative) {
            const bool made = ::mkdirat(folder.get(), part.c_str(), kFolderMode) == 0;
            if (!made && errno != EEXIST) return base::errnoStatus(errno, "mkdir " + part.string());
            OpenFile next(::openat(folder.get(), part.c_str(),
                                   O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
            if (next.get() < 0) return base::errnoStatus(errno, "open " + part.string());
            // Whatever the umask: the agent may run as another user than ifrit-agent.
            if (made && ::fchmod(next.get(), kFolderMode) != 0) {
                return base::errnoStatus(errno, "chmod " + part.string());
            }
            folder = std::move(next);
        }
        if (folder.get() < 0) return base::errnoStatus(errno, "open folder");
        return folder;
    }

    OpenFile m_root;
    OpenFile m_file;
    std::string m_path;
    std::set<std::string> m_folders;
};

/// Hands on the files of some paths and drops the others, which the walk has checked by then.
class ChosenFiles final : public EntrySink {
public:
    ChosenFiles(EntrySink& sink, const std::set<std::string>& paths)
        : m_sink(sink), m_paths(paths) {}

    absl::Status begin(const domain::FileEntry& file) override {
        m_chosen = m_paths.count(file.path) > 0;
        return m_chosen ? m_sink.begin(file) : absl::OkStatus();
    }
    absl::Status data(std::string_view bytes) override {
        return m_chosen ? m_sink.data(bytes) : absl::OkStatus();
    }
    absl::Status end(const domain::FileEntry& file) override {
        return m_chosen ? m_sink.end(file) : absl::OkStatus();
    }

private:
    EntrySink& m_sink;
    const std::set<std::string>& m_paths;
    bool m_chosen = false;
};

/// nullptr: all of them.
absl::Status unpackInto(const std::filesystem::path& archive, const domain::Manifest& manifest,
                        const std::set<std::string>* paths,
                        const std::filesystem::path& destination) {
    const OpenFile file(::open(archive.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
        return base::errnoStatus(errno, "open " + archive.string());
    }
    OpenFile root(::open(destination.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (root.get() < 0 || ::fchmod(root.get(), kFolderMode) != 0) {
        return base::errnoStatus(errno, "open " + destination.string());
    }
    const FileRange range{file.get(), 0, static_cast<std::uint64_t>(info.st_size),
                          archive.filename().string()};
    DiskSink sink(std::move(root));
    if (paths == nullptr) {
        IFRIT_RETURN_IF_ERROR(walkPayload(range, manifest, sink));
    } else {
        ChosenFiles chosen(sink, *paths);
        IFRIT_RETURN_IF_ERROR(walkPayload(range, manifest, chosen));
    }
    return sink.syncFolders();
}

absl::Status unpackFresh(const std::filesystem::path& archive, const domain::Manifest& manifest,
                         const std::set<std::string>* paths,
                         const std::filesystem::path& destination) {
    if (::mkdir(destination.c_str(), kFolderMode) != 0) {
        return base::errnoStatus(errno, "make " + destination.string());
    }
    const absl::Status status = unpackInto(archive, manifest, paths, destination);
    if (!status.ok()) {
        std::error_code ignored;
        std::filesystem::remove_all(destination, ignored);
    }
    return status;
}

}  // namespace

absl::Status unpackArchive(const std::filesystem::path& archive, const domain::Manifest& manifest,
                           const std::filesystem::path& destination) {
    return unpackFresh(archive, manifest, nullptr, destination);
}

absl::Status unpackFiles(const std::filesystem::path& archive, const domain::Manifest& manifest,
                         const std::set<std::string>& paths,
                         const std::filesystem::path& destination) {
    return unpackFresh(archive, manifest, &paths, destination);
}

}  // namespace ifrit::package
