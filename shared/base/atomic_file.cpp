// SPDX-License-Identifier: Apache-2.0
#include "shared/base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "shared/base/file_descriptor.h"

namespace ifrit::base {
namespace {

absl::Status failed(std::string_view what, const std::string& path) {
    const int error = errno;
    return errnoStatus(error, fmt::format("{} {}", what, path));
}

absl::Status writeAll(int file, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failed("writing", path);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return absl::OkStatus();
}

absl::Status writeDurably(const std::string& path, std::string_view bytes, int mode) {
    // Private until it is complete: the content may be a key.
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) return failed("opening", path);
    IFRIT_RETURN_IF_ERROR(writeAll(file.get(), bytes, path));
    if (::fchmod(file.get(), static_cast<mode_t>(mode)) != 0)
        return failed("setting the mode of", path);
    if (::fsync(file.get()) != 0) return failed("flushing", path);
    return absl::OkStatus();
}

absl::Status syncParent(const std::string& path) {
    const auto slash = path.find_last_of('/');
    const std::string parent = slash == std::string::npos ? "."
                               : slash == 0               ? "/"
                                                          : path.substr(0, slash);
    const FileDescriptor directory(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0) return failed("opening", parent);
    if (::fsync(directory.get()) != 0) return failed("flushing", parent);
    return absl::OkStatus();
}

}  // namespace

absl::Status writeFileAtomically(const std::string& path, std::string_view bytes, int mode) {
    const std::string temporary = path + ".tmp";
    absl::Status status = writeDurably(temporary, bytes, mode);
    if (status.ok() && std::rename(temporary.c_str(), path.c_str()) != 0)
        status = failed("replacing", path);
    if (!status.ok()) {
        // Gives the space back at once: after ENOSPC it is needed.
        ::unlink(temporary.c_str());
        return status;
    }
    return syncParent(path);
}

absl::Status writeTextInRoom(const std::string& path, std::string_view bytes,
                             const std::string& room) {
    const FileDescriptor file(::open(room.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (file.get() < 0) return failed("opening", room);
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return failed("asking about", room);
    const auto size = static_cast<std::size_t>(found.st_size);
    if (!S_ISREG(found.st_mode) || bytes.size() > size)
        return errnoStatus(ENOSPC, fmt::format("writing {} into {}", path, room));
    const std::string rest(size - bytes.size(), '\n');
    IFRIT_RETURN_IF_ERROR(writeAll(file.get(), bytes, room));
    IFRIT_RETURN_IF_ERROR(writeAll(file.get(), rest, room));
    if (::fsync(file.get()) != 0) return failed("flushing", room);
    if (std::rename(room.c_str(), path.c_str()) != 0) return failed("replacing", path);
    return syncParent(path);
}

absl::StatusOr<std::string> readFile(const std::string& path, std::size_t maxBytes) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) return failed("opening", path);
    struct stat found {};
    if (::fstat(file.get(), &found) != 0) return failed("asking about", path);
    if (!S_ISREG(found.st_mode))
        return invalidArgument("NOT_A_FILE", path, "{} is not a regular file", path);
    std::string bytes;
    // One byte more than allowed is asked for, because the file can grow while it is read.
    std::string chunk(std::min<std::size_t>(maxBytes, 64 * 1024) + 1, '\0');
    for (;;) {
        const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return failed("reading", path);
        if (got == 0) return bytes;
        bytes.append(chunk.data(), static_cast<std::size_t>(got));
        if (bytes.size() > maxBytes) {
            return makeError(absl::StatusCode::kResourceExhausted, "FILE_TOO_BIG", path,
                             fmt::format("{} has more than {} bytes", path, maxBytes));
        }
    }
}

}  // namespace ifrit::base
