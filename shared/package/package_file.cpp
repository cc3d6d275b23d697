// SPDX-License-Identifier: Apache-2.0
#include "shared/package/package_file.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "shared/base/status.h"
#include "shared/package/archive_reader.h"
#include "shared/package/limits.h"
#include "shared/package/manifest_toml.h"
#include "shared/package/open_file.h"

namespace ifrit::package {
namespace {

struct CloseArchive {
    void operator()(archive* handle) const { archive_read_free(handle); }
};

constexpr std::uint64_t kHeaderBytes = 512;
/// tar fills records of 20 blocks; more zeros than that are no tar's habit.
constexpr std::uint64_t kMaxTailBytes = 20 * kHeaderBytes;

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
    if (size > limit) {
        return base::invalidArgument("PACKAGE_TOO_LARGE", path.string(),
                                     "{}: {} has {} bytes, at most {}", path.string(), name, size,
                                     limit);
    }
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

/// From the end of the payload on, a tar has zeros only: the rest of a block, two blocks that end
/// it, and what fills up the record. Anything else would be carried along unsigned.
absl::Status checkTail(const PackageFile& package, int fd, std::uint64_t fileSize) {
    const std::uint64_t end = package.payloadOffset + package.payloadSize;
    if (end > fileSize) return notAPackage(package.path, "payload.tar.zst is cut off");
    const std::uint64_t padded = (end + kHeaderBytes - 1) / kHeaderBytes * kHeaderBytes;
    if (fileSize < padded + 2 * kHeaderBytes) {
        return notAPackage(package.path, "its end is cut off");
    }
    if (fileSize - padded > kMaxTailBytes) {
        return notAPackage(package.path, "it goes on behind payload.tar.zst");
    }
    std::string tail(static_cast<std::size_t>(fileSize - end), '\0');
    const ssize_t got = ::pread(fd, tail.data(), tail.size(), static_cast<off_t>(end));
    if (got < 0) return base::errnoStatus(errno, "read " + package.path.string());
    if (static_cast<std::size_t>(got) != tail.size() ||
        tail.find_first_not_of('\0') != std::string::npos) {
        return notAPackage(package.path, "something follows payload.tar.zst");
    }
    return absl::OkStatus();
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
    IFRIT_RETURN_IF_ERROR(checkTail(package, file.get(), static_cast<std::uint64_t>(info.st_size)));
    return package;
}

absl::StatusOr<domain::Manifest> checkPackageFile(const std::filesystem::path& path,
                                                  const crypto::TrustedKeys& keys) {
    IFRIT_ASSIGN_OR_RETURN(const PackageFile package, openPackageFile(path));
    IFRIT_ASSIGN_OR_RETURN(domain::Manifest manifest, verifyManifest(package.manifest, keys));
    IFRIT_RETURN_IF_ERROR(checkPrograms(manifest));
    IFRIT_RETURN_IF_ERROR(checkPayload(package, manifest));
    return manifest;
}

absl::Status checkPayload(const PackageFile& package, const domain::Manifest& manifest) {
    return checkRange(package.path, package.payloadOffset, package.payloadSize, manifest);
}

absl::Status checkPayload(const std::filesystem::path& payload, const domain::Manifest& manifest) {
    std::error_code error;
    const auto size = std::filesystem::file_size(payload, error);
    if (error) return base::errnoStatus(error.value(), "read " + payload.string());
    return checkRange(payload, 0, size, manifest);
}

}  // namespace ifrit::package
