// SPDX-License-Identifier: Apache-2.0
#include "tests/support/failing_accept.h"

#include <sys/socket.h>

#include <atomic>
#include <cerrno>

namespace ifrit::tests {
namespace {

std::atomic<int> acceptError{0};
std::atomic<int> failures{0};

}  // namespace

FailingAccept::FailingAccept(int error) {
    failures = 0;
    acceptError = error;
}

int FailingAccept::count() const {
    return failures;
}

void FailingAccept::end() {
    acceptError = 0;
}

extern "C" {
// The names are the linker's.
// NOLINTNEXTLINE(bugprone-reserved-identifier)
int __real_accept4(int socket, sockaddr* address, socklen_t* length, int flags);
// NOLINTNEXTLINE(bugprone-reserved-identifier)
int __wrap_accept4(int socket, sockaddr* address, socklen_t* length, int flags) {
    if (const int error = acceptError; error != 0) {
        ++failures;
        errno = error;
        return -1;
    }
    return __real_accept4(socket, address, length, flags);
}
}

}  // namespace ifrit::tests
