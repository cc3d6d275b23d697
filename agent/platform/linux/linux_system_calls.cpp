// SPDX-License-Identifier: Apache-2.0
#include <dirent.h>
#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {
namespace {

/// Where nothing says which are open. A container's limit may be 2^30, which would be minutes, and
/// this program has a few hundred.
constexpr rlim_t kMostTried = 65'536;

/// -1: no number.
int numberOf(const char* text) {
    int number = 0;
    for (const char* digit = text; *digit != '\0'; ++digit) {
        if (*digit < '0' || *digit > '9') return -1;
        number = number * 10 + (*digit - '0');
    }
    return number;
}

/// Closes those that /proc says are open; false where it does not say. By system calls alone: what
/// readdir() allocates may be locked for ever in a child of a program with threads.
bool closeListed(int first) {
    // To be closed anyway, and where none is left the list has its place.
    ::close(first);
    const int list = ::open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (list < 0) return false;
    alignas(dirent64) char entries[1024];
    long got = 0;
    while ((got = ::syscall(SYS_getdents64, list, entries, sizeof entries)) > 0) {
        for (long at = 0; at < got;) {
            const auto* entry = reinterpret_cast<const dirent64*>(entries + at);
            at += entry->d_reclen;
            const int descriptor = numberOf(entry->d_name);
            if (descriptor >= first && descriptor != list) ::close(descriptor);
        }
    }
    ::close(list);
    return got == 0;
}

}  // namespace

const int kNoSignal = MSG_NOSIGNAL;

int pipeForUs(int (&ends)[2]) {
    return ::pipe2(ends, O_CLOEXEC);
}

int socketsForUs(int (&ends)[2]) {
    return ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

void closeFrom(int first) {
    if (::close_range(static_cast<unsigned int>(first), ~0U, 0) == 0) return;
    // Linux before 5.9
    if (closeListed(first)) return;
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const rlim_t end = std::min(limit.rlim_cur, kMostTried);
    for (auto descriptor = static_cast<rlim_t>(first); descriptor < end; ++descriptor)
        ::close(static_cast<int>(descriptor));
}

int reapByHandle(int handle) {
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(handle), &info, WEXITED | WNOHANG) != 0) return -1;
    return info.si_pid == 0 ? 0 : 1;
}

int askToBeTraced() {
    return static_cast<int>(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr));
}

}  // namespace ifrit::agent::platform
