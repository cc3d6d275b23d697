// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/small_file.h"

#include <fcntl.h>

#include <array>
#include <cerrno>

#include "agent/platform/posix/unique_fd.h"

namespace ifrit::agent::platform {

std::optional<std::string> readSmallFile(const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return std::nullopt;
    std::string text;
    std::array<char, 4096> chunk{};
    for (;;) {
        const ssize_t got = ::read(file.get(), chunk.data(), chunk.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return std::nullopt;
        if (got == 0) return text;
        text.append(chunk.data(), static_cast<std::size_t>(got));
    }
}

}  // namespace ifrit::agent::platform
