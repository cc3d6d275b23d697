// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {

const int kNoSignal = MSG_NOSIGNAL;

int pipeForUs(int (&ends)[2]) {
    return ::pipe2(ends, O_CLOEXEC);
}

int socketsForUs(int (&ends)[2]) {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

void closeFrom(int first) {
    if (::close_range(static_cast<unsigned int>(first), ~0U, 0) == 0) return;
    rlimit limit{};  // Linux before 5.9
    ::getrlimit(RLIMIT_NOFILE, &limit);
    for (auto descriptor = static_cast<rlim_t>(first); descriptor < limit.rlim_cur; ++descriptor)
        ::close(static_cast<int>(descriptor));
}

int askToBeTraced() {
    return static_cast<int>(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
}

}  // namespace ifrit::agent::platform
