// SPDX-License-Identifier: Apache-2.0
#include "shared/package/package_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <memory>

#include "shared/base/status.h"
#include "shared/package/archive_reader.h"
#include "shared/package/limits.h"
#include "shared/package/open_file.h"

namespace ifrit::package {
namespace {

struct CloseArchive {
    void operator()(archive* handle) const { archive_read_free(handle); }
};

constexpr std::uint64_t kHeaderBytes = 512;

absl::Status notAPackage(const std::filesystem::path& path, std::string_view why) {
    return base::invalidArgument("PACKAGE_ARCHIVE", path.string(), "{} is not an ifrit package: {}",
                                 path.string(), why);
}

class NothingSink final : public EntrySink {
public:
    absl::Status begin(const domain::FileEntry&) override { return absl::OkStatus(); }
    absl::Status data(std::string_view) override { return absl::OkStatus(); }
    absl::Status end(const domain::FileEntry&) override { return absl::OkStatus(); }
};

/// The next member must be a regular file of this name and at most this size; gives its size.
absl::StatusOr<std::uint64_t> expectMember(archive* handle, const std::filesystem::path& path,
                                           const std::string& name, std::uint64_t limit) {
    archive_entry* entry = nullptr;
    if (archive_read_next_header(handle, &entry) != ARCHIVE_OK) {
        return notAPackage(path, "it has no member " + name);
    }
    // Only plain ustar headers: then a member's bytes begin one block after its header.
    if (archive_format(handle) != ARCHIVE_FORMAT_TAR_USTAR) return notAPackage(path, "no ustar");
    const char* found = archive_entry_pathname(entry);
    if (found == nullptr || name != found || archive_entry_filetype(entry) != AE_IFREG) {
        return notAPackage(path, "where " + name + " should be, something else is");
    }
    const auto size = static_cast<std::uint64_t>(archive_entry_size(entry));
    if (size > limit) return notAPackage(path, name + " is too large");
    return size;
}

absl::StatusOr<std::string> readMember(archive* handle, const std::filesystem::path& path,
                                       const std::string& name, std::uint64_t limit) {
    IFRIT_ASSIGN_OR_RETURN(const std::uint64_t size, expectMember(handle, path, name, limit));
    std::string bytes(static_cast<std::size_t>(size), '\0');
    if (archive_read_data(handle, bytes.data(), bytes.size()) !=
        static_cast<la_ssize_t>(bytes.size())) {
        return notAPackage(path, name + " is cut off");
    }
    return bytes;
}

absl::Status checkRange(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t size,
                        const domain::Manifest& manifest) {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.get() < 0) return base::errnoStatus(errno, "open " + path.string());
    NothingSink sink;
    return walkPayload({file.get(), offset, size, path.filename().string()}, manifest, sink);
}

}  // namespace

absl::StatusOr<PackageFile> openPackageFile(const std::filesystem::path& path) {
    const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
        return base::errnoStatus(errno, "open " + path.string());
    }
    const std::unique_ptr<archive, CloseArchive> handle(archive_read_new());
    if (archive_read_support_format_tar(handle.get()) != ARCHIVE_OK ||
        archive_read_open_fd(handle.get(), file.get(), 16 * 1024) != ARCHIVE_OK) {
        return notAPackage(path, "it is no tar archive");
    }
    PackageFile package;
    package.path = path;
    IFRIT_ASSIGN_OR_RETURN(package.manifest.bytes,
                           readMember(handle.get(), path, "manifest.toml", kMaxManifestBytes));
    IFRIT_ASSIGN_OR_RETURN(const std::string signature,
                           readMember(handle.get(), path, "manifest.sig", kMaxSignatureBytes));
    IFRIT_RETURN_IF_ERROR(readSignature(signature, package.manifest));
    IFRIT_ASSIGN_OR_RETURN(package.payloadSize,
                           expectMember(handle.get(), path, "payload.tar.zst", kMaxArchiveBytes));
    package.payloadOffset =
        static_cast<std::uint64_t>(archive_read_header_position(handle.get())) + kHeaderBytes;
    if (package.payloadOffset + package.payloadSize > static_cast<std::uint64_t>(info.st_size)) {
        return notAPackage(path, "payload.tar.zst is cut off");
    }
    return package;
}

absl::StatusOr<domain::Manifest> checkPackageFile(const std::filesystem::path& path,
                                                  const crypto::TrustedKeys& keys) {
    IFRIT_ASSIGN_OR_RETURN(const PackageFile package, openPackageFile(path));
    IFRIT_ASSIGN_OR_RETURN(domain::Manifest manifest, verifyManifest(package.manifest, keys));
    IFRIT_RETURN_IF_ERROR(checkRange(path, package.payloadOffset, package.payloadSize, manifest));
    return manifest;
}

absl::Status checkPayload(const std::filesystem::path& payload, const domain::Manifest& manifest) {
    std::error_code error;
    const auto size = std::filesystem::file_size(payload, error);
    if (error) return base::errnoStatus(error.value(), "read " + payload.string());
    return checkRange(payload, 0, size, manifest);
}

}  // namespace ifrit::package
