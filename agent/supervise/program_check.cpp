// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/program_check.h"

#include <unistd.h>

#include <cerrno>
#include <vector>

#include "shared/crypto/sha256.h"

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kChunkBytes = 256 * 1024;

absl::StatusOr<std::string> digestOf(int descriptor, const std::string& path) {
    crypto::Sha256 hash;
    std::vector<char> buffer(kChunkBytes);
    off_t at = 0;
    for (;;) {
        const ssize_t got = ::pread(descriptor, buffer.data(), buffer.size(), at);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return base::errnoStatus(errno, "reading " + path);
        if (got == 0) return hash.finishHex();
        hash.update({buffer.data(), static_cast<std::size_t>(got)});
        at += got;
    }
}

}  // namespace

platform::LaunchSpec::ProgramCheck programCheck(const RunSpec& spec) {
    if (spec.programSha256.empty() || spec.command.empty()) return nullptr;
    return [path = spec.command[0], expected = spec.programSha256](int descriptor) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(const std::string found, digestOf(descriptor, path));
        if (found == expected) return absl::OkStatus();
        return base::failedPrecondition("PROGRAM_CHANGED", path,
                                        "{} is not the signed program and is not run; it is put "
                                        "back by the integrity check",
                                        path);
    };
}

}  // namespace ifrit::agent::supervise
