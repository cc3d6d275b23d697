// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/posix/held_launcher.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "agent/platform/posix/held_child.h"
#include "agent/platform/posix/launch_channels.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::platform {
namespace {

constexpr char kTracingRefused[] = "TRACING_REFUSED";

// argv and envp with the strings that they point into.
class ArgumentArray {
public:
    explicit ArgumentArray(std::vector<std::string> texts) : m_texts(std::move(texts)) {
        for (std::string& text : m_texts)
            m_pointers.push_back(text.data());
        m_pointers.push_back(nullptr);
    }
    char** get() { return m_pointers.data(); }

private:
    std::vector<std::string> m_texts;
    std::vector<char*> m_pointers;
};

std::vector<std::string> environmentOf(const LaunchSpec& spec) {
    std::vector<std::string> entries;
    for (const auto& [name, value] : spec.environment)
        entries.push_back(name + '=' + value);
    return entries;
}

ChildPlan planOf(const LaunchSpec& spec, const LaunchChannels& channels) {
    ChildPlan plan;
    plan.workingDirectory = spec.workingDirectory.empty() ? nullptr : spec.workingDirectory.c_str();
    if (spec.account) {
        plan.account = &*spec.account;
        plan.groups = spec.account->groups.data();
        plan.groupCount = spec.account->groups.size();
    }
    plan.session = spec.session;
    plan.hangup = spec.hangup;
    plan.limits = spec.limits;
    plan.input = channels.input.get();
    plan.output = channels.output.get();
    plan.gate = channels.childGate.get();
    plan.errors = channels.childErrors.get();
    return plan;
}

// Blocks all signals around the fork, so that no handler of ours runs in the child.
pid_t forkHeldChild(const ChildPlan& plan) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t pid = ::fork();
    const int error = errno;
    if (pid == 0) becomeProgram(plan);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return pid;
}

absl::Status describeFailure(const LaunchSpec& spec, const ChildFailure& failure) {
    const std::string& program = spec.command[0];
    switch (failure.step) {
        case ChildStep::Session:
            return base::errnoStatus(failure.error, "starting a session for " + program);
        case ChildStep::Limits:
            return base::errnoStatus(failure.error, "setting the limits of " + program);
        case ChildStep::Directory:
            return base::errnoStatus(failure.error, fmt::format("entering {} to start {}",
                                                                spec.workingDirectory, program));
        case ChildStep::Account:
            return base::errnoStatus(failure.error,
                                     fmt::format("becoming user {} to start {}",
                                                 spec.account ? spec.account->name : "", program));
        case ChildStep::Trace:
            return base::makeError(absl::StatusCode::kPermissionDenied, kTracingRefused, program,
                                   "tracing is not allowed");
        case ChildStep::Program:
            break;
    }
    if (failure.error == ENOENT) {
        return base::notFound("PROGRAM_MISSING", program,
                              "{} cannot be started: it, or the interpreter that it names, does "
                              "not exist",
                              program);
    }
    return base::errnoStatus(failure.error, "starting " + program);
}

// As a want of the machine's: what hangs says nothing about the program.
absl::Status hangs(const LaunchSpec& spec, pid_t pid, std::string_view since) {
    const std::string where =
        spec.workingDirectory.empty() ? "" : fmt::format(" in {}", spec.workingDirectory);
    return base::noteErrno(
        base::makeError(
            absl::StatusCode::kUnavailable, kStartHangs, spec.command[0],
            fmt::format("the start of {}{} hangs in the kernel ({}, process {}): see whether what "
                        "is mounted there answers",
                        spec.command[0], where, since, pid)),
        EAGAIN);
}

}  // namespace

// The child is at its gate: OK when it runs its program now.
absl::Status HeldLauncher::letGo(const LaunchSpec& spec, const LaunchChannels& channels, pid_t pid,
                                 const ReleaseProgram& release) const {
    const auto deadline = std::chrono::steady_clock::now() + m_longestWay;
    const auto tooLong = [&] {
        return hangs(spec, pid, fmt::format("not there after {} ms", m_longestWay.count()));
    };
    channels.openGate();
    const absl::Status released = release ? release(pid, deadline) : absl::OkStatus();
    if (absl::IsDeadlineExceeded(released)) return tooLong();
    // Ended before its exec: why is in the pipe.
    if (!released.ok() && !absl::IsCancelled(released)) return released;
    if (!channels.awaitEnd(deadline)) return tooLong();
    const auto failure = channels.readFailure();
    return failure ? describeFailure(spec, *failure) : released;
}

absl::StatusOr<ProcessId> HeldLauncher::launch(const LaunchSpec& spec,
                                               const ProcessLauncher::BeforeProgram& beforeProgram,
                                               const ReleaseProgram& release) {
    if (const auto hanging = m_hanging.of(spec)) return hangs(spec, *hanging, "since before");
    IFRIT_ASSIGN_OR_RETURN(LaunchChannels channels, LaunchChannels::open(spec));
    ArgumentArray command(spec.command);
    ArgumentArray environment(environmentOf(spec));
    ChildPlan plan = planOf(spec, channels);
    plan.command = command.get();
    plan.environment = environment.get();
    plan.traced = release != nullptr;

    const pid_t pid = forkHeldChild(plan);
    if (pid < 0) return base::errnoStatus(errno, "making a process for " + spec.command[0]);
    channels.childGate.reset();
    channels.childErrors.reset();

    const absl::StatusOr<ProcessId> process = m_processes.identify(pid);
    absl::Status accepted = process.status();
    if (accepted.ok() && beforeProgram) accepted = beforeProgram(*process);
    if (accepted.ok()) accepted = letGo(spec, channels, pid, release);
    if (accepted.ok()) return process;
    if (base::errorInfo(accepted).reason == kStartHangs) {
        ::kill(pid, SIGKILL);
        m_hanging.add(spec, pid);
        return accepted;
    }
    channels.parentGate.reset();
    reapChild(pid);
    return accepted;
}

bool isTracingRefused(const absl::Status& status) {
    return base::errorInfo(status).reason == kTracingRefused;
}

void reapChild(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
}

bool isAbsolutePath(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

}  // namespace ifrit::agent::platform
