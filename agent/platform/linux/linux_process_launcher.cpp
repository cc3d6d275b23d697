// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/linux/linux_process_launcher.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "agent/platform/linux/checked_program.h"
#include "agent/platform/linux/held_child.h"
#include "agent/platform/linux/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

constexpr int kFirstDescriptor = 10;  // see ChildPlan
constexpr char kTracingRefused[] = "TRACING_REFUSED";

bool isAbsolute(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

absl::StatusOr<UniqueFd> raised(UniqueFd low, const std::string& what) {
    if (!low.valid()) return base::errnoStatus(errno, what);
    UniqueFd high(::fcntl(low.get(), F_DUPFD_CLOEXEC, kFirstDescriptor));
    if (!high.valid()) return base::errnoStatus(errno, what);
    return high;
}

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

// Both ends of what parent and child tell each other, and the child's standard descriptors.
struct Channels {
    UniqueFd input;
    UniqueFd output;
    UniqueFd parentGate;
    UniqueFd childGate;
    UniqueFd parentErrors;
    UniqueFd childErrors;
};

absl::Status openOutput(const LaunchSpec& spec, Channels& channels) {
    if (!spec.outputFile.empty()) {
        UniqueFd file(::open(spec.outputFile.c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640));
        // A disk that is full or broken must not keep an agent down, nor make its version look bad:
        // it runs without a log until it is started again.
        const bool brokenDisk =
            errno == EIO || errno == ENOSPC || errno == EDQUOT || errno == EROFS;
        if (!file.valid() && brokenDisk) file = UniqueFd(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        IFRIT_ASSIGN_OR_RETURN(channels.output,
                               raised(std::move(file), "opening " + spec.outputFile));
    } else if (spec.outputDescriptor >= 0) {
        UniqueFd copy(::fcntl(spec.outputDescriptor, F_DUPFD_CLOEXEC, kFirstDescriptor));
        if (!copy.valid()) return base::errnoStatus(errno, "copying the output descriptor");
        channels.output = std::move(copy);
    }
    return absl::OkStatus();
}

absl::StatusOr<Channels> openChannels(const LaunchSpec& spec) {
    Channels channels;
    UniqueFd null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    IFRIT_ASSIGN_OR_RETURN(channels.input, raised(std::move(null), "opening /dev/null"));
    IFRIT_RETURN_IF_ERROR(openOutput(spec, channels));
    // A socket, because writing into a pipe whose reader was killed raises SIGPIPE.
    int gate[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, gate) != 0)
        return base::errnoStatus(errno, "socketpair");
    channels.parentGate = UniqueFd(gate[0]);
    IFRIT_ASSIGN_OR_RETURN(channels.childGate, raised(UniqueFd(gate[1]), "socketpair"));
    int errors[2] = {-1, -1};
    if (::pipe2(errors, O_CLOEXEC) != 0) return base::errnoStatus(errno, "pipe2");
    channels.parentErrors = UniqueFd(errors[0]);
    IFRIT_ASSIGN_OR_RETURN(channels.childErrors, raised(UniqueFd(errors[1]), "pipe2"));
    return channels;
}

ChildPlan planOf(const LaunchSpec& spec, const Channels& channels) {
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

bool isTracingRefused(const absl::Status& status) {
    return base::errorInfo(status).reason == kTracingRefused;
}

void reap(pid_t pid) {
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
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

// Waits until the child's end of the pipe is closed: by exec, or after a failure was written.
absl::Status readFailure(const LaunchSpec& spec, int errors) {
    ChildFailure failure;
    ssize_t got = -1;
    do {
        got = ::read(errors, &failure, sizeof failure);
    } while (got < 0 && errno == EINTR);
    return got == sizeof failure ? describeFailure(spec, failure) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<ProcessId> LinuxProcessLauncher::launch(const LaunchSpec& spec,
                                                       const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolute));
    if (!spec.checkProgram) return launchHeld(spec, beforeProgram, nullptr);
    IFRIT_ASSIGN_OR_RETURN(const CheckedProgram program,
                           CheckedProgram::open(spec.command[0], spec.checkProgram));
    if (!program.isTraceable()) return launchHeld(spec, beforeProgram, nullptr);
    const auto process = launchHeld(spec, beforeProgram, &program);
    // Where tracing is forbidden (Yama, a debugger on us) the check before has to do.
    return isTracingRefused(process.status()) ? launchHeld(spec, beforeProgram, nullptr) : process;
}

absl::StatusOr<ProcessId> LinuxProcessLauncher::launchHeld(const LaunchSpec& spec,
                                                           const BeforeProgram& beforeProgram,
                                                           const CheckedProgram* checked) {
    IFRIT_ASSIGN_OR_RETURN(Channels channels, openChannels(spec));
    ArgumentArray command(spec.command);
    ArgumentArray environment(environmentOf(spec));
    ChildPlan plan = planOf(spec, channels);
    plan.command = command.get();
    plan.environment = environment.get();
    plan.traced = checked != nullptr;

    const pid_t pid = forkHeldChild(plan);
    if (pid < 0) return base::errnoStatus(errno, "making a process for " + spec.command[0]);
    channels.childGate.reset();
    channels.childErrors.reset();

    const absl::StatusOr<ProcessId> process = m_processes.identify(pid);
    absl::Status accepted = process.status();
    if (accepted.ok() && beforeProgram) accepted = beforeProgram(*process);
    if (accepted.ok()) {
        ::send(channels.parentGate.get(), "g", 1, MSG_NOSIGNAL);
        if (checked != nullptr) accepted = checked->release(pid);
        // Ended before its exec: why is in the pipe.
        if (accepted.ok() || absl::IsCancelled(accepted)) {
            const absl::Status failure = readFailure(spec, channels.parentErrors.get());
            if (!failure.ok()) accepted = failure;
        }
    }
    if (accepted.ok()) return process;
    channels.parentGate.reset();
    reap(pid);
    return accepted;
}

}  // namespace ifrit::agent::platform
