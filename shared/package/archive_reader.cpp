// SPDX-License-Identifier: Apache-2.0
#include "shared/package/archive_reader.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <memory>
#include <vector>

#include "shared/base/status.h"
#include "shared/crypto/sha256.h"

namespace ifrit::package {
namespace {

struct CloseArchive {
    void operator()(archive* handle) const { archive_read_free(handle); }
};
using ReadPtr = std::unique_ptr<archive, CloseArchive>;

absl::Status badArchive(const std::string& message) {
    return base::invalidArgument("PACKAGE_ARCHIVE", "", "{}", message);
}

/// Feeds libarchive from a range of a file and hashes what it feeds.
class Source {
public:
    explicit Source(const FileRange& range) : m_range(range), m_buffer(128 * 1024) {}

    la_ssize_t read(archive* handle, const void** out) {
        const std::uint64_t left = m_range.size - m_done;
        const auto want = static_cast<std::size_t>(std::min<std::uint64_t>(left, m_buffer.size()));
        ssize_t got = 0;
        do {
            got = ::pread(m_range.fd, m_buffer.data(), want,
                          static_cast<off_t>(m_range.offset + m_done));
        } while (got < 0 && errno == EINTR);
        if (got < 0) {
            m_error = errno;
            // Behind the end of the tar there is no reader to tell.
            if (handle != nullptr) archive_set_error(handle, m_error, "read failed");
            return -1;
        }
        m_hash.update({m_buffer.data(), static_cast<std::size_t>(got)});
        m_done += static_cast<std::uint64_t>(got);
        *out = m_buffer.data();
        return got;
    }

    /// Hashes what libarchive left unread behind the end of the tar.
    std::string finishDigest() {
        const void* ignored = nullptr;
        while (m_done < m_range.size && read(nullptr, &ignored) > 0) {
        }
        return m_done == m_range.size ? m_hash.finishHex() : std::string();
    }

    /// errno of a read that failed, 0 while none has.
    int error() const { return m_error; }

private:
    const FileRange& m_range;
    int m_error = 0;
    std::vector<char> m_buffer;
    std::uint64_t m_done = 0;
    crypto::Sha256 m_hash;
};

la_ssize_t readCallback(archive* handle, void* source, const void** out) {
    return static_cast<Source*>(source)->read(handle, out);
}

class Walk {
public:
    Walk(archive* handle, const domain::Manifest& manifest, EntrySink& sink)
        : m_handle(handle), m_sink(sink) {
        for (const domain::FileEntry& file : manifest.files)
            m_missing[file.path] = &file;
    }

    absl::Status run() {
        archive_entry* entry = nullptr;
        for (;;) {
            const int result = archive_read_next_header(m_handle, &entry);
            if (result == ARCHIVE_EOF) break;
            if (result != ARCHIVE_OK) return broken();
            IFRIT_RETURN_IF_ERROR(take(entry));
        }
        if (m_missing.empty()) return absl::OkStatus();
        return badArchive(fmt::format("the archive lacks '{}', which its manifest lists",
                                      m_missing.begin()->first));
    }

private:
    absl::Status broken() {
        const char* reason = archive_error_string(m_handle);
        return badArchive(fmt::format("the archive is damaged: {}", reason ? reason : "unknown"));
    }

    absl::Status take(archive_entry* entry) {
        const char* name = archive_entry_pathname(entry);
        const std::string path = name != nullptr ? name : "";
        const auto found = m_missing.find(path);
        if (found == m_missing.end()) {
            return badArchive(
                fmt::format("the archive holds '{}', which its manifest does not "
                            "list, or a second time",
                            path.substr(0, 200)));
        }
        const domain::FileEntry& file = *found->second;
        IFRIT_RETURN_IF_ERROR(checkKind(entry, file));
        IFRIT_RETURN_IF_ERROR(m_sink.begin(file));
        if (file.kind == domain::FileEntry::Kind::Regular) IFRIT_RETURN_IF_ERROR(copy(file));
        IFRIT_RETURN_IF_ERROR(m_sink.end(file));
        m_missing.erase(found);
        return absl::OkStatus();
    }

