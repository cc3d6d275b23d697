// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/macos/mac_process_launcher.h"

#include <fcntl.h>
#include <libproc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agent/platform/linux/unique_fd.h"

namespace ifrit::agent::platform {
namespace {

constexpr int kGate = 3;
constexpr int kErrors = 4;
constexpr int kFirstDescriptor = 10;  // so that no dup2() onto 0..4 hits one of ours
constexpr int kFailedToStart = 127;

/// Prepared before the fork: between fork and exec nothing may allocate or lock.
struct ChildPlan {
    char** command = nullptr;
    char** environment = nullptr;
    const LaunchSpec* spec = nullptr;
    std::vector<gid_t> groups;
    int input = -1;
    int output = -1;
    int gate = -1;
    int errors = -1;
    int openFiles = 0;
};

[[noreturn]] void fail() {
    const int error = errno;
    [[maybe_unused]] const ssize_t written = ::write(kErrors, &error, sizeof error);
    ::_exit(kFailedToStart);
}

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
    for (int descriptor = kErrors + 1; descriptor < plan.openFiles; ++descriptor)
        ::close(descriptor);
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

void setLimit(int resource, std::optional<std::uint64_t> value) {
    if (!value) return;
    const rlimit limit{*value, *value};
    if (::setrlimit(resource, &limit) != 0) fail();
}

/// In the forked child, with all signals blocked.
[[noreturn]] void becomeProgram(const ChildPlan& plan) {
    const LaunchSpec& spec = *plan.spec;
    keepOnlyOurDescriptors(plan);
    resetSignals(spec.hangup);
    if (spec.session == LaunchSpec::Session::Own && ::setsid() < 0) fail();
    char go = 0;
    ssize_t got = -1;
    do {
        got = ::read(kGate, &go, 1);
    } while (got < 0 && errno == EINTR);
    if (got != 1) ::_exit(kFailedToStart);  // the parent died or gave up
    ::umask(022);
    setLimit(RLIMIT_NOFILE, spec.limits.openFiles);
    setLimit(RLIMIT_CORE, spec.limits.coreBytes);
    if (spec.account) {
        const bool done =
            ::setgroups(static_cast<int>(plan.groups.size()), plan.groups.data()) == 0 &&
            ::setgid(spec.account->groupId) == 0 && ::setuid(spec.account->userId) == 0;
        if (!done) fail();
    }
    if (!spec.workingDirectory.empty() && ::chdir(spec.workingDirectory.c_str()) != 0) fail();
    ::execve(plan.command[0], plan.command, plan.environment);
    fail();
}

bool isAbsolute(const std::string& path) {
    return !path.empty() && path.front() == '/';
}

absl::StatusOr<UniqueFd> raised(UniqueFd low, const std::string& what) {
    if (!low.valid()) return base::errnoStatus(errno, what);
    UniqueFd high(::fcntl(low.get(), F_DUPFD_CLOEXEC, kFirstDescriptor));
    if (!high.valid()) return base::errnoStatus(errno, what);
    return high;
}

/// argv or envp with the strings that it points into.
class Texts {
public:
    explicit Texts(std::vector<std::string> texts) : m_texts(std::move(texts)) {
        for (std::string& text : m_texts)
            m_pointers.push_back(text.data());
        m_pointers.push_back(nullptr);
    }
    char** get() { return m_pointers.data(); }

private:
    std::vector<std::string> m_texts;
    std::vector<char*> m_pointers;
};

struct Channels {
    UniqueFd input;
    UniqueFd output;
    UniqueFd parentGate;
    UniqueFd childGate;
    UniqueFd parentErrors;
    UniqueFd childErrors;
};

absl::StatusOr<Channels> openChannels(const LaunchSpec& spec) {
    Channels channels;
    IFRIT_ASSIGN_OR_RETURN(
        channels.input,
        raised(UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)), "opening /dev/null"));
    if (!spec.outputFile.empty()) {
        UniqueFd file(::open(spec.outputFile.c_str(),
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0640));
        IFRIT_ASSIGN_OR_RETURN(channels.output,
                               raised(std::move(file), "opening " + spec.outputFile));
    } else if (spec.outputDescriptor >= 0) {
        IFRIT_ASSIGN_OR_RETURN(channels.output, raised(UniqueFd(::dup(spec.outputDescriptor)),
                                                       "copying the output descriptor"));
    }
    int gate[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, gate) != 0)
        return base::errnoStatus(errno, "socketpair");
    IFRIT_ASSIGN_OR_RETURN(channels.parentGate, raised(UniqueFd(gate[0]), "socketpair"));
    IFRIT_ASSIGN_OR_RETURN(channels.childGate, raised(UniqueFd(gate[1]), "socketpair"));
    const int on = 1;  // instead of SIGPIPE when the child was killed
    ::setsockopt(channels.parentGate.get(), SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    int errors[2] = {-1, -1};
    if (::pipe(errors) != 0) return base::errnoStatus(errno, "pipe");
    IFRIT_ASSIGN_OR_RETURN(channels.parentErrors, raised(UniqueFd(errors[0]), "pipe"));
    IFRIT_ASSIGN_OR_RETURN(channels.childErrors, raised(UniqueFd(errors[1]), "pipe"));
    return channels;
}

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

