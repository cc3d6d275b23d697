// SPDX-License-Identifier: Apache-2.0
#include "shared/package/payload_writer.h"

#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <fstream>
#include <functional>
#include <memory>
#include <system_error>

#include "shared/base/status.h"

namespace ifrit::package {
namespace {

struct FreeArchive {
    void operator()(archive* handle) const { archive_write_free(handle); }
};
struct FreeEntry {
    void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};
using WritePtr = std::unique_ptr<archive, FreeArchive>;
using EntryPtr = std::unique_ptr<archive_entry, FreeEntry>;

absl::Status writeError(archive* handle, std::string_view what) {
    const char* reason = archive_error_string(handle);
    const int error = archive_errno(handle);
    if (error == ENOSPC) return base::errnoStatus(error, what);
    return absl::InternalError(fmt::format("{}: {}", what, reason != nullptr ? reason : "failed"));
}

EntryPtr regularEntry(const std::string& path, std::uint64_t size, std::uint32_t mode) {
    EntryPtr entry(archive_entry_new());
    archive_entry_set_pathname(entry.get(), path.c_str());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), mode);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(size));
    archive_entry_set_mtime(entry.get(), 0, 0);
    return entry;
}

absl::Status copyFile(archive* handle, const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return base::errnoStatus(errno, "open " + path.string());
    std::vector<char> buffer(256 * 1024);
    while (in) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto got = static_cast<std::size_t>(in.gcount());
        if (got > 0 && archive_write_data(handle, buffer.data(), got) < 0) {
            return writeError(handle, "write " + path.string());
        }
    }
    return in.bad() ? base::errnoStatus(EIO, "read " + path.string()) : absl::OkStatus();
}

absl::Status addFile(archive* handle, const std::filesystem::path& folder,
                     const domain::FileEntry& file) {
    EntryPtr entry = regularEntry(file.path, file.sizeBytes, file.mode);
    const bool symlink = file.kind == domain::FileEntry::Kind::Symlink;
    if (symlink) {
        archive_entry_set_filetype(entry.get(), AE_IFLNK);
        archive_entry_set_size(entry.get(), 0);
        archive_entry_set_symlink(entry.get(), file.linkTarget.c_str());
    }
    if (archive_write_header(handle, entry.get()) != ARCHIVE_OK) {
        return writeError(handle, "write " + file.path);
    }
    return symlink ? absl::OkStatus() : copyFile(handle, folder / file.path);
}

absl::Status addBytes(archive* handle, const std::string& name, std::string_view bytes) {
    const EntryPtr entry = regularEntry(name, bytes.size(), 0644);
    if (archive_write_header(handle, entry.get()) != ARCHIVE_OK ||
        archive_write_data(handle, bytes.data(), bytes.size()) < 0) {
        return writeError(handle, "write " + name);
    }
    return absl::OkStatus();
}

absl::Status finish(archive* handle) {
    if (archive_write_close(handle) == ARCHIVE_OK) return absl::OkStatus();
    return writeError(handle, "finish archive");
}

}  // namespace

absl::Status writePayload(const std::filesystem::path& folder,
                          const std::vector<domain::FileEntry>& files,
                          const std::filesystem::path& output) {
    const WritePtr handle(archive_write_new());
    if (archive_write_set_format_pax_restricted(handle.get()) != ARCHIVE_OK ||
        // Names are bytes: without this, libarchive would convert them from the process's locale,
        // and the same folder would give another archive, or none, under LC_ALL=C.
        archive_write_set_format_option(handle.get(), nullptr, "hdrcharset", "BINARY") !=
            ARCHIVE_OK ||
        archive_write_add_filter_zstd(handle.get()) != ARCHIVE_OK ||
        archive_write_set_filter_option(handle.get(), "zstd", "compression-level", "9") !=
            ARCHIVE_OK ||
        archive_write_open_filename(handle.get(), output.c_str()) != ARCHIVE_OK) {
        return writeError(handle.get(), "create " + output.string());
    }
    for (const domain::FileEntry& file : files) {
        IFRIT_RETURN_IF_ERROR(addFile(handle.get(), folder, file));
    }
    return finish(handle.get());
}

absl::Status writePackage(std::string_view manifest, std::string_view signature,
                          const std::filesystem::path& payload,
                          const std::filesystem::path& output) {
    std::error_code error;
    const auto size = std::filesystem::file_size(payload, error);
    if (error) return base::errnoStatus(error.value(), "read " + payload.string());
    const WritePtr handle(archive_write_new());
    if (archive_write_set_format_ustar(handle.get()) != ARCHIVE_OK ||
        archive_write_open_filename(handle.get(), output.c_str()) != ARCHIVE_OK) {
        return writeError(handle.get(), "create " + output.string());
    }
    IFRIT_RETURN_IF_ERROR(addBytes(handle.get(), "manifest.toml", manifest));
    IFRIT_RETURN_IF_ERROR(addBytes(handle.get(), "manifest.sig", signature));
    const EntryPtr entry = regularEntry("payload.tar.zst", size, 0644);
    if (archive_write_header(handle.get(), entry.get()) != ARCHIVE_OK) {
        return writeError(handle.get(), "write payload.tar.zst");
    }
    IFRIT_RETURN_IF_ERROR(copyFile(handle.get(), payload));
    return finish(handle.get());
}

}  // namespace ifrit::package
