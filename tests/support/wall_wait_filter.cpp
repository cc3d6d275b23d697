// SPDX-License-Identifier: Apache-2.0
#include "tests/support/wall_wait_filter.h"

#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>
#include <iterator>

namespace ifrit::tests {
namespace {

constexpr std::size_t kOperation = 1;
constexpr std::size_t kTimeout = 3;

/// Of an argument; both architectures are little-endian.
constexpr std::uint32_t halfOf(std::size_t argument, std::size_t half) {
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + argument * 8 + half * 4);
}

constexpr sock_filter load(std::uint32_t at) {
    return {BPF_LD | BPF_W | BPF_ABS, 0, 0, at};
}

}  // namespace

bool filterWallWaits(std::uint32_t action) {
    sock_filter filter[] = {
        load(offsetof(seccomp_data, nr)),
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 6, SYS_futex},
        load(halfOf(kOperation, 0)),
        {BPF_JMP | BPF_JSET | BPF_K, 0, 4, FUTEX_CLOCK_REALTIME},
        load(halfOf(kTimeout, 0)),
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, 0},
        load(halfOf(kTimeout, 1)),
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
        {BPF_RET | BPF_K, 0, 0, action},
    };
    const sock_fprog program{static_cast<unsigned short>(std::size(filter)), filter};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

}  // namespace ifrit::tests
