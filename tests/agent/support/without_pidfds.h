// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QtGlobal>
#include <cerrno>
#include <cstddef>
#include <functional>
#include <iterator>
#include <thread>

namespace ifrit::tests {

/// Runs `body` on a thread of its own for which there are no handles of processes: pidfd_open(2)
/// fails with ENFILE, and all else works. What it launches inherits that.
inline void withoutPidfds(const std::function<void()>& body) {
    std::thread([&body] {
        sock_filter filter[] = {
            {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)},
            {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_pidfd_open},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENFILE},
            {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        };
        const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
        // Without root a filter needs the promise that no exec gains rights.
        ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
            qFatal("no system call filter can be set");
        body();
    }).join();
}

}  // namespace ifrit::tests
