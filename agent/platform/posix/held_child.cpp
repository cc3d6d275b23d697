// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/held_child.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "agent/platform/posix/system_calls.h"

namespace ifrit::agent::platform {
namespace {

constexpr int kGate = 3;
constexpr int kErrors = 4;
constexpr int kFailedToStart = 127;

[[noreturn]] void fail(ChildStep step) {
    const ChildFailure failure{step, errno};
    [[maybe_unused]] const ssize_t written = ::write(kErrors, &failure, sizeof failure);
    ::_exit(kFailedToStart);
}

// Closes all but 0..4. A copy of another launch's gate in here would keep that other child waiting
// after our common parent's death.
void keepOnlyOurDescriptors(const ChildPlan& plan) {
    ::dup2(plan.input, STDIN_FILENO);
    if (plan.output >= 0) {
        ::dup2(plan.output, STDOUT_FILENO);
        ::dup2(plan.output, STDERR_FILENO);
    }
    ::dup2(plan.gate, kGate);
    ::dup2(plan.errors, kErrors);
    ::fcntl(kGate, F_SETFD, FD_CLOEXEC);
    ::fcntl(kErrors, F_SETFD, FD_CLOEXEC);
    closeFrom(kErrors + 1);
}

void resetSignals(LaunchSpec::Hangup hangup) {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (int signal = 1; signal < NSIG; ++signal)
        ::sigaction(signal, &standard, nullptr);
    sigset_t blocked;
    ::sigemptyset(&blocked);
    if (hangup == LaunchSpec::Hangup::Waits) ::sigaddset(&blocked, SIGHUP);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
}

void waitAtGate() {
    char go = 0;
    ssize_t got = -1;
    do {
        got = ::read(kGate, &go, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) ::_exit(kFailedToStart);
}

template <typename Resource>  // an enum or a number
void setLimit(Resource resource, std::optional<std::uint64_t> value) {
    if (!value) return;
    rlimit limit{};
    if (::getrlimit(resource, &limit) != 0) fail(ChildStep::Limits);
    limit.rlim_cur = *value;
    // Lowering the hard limit as well keeps the program from raising it again; only root may
    // raise it.
    limit.rlim_max = *value;
    if (::setrlimit(resource, &limit) != 0) fail(ChildStep::Limits);
}

void becomeAccount(const ChildPlan& plan) {
    if (plan.account == nullptr) return;
    const bool done = ::setgroups(plan.groupCount, plan.groups) == 0 &&
                      ::setgid(plan.account->groupId) == 0 && ::setuid(plan.account->userId) == 0;
    if (!done) fail(ChildStep::Account);
}

}  // namespace

void becomeProgram(const ChildPlan& plan) {
    keepOnlyOurDescriptors(plan);
    resetSignals(plan.hangup);
    if (plan.session == LaunchSpec::Session::Own && ::setsid() < 0) fail(ChildStep::Session);
    waitAtGate();
    ::umask(022);
    setLimit(RLIMIT_NOFILE, plan.limits.openFiles);
    setLimit(RLIMIT_CORE, plan.limits.coreBytes);
    becomeAccount(plan);
    // After the account: the program's user must be able to enter the directory.
    if (plan.workingDirectory != nullptr && ::chdir(plan.workingDirectory) != 0)
        fail(ChildStep::Directory);
    if (plan.traced && askToBeTraced() != 0) fail(ChildStep::Trace);
    ::execve(plan.command[0], plan.command, plan.environment);
    fail(ChildStep::Program);
}

}  // namespace ifrit::agent::platform
