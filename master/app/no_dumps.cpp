// SPDX-License-Identifier: Apache-2.0
#include "master/app/no_dumps.h"

#include <sys/resource.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

namespace ifrit::master::app {

void leaveNoDumps() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__)
    // Where dumps go to a program (systemd-coredump) the limit is not asked. The leak check of the
    // address sanitizer looks at its own process from outside.
    ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

}  // namespace ifrit::master::app
