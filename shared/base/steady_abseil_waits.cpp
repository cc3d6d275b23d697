// SPDX-License-Identifier: Apache-2.0
// Timed waits of Abseil, and so of gRPC, by the steady clock.
//
// Abseil of 2022 ends them at a time of the wall clock, with the kernel. One thread of gRPC waits
// so for the next of all its timers: where the clock is set back by eight hours, as at the first
// contact with a time server, then for eight hours no call of the program ends by its deadline, no
// connection is found dead and none is made again (gRPC's issues 31738, 32176). Abseil leaves the
// waiting to a weak function for programs to replace, and this one does. Linked into each program
// that has gRPC, as an object: a library's member would never be taken for a weak function.
#include <absl/base/config.h>

#if defined(__linux__) && defined(ABSL_LTS_RELEASE_VERSION) && ABSL_LTS_RELEASE_VERSION == 20220623
#include <absl/synchronization/internal/create_thread_identity.h>
#include <absl/synchronization/internal/per_thread_sem.h>
#include <absl/synchronization/internal/waiter.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <ctime>

namespace {

using absl::base_internal::ThreadIdentity;
using absl::synchronization_internal::GetOrCreateCurrentThreadIdentity;
using absl::synchronization_internal::KernelTimeout;
using absl::synchronization_internal::Waiter;

using Semaphore = std::atomic<std::int32_t>;

// What Abseil keeps of a thread's wait is the semaphore alone, and posting it wakes its futex.
static_assert(ABSL_WAITER_MODE == ABSL_WAITER_MODE_FUTEX);
static_assert(sizeof(Waiter) == sizeof(Semaphore));

Semaphore& semaphoreOf(ThreadIdentity& identity) {
    return *reinterpret_cast<Semaphore*>(Waiter::GetWaiter(&identity));
}

bool take(Semaphore& semaphore) {
    std::int32_t count = semaphore.load(std::memory_order_relaxed);
    while (count != 0) {
        if (semaphore.compare_exchange_weak(count, count - 1, std::memory_order_acquire,
                                            std::memory_order_relaxed))
            return true;
    }
    return false;
}

timespec now(clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time;
}

/// When by the steady clock, from what is left by the wall clock.
timespec steady(KernelTimeout timeout) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    const timespec end = timeout.MakeAbsTimespec();
    const timespec wall = now(CLOCK_REALTIME);
    timespec time = now(CLOCK_MONOTONIC);
    const std::int64_t nanoseconds =
        std::int64_t{time.tv_nsec} + std::int64_t{end.tv_nsec} - std::int64_t{wall.tv_nsec};
    time.tv_sec += end.tv_sec - wall.tv_sec;
    time.tv_sec += nanoseconds >= kSecond ? 1 : nanoseconds < 0 ? -1 : 0;
    time.tv_nsec = (nanoseconds + kSecond) % kSecond;
    // The kernel takes no time before the machine's start, and it is over anyway.
    return time.tv_sec < 0 ? timespec{} : time;
}

/// False when the time is over.
bool wait(Semaphore& semaphore, const timespec* end) {
    for (;;) {
        if (take(semaphore)) return true;
        const long result = ::syscall(SYS_futex, &semaphore, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG,
                                      0, end, nullptr, FUTEX_BITSET_MATCH_ANY);
        if (result == 0 || errno == EINTR || errno == EAGAIN) continue;
        if (errno == ETIMEDOUT) return false;
        std::abort();
    }
}

}  // namespace

extern "C" bool ABSL_INTERNAL_C_SYMBOL(AbslInternalPerThreadSemWait)(KernelTimeout timeout) {
    ThreadIdentity& identity = *GetOrCreateCurrentThreadIdentity();
    const timespec end = timeout.has_timeout() ? steady(timeout) : timespec{};
    if (identity.blocked_count_ptr != nullptr) identity.blocked_count_ptr->fetch_add(1);
    const bool isPosted = wait(semaphoreOf(identity), timeout.has_timeout() ? &end : nullptr);
    if (identity.blocked_count_ptr != nullptr) identity.blocked_count_ptr->fetch_sub(1);
    return isPosted;
}
#endif