    static absl::Status checkKind(archive_entry* entry, const domain::FileEntry& file) {
        const bool symlink = file.kind == domain::FileEntry::Kind::Symlink;
        const bool sameKind = archive_entry_filetype(entry) == (symlink ? AE_IFLNK : AE_IFREG);
        if (!sameKind || archive_entry_hardlink(entry) != nullptr) {
            return badArchive(fmt::format("'{}' is not the {} that its manifest lists", file.path,
                                          symlink ? "link" : "regular file"));
        }
        const char* target = archive_entry_symlink(entry);
        if (symlink && (target == nullptr || file.linkTarget != target)) {
            return badArchive(fmt::format("link '{}' points elsewhere than listed", file.path));
        }
        if (symlink) return absl::OkStatus();
        if (static_cast<std::uint64_t>(archive_entry_size(entry)) != file.sizeBytes) {
            return badArchive(fmt::format("'{}' has another size than listed", file.path));
        }
        const auto mode = static_cast<std::uint32_t>(archive_entry_perm(entry)) & 07777U;
        if (mode != file.mode) {
            return badArchive(fmt::format("'{}' has mode {:04o}, its manifest lists {:04o}",
                                          file.path, mode, file.mode));
        }
        return absl::OkStatus();
    }

    absl::Status copy(const domain::FileEntry& file) {
        crypto::Sha256 hash;
        std::uint64_t size = 0;
        for (;;) {
            const la_ssize_t got = archive_read_data(m_handle, m_buffer.data(), m_buffer.size());
            if (got < 0) return broken();
            if (got == 0) break;
            size += static_cast<std::uint64_t>(got);
            if (size > file.sizeBytes)
                return badArchive(fmt::format("'{}' is too long", file.path));
            const std::string_view bytes(m_buffer.data(), static_cast<std::size_t>(got));
            hash.update(bytes);
            IFRIT_RETURN_IF_ERROR(m_sink.data(bytes));
        }
        if (size != file.sizeBytes || hash.finishHex() != file.sha256) {
            return badArchive(fmt::format("the content of '{}' is not what was signed", file.path));
        }
        return absl::OkStatus();
    }

    archive* m_handle;
    EntrySink& m_sink;
    std::map<std::string, const domain::FileEntry*> m_missing;
    std::vector<char> m_buffer = std::vector<char>(128 * 1024);
};

}  // namespace

absl::Status walkPayload(const FileRange& range, const domain::Manifest& manifest,
                         EntrySink& sink) {
    if (range.size != manifest.archiveSizeBytes) {
        return base::invalidArgument("PACKAGE_DIGEST", range.name,
                                     "{}: the archive has {} bytes, the manifest says {}",
                                     range.name, range.size, manifest.archiveSizeBytes);
    }
    Source source(range);
    const ReadPtr handle(archive_read_new());
    if (handle == nullptr || archive_read_support_filter_zstd(handle.get()) != ARCHIVE_OK ||
        archive_read_support_format_tar(handle.get()) != ARCHIVE_OK) {
        return absl::InternalError("libarchive has no zstd or tar");
    }
    if (archive_read_open(handle.get(), &source, nullptr, readCallback, nullptr) != ARCHIVE_OK) {
        if (source.error() != 0) return base::errnoStatus(source.error(), "read " + range.name);
        const char* reason = archive_error_string(handle.get());
        return badArchive(fmt::format("{} is no tar.zst: {}", range.name, reason ? reason : ""));
    }
    const absl::Status walked = Walk(handle.get(), manifest, sink).run();
    const std::string digest = walked.ok() ? source.finishDigest() : std::string();
    // A disk that cannot be read says nothing about the package: it must not be called bad.
    if (source.error() != 0) return base::errnoStatus(source.error(), "read " + range.name);
    IFRIT_RETURN_IF_ERROR(walked);
    if (digest != manifest.archiveSha256) {
        return base::invalidArgument("PACKAGE_DIGEST", range.name,
                                     "{}: the archive's SHA-256 is not the signed one", range.name);
    }
    return absl::OkStatus();
}

}  // namespace ifrit::package
