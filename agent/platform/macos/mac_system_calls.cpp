// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {
namespace {

// A program that is started between the making of a descriptor and this would have it too; those
// that ifrit starts close all that is not theirs.
void keepFromOthers(const int (&ends)[2]) {
    for (const int end : ends)
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
}

}  // namespace

const int kNoSignal = 0;  // the socket itself has it: SO_NOSIGPIPE

int pipeForUs(int (&ends)[2]) {
    if (::pipe(ends) != 0) return -1;
    keepFromOthers(ends);
    return 0;
}

int socketsForUs(int (&ends)[2]) {
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -1;
    keepFromOthers(ends);
    const int on = 1;
    ::setsockopt(ends[0], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    return 0;
}

void closeFrom(int first) {
    const int end = ::getdtablesize();
    for (int descriptor = first; descriptor < end; ++descriptor)
        ::close(descriptor);
}

int reapByHandle(int) {
    errno = ENOTSUP;  // processes have no handles here
    return -1;
}

int askToBeTraced() {
    errno = ENOTSUP;  // nothing here holds a process at its exec
    return -1;
}

}  // namespace ifrit::agent::platform