/// Which file: not its name, which can come to mean another.
struct Identity {
    dev_t device = 0;
    ino_t inode = 0;
    bool operator==(const Identity&) const = default;
};

std::optional<Identity> identityOf(int result, const struct stat& info) {
    return result == 0 ? std::optional(Identity{info.st_dev, info.st_ino}) : std::nullopt;
}

absl::StatusOr<std::optional<Identity>> checkedProgram(const LaunchSpec& spec) {
    if (!spec.checkProgram) return std::optional<Identity>();
    const std::string& program = spec.command[0];
    const UniqueFd file(::open(program.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) return base::errnoStatus(errno, "starting " + program);
    IFRIT_RETURN_IF_ERROR(spec.checkProgram(file.get()));
    struct stat info {};
    const int result = ::fstat(file.get(), &info);
    return identityOf(result, info);
}

bool runs(pid_t pid, const Identity& wanted) {
    std::array<char, PROC_PIDPATHINFO_MAXSIZE> path{};
    struct stat info {};
    return ::proc_pidpath(pid, path.data(), static_cast<std::uint32_t>(path.size())) > 0 &&
           identityOf(::stat(path.data(), &info), info) == wanted;
}

/// Waits until the child's end is closed: by exec, or after its errno was written.
absl::Status readFailure(const LaunchSpec& spec, int errors) {
    int error = 0;
    ssize_t got = -1;
    do {
        got = ::read(errors, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    if (got != sizeof error) return absl::OkStatus();
    if (error == ENOENT) {
        return base::notFound("PROGRAM_MISSING", spec.command[0],
                              "{} cannot be started: it, or the interpreter that it names, does "
                              "not exist",
                              spec.command[0]);
    }
    return base::errnoStatus(error, "starting " + spec.command[0]);
}

}  // namespace

absl::StatusOr<ProcessId> MacProcessLauncher::launch(const LaunchSpec& spec,
                                                     const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolute));
    IFRIT_ASSIGN_OR_RETURN(const std::optional<Identity> checked, checkedProgram(spec));
    IFRIT_ASSIGN_OR_RETURN(Channels channels, openChannels(spec));
    std::vector<std::string> variables;
    for (const auto& [name, value] : spec.environment)
        variables.push_back(name + '=' + value);
    Texts command(spec.command);
    Texts environment(std::move(variables));
    ChildPlan plan{command.get(), environment.get(), &spec, {}};
    if (spec.account) plan.groups.assign(spec.account->groups.begin(), spec.account->groups.end());
    plan.input = channels.input.get();
    plan.output = channels.output.get();
    plan.gate = channels.childGate.get();
    plan.errors = channels.childErrors.get();
    plan.openFiles = ::getdtablesize();

    const pid_t pid = forkHeldChild(plan);
    if (pid < 0) return base::errnoStatus(errno, "making a process for " + spec.command[0]);
    channels.childGate.reset();
    channels.childErrors.reset();
    const absl::StatusOr<ProcessId> process = m_processes.identify(pid);
    absl::Status accepted = process.status();
    if (accepted.ok() && beforeProgram) accepted = beforeProgram(*process);
    if (accepted.ok()) {
        ::send(channels.parentGate.get(), "g", 1, 0);
        accepted = readFailure(spec, channels.parentErrors.get());
    }
    if (accepted.ok() && checked && !runs(pid, *checked)) {
        ::kill(pid, SIGKILL);
        accepted = base::failedPrecondition(
            "PROGRAM_SWAPPED", spec.command[0],
            "{} was replaced between its check and its start; what replaced it was killed",
            spec.command[0]);
    }
    if (accepted.ok()) return process;
    channels.parentGate.reset();
    while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return accepted;
}

}  // namespace ifrit::agent::platform
