// SPDX-License-Identifier: Apache-2.0
// Tells the thread sanitizer what absl::Mutex and absl::CondVar order. The distribution's Abseil is
// built without it, so these members stand in front of the library's (a program's symbols are found
// first), call them, and say what they did. Linked into every program of the preset `tsan`.
#include <absl/base/internal/tsan_mutex_interface.h>
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/mutex.h>
#include <absl/synchronization/notification.h>
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <atomic>
#include <cstdlib>
#include <string>

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
extern const char __executable_start;
extern const char etext;
}

namespace {

using absl::Condition;
using absl::CondVar;
using absl::Duration;
using absl::Mutex;
using absl::Time;

#define IFRIT_TEXT_OF(name) #name
#define IFRIT_TEXT(name) IFRIT_TEXT_OF(name)

/// The library's member; `member` is its mangled name behind the namespace, `kind` N or NK (const).
template <typename Function>
Function* real(const char* member, const char* kind = "N") {
    const std::string inlined = IFRIT_TEXT(ABSL_OPTION_INLINE_NAMESPACE_NAME);
    const std::string symbol =
        std::string("_Z") + kind + "4absl" + std::to_string(inlined.size()) + inlined + member;
    void* found = ::dlsym(RTLD_NEXT, symbol.c_str());
    if (found == nullptr) std::abort();
    return reinterpret_cast<Function*>(found);
}

/// What a library that the sanitizer does not see into orders by its own mutexes (gRPC, Abseil's
/// Notification) is taken for ordered by all of them: what it orders by atomics is not seen.
char foreign;

bool isOurs(const void* caller) {
    return caller >= &__executable_start && caller < &etext;
}

constexpr unsigned kWrite = 0;
constexpr unsigned kRead = __tsan_mutex_read_lock;
constexpr unsigned kTry = __tsan_mutex_try_lock;

/// A member of the library may call another one of those below, which then has nothing to say.
thread_local int depth = 0;

/// A call of a member that takes a mutex of its own, of which nothing is said. The library may
/// leave that by a jump, which returns to us and so looks like ours.
class Inside {
public:
    Inside() { ++depth; }
    ~Inside() { --depth; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

/// A lock or a wait while it is taken; the sanitizer looks away in between.
class Taking {
public:
    Taking(Mutex* mutex, unsigned flags, const void* caller)
        : m_mutex(mutex), m_flags(flags), m_isOurs(isOurs(caller)), m_isInner(depth++ > 0) {
        if (m_isOurs && !m_isInner) __tsan_mutex_pre_lock(m_mutex, m_flags);
    }
    void done(bool isTaken = true) {
        --depth;
        if (m_isInner) return;
        if (m_isOurs) {
            __tsan_mutex_post_lock(m_mutex, m_flags | (isTaken ? 0U : __tsan_mutex_try_lock_failed),
                                   0);
        } else if (isTaken) {
            __tsan_acquire(m_mutex);
            __tsan_acquire(&foreign);
        }
    }

private:
    Mutex* m_mutex;
    unsigned m_flags;
    bool m_isOurs;
    bool m_isInner;
};

void leave(Mutex* mutex, unsigned flags, const void* caller, void (*unlock)(Mutex*)) {
    if (depth > 0) return unlock(mutex);
    const bool ours = isOurs(caller);
    if (ours) {
        __tsan_mutex_pre_unlock(mutex, flags);
    } else {
        __tsan_release(&foreign);
        __tsan_release(mutex);
    }
    ++depth;
    unlock(mutex);
    --depth;
    if (ours) __tsan_mutex_post_unlock(mutex, flags);
}

/// A wait that gives the mutex away meanwhile.
template <typename Wait>
auto await(Mutex* mutex, const void* caller, Wait wait) {
    leave(mutex, kWrite, caller, [](Mutex*) {});
    Taking taking(mutex, kWrite, caller);
    const auto came = wait();
    taking.done();
    return came;
}

}  // namespace

/// Qt's threads are not joined where the sanitizer sees it: the watchdog of a test's functions ends
/// before what it waited for is taken down.
extern "C" const char* __tsan_default_suppressions() {
    return "race:QWaitCondition::~QWaitCondition\nrace_top:pthread_cond_wait\n";
}

#define IFRIT_CALLER __builtin_return_address(0)

namespace absl {
ABSL_NAMESPACE_BEGIN

Mutex::~Mutex() {
    static const auto destroy = real<void(Mutex*)>("5MutexD1Ev");
    destroy(this);
    __tsan_mutex_destroy(this, __tsan_mutex_not_static);
}

void Mutex::Lock() {
    static const auto lock = real<void(Mutex*)>("5Mutex4LockEv");
    Taking taking(this, kWrite, IFRIT_CALLER);
    lock(this);
    taking.done();
}

void Mutex::Unlock() {
    static const auto unlock = real<void(Mutex*)>("5Mutex6UnlockEv");
    leave(this, kWrite, IFRIT_CALLER, unlock);
}

bool Mutex::TryLock() {
    static const auto tryLock = real<bool(Mutex*)>("5Mutex7TryLockEv");
    Taking taking(this, kWrite | kTry, IFRIT_CALLER);
    const bool taken = tryLock(this);
    taking.done(taken);
    return taken;
}

void Mutex::ReaderLock() {
    static const auto lock = real<void(Mutex*)>("5Mutex10ReaderLockEv");
    Taking taking(this, kRead, IFRIT_CALLER);
    lock(this);
    taking.done();
}

void Mutex::ReaderUnlock() {
    static const auto unlock = real<void(Mutex*)>("5Mutex12ReaderUnlockEv");
    leave(this, kRead, IFRIT_CALLER, unlock);
}

void Mutex::LockWhen(const Condition& condition) {
    static const auto lock =
        real<void(Mutex*, const Condition&)>("5Mutex8LockWhenERKNS0_9ConditionE");
    Taking taking(this, kWrite, IFRIT_CALLER);
    lock(this, condition);
    taking.done();
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
    static const auto lock = real<bool(Mutex*, const Condition&, Duration)>(
        "5Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
    Taking taking(this, kWrite, IFRIT_CALLER);
    const bool holds = lock(this, condition, timeout);
    taking.done();
    return holds;
}

void Mutex::Await(const Condition& condition) {
    static const auto wait = real<void(Mutex*, const Condition&)>("5Mutex5AwaitERKNS0_9ConditionE");
    await(this, IFRIT_CALLER, [&] {
        wait(this, condition);
        return true;
    });
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
    static const auto wait = real<bool(Mutex*, const Condition&, Duration)>(
        "5Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
    return await(this, IFRIT_CALLER, [&] { return wait(this, condition, timeout); });
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
    static const auto wait = real<bool(Mutex*, const Condition&, Time)>(
        "5Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
    return await(this, IFRIT_CALLER, [&] { return wait(this, condition, deadline); });
}

/// Also asked by whoever unlocks, on behalf of who waits.
bool Condition::Eval() const {
    static const auto eval = real<bool(const Condition*)>("9Condition4EvalEv", "NK");
    AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
    AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
    const bool holds = eval(this);
    AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
    AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
    return holds;
}

void CondVar::Wait(Mutex* mutex) {
    static const auto wait = real<void(CondVar*, Mutex*)>("7CondVar4WaitEPNS0_5MutexE");
    await(mutex, IFRIT_CALLER, [&] {
        wait(this, mutex);
        return true;
    });
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
    static const auto wait = real<bool(CondVar*, Mutex*, Duration)>(
        "7CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
    return await(mutex, IFRIT_CALLER, [&] { return wait(this, mutex, timeout); });
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
    static const auto wait =
        real<bool(CondVar*, Mutex*, Time)>("7CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
    return await(mutex, IFRIT_CALLER, [&] { return wait(this, mutex, deadline); });
}

void Notification::Notify() {
    static const auto notify = real<void(Notification*)>("12Notification6NotifyEv");
    __tsan_release(&notified_yet_);
    const Inside inside;
    notify(this);
}

void Notification::WaitForNotification() const {
    static const auto wait =
        real<void(const Notification*)>("12Notification19WaitForNotificationEv", "NK");
    {
        const Inside inside;
        wait(this);
    }
    __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
    static const auto wait = real<bool(const Notification*, Duration)>(
        "12Notification30WaitForNotificationWithTimeoutENS0_8DurationE", "NK");
    bool came = false;
    {
        const Inside inside;
        came = wait(this, timeout);
    }
    if (came) __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
    return came;
}

bool BlockingCounter::DecrementCount() {
    static const auto decrement =
        real<bool(BlockingCounter*)>("15BlockingCounter14DecrementCountEv");
    __tsan_release(this);
    const Inside inside;
    return decrement(this);
}

void BlockingCounter::Wait() {
    static const auto wait = real<void(BlockingCounter*)>("15BlockingCounter4WaitEv");
    {
        const Inside inside;
        wait(this);
    }
    __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
