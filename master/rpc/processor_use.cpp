// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/processor_use.h"

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

namespace ifrit::master::rpc {
namespace {

/// `cpu.max` of the control group (version 2); nullopt: none, or "max".
std::optional<double> quota() {
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        if (line.rfind("0::", 0) != 0) continue;
        std::ifstream limit("/sys/fs/cgroup" + line.substr(3) + "/cpu.max");
        double time = 0;
        double period = 0;
        if (limit >> time >> period && time > 0 && period > 0) return time / period;
    }
    return std::nullopt;
}

}  // namespace

std::chrono::nanoseconds processorTime() {
    timespec time{};
    if (::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0) return std::chrono::nanoseconds(0);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

double processors() {
    cpu_set_t bound;
    double out = std::max(1U, std::thread::hardware_concurrency());
    if (::sched_getaffinity(0, sizeof bound, &bound) == 0) out = CPU_COUNT(&bound);
    return std::min(out, quota().value_or(out));
}

}  // namespace ifrit::master::rpc
