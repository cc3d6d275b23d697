// SPDX-License-Identifier: Apache-2.0
#include "agent/package/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace ifrit::agent::package {
namespace {

constexpr std::size_t kReadBytes = 256 * 1024;

}  // namespace

PartFile::PartFile(std::string path, int descriptor)
    : m_path(std::move(path)), m_descriptor(descriptor) {}

PartFile::PartFile(PartFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_descriptor(std::exchange(other.m_descriptor, -1)),
      m_size(other.m_size),
      m_digest(std::move(other.m_digest)) {}

PartFile::~PartFile() {
    if (m_descriptor >= 0) ::close(m_descriptor);
}

absl::StatusOr<PartFile> PartFile::open(const std::string& path, std::uint64_t maxBytes) {
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return base::errnoStatus(errno, path);
    PartFile part(path, descriptor);
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return base::errnoStatus(errno, path);
    if (static_cast<std::uint64_t>(status.st_size) > maxBytes) {
        if (::ftruncate(descriptor, 0) != 0) return base::errnoStatus(errno, path);
        return part;
    }
    IFRIT_RETURN_IF_ERROR(part.digestExisting());
    return part;
}

absl::Status PartFile::digestExisting() {
    std::vector<char> buffer(kReadBytes);
    for (;;) {
        const ssize_t got = ::read(m_descriptor, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::errnoStatus(errno, m_path);
        if (got == 0) return absl::OkStatus();
        m_digest.update({buffer.data(), static_cast<std::size_t>(got)});
        m_size += static_cast<std::uint64_t>(got);
    }
}

absl::Status PartFile::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(m_descriptor, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return base::errnoStatus(errno, m_path);
        m_digest.update(bytes.substr(0, static_cast<std::size_t>(put)));
        m_size += static_cast<std::uint64_t>(put);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    return absl::OkStatus();
}

absl::StatusOr<std::string> PartFile::finish() {
    if (::fsync(m_descriptor) != 0) return base::errnoStatus(errno, m_path);
    return m_digest.finishHex();
}

}  // namespace ifrit::agent::package
