// SPDX-License-Identifier: Apache-2.0
// Runs a program that is killed (SIGSYS) where it would wait until a time of the wall clock:
//
//     steady_waits_only PROGRAM ARG...
#include <linux/seccomp.h>
#include <unistd.h>

#include <cstdio>

#include "tests/support/wall_wait_filter.h"

int main(int argc, char** argv) {
    if (argc < 2) return 64;
    if (!ifrit::tests::filterWallWaits(SECCOMP_RET_KILL_PROCESS)) {
        std::perror("steady_waits_only: a system call filter is not permitted");
        return 70;
    }
    ::execv(argv[1], argv + 1);
    std::perror(argv[1]);
    return 127;
}
