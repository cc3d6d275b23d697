// SPDX-License-Identifier: Apache-2.0
// Runs a program and makes the N-th change that it does to the disk or to a process the last one:
//
//     fault_injector --root DIR --report FILE [--kill-at N | --fail-from N ERRNO] [--follow NAME]
//                    -- PROGRAM ARG...
//
// A change is counted before the system call that would make it, over all threads, so that N names
// one moment of the whole program; strace's `when=` counts for each thread and call apart. With
// --kill-at the program is killed right there, and the call never happens. With --fail-from this
// change and all later ones that could fail so do fail with ERRNO, until SIGUSR1 ends the fault.
//
// With --follow, which can be repeated, programs of that name that it launches are a part of it:
// their changes count, and they are killed with it. Other programs are not traced, and outlive it;
// they must not change anything on disk, for a call of theirs that would be traced fails with
// ENOSYS. SIGTERM is handed on. At the end
// FILE has one line, "<changes> <what the N-th would have been, or ->", and a line for each change
// with IFRIT_LIST_CHANGES set. Exit: the program's, 137 after a kill, 70 where tracing is not
// permitted.
#include "tests/support/disk_change.h"

#include <linux/seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <set>

namespace {

using namespace ifrit::tests;

constexpr int kExitUsage = 64;
constexpr int kExitNotPermitted = 70;

volatile sig_atomic_t faultIsOver = 0;
volatile pid_t tracedProgram = 0;

struct Options {
    std::string root;
    std::string report;
    int killAt = 0;
    int failFrom = 0;
    int error = 0;
    std::set<std::string> follow;
    char** program = nullptr;
};

int errorNamed(const std::string& name) {
    static const std::map<std::string, int> kErrors{
        {"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EROFS", EROFS},  {"EMFILE", EMFILE},
        {"EDQUOT", EDQUOT}, {"EAGAIN", EAGAIN}, {"ENFILE", ENFILE}};
    const auto found = kErrors.find(name);
    return found == kErrors.end() ? 0 : found->second;
}

bool readOptions(int argc, char** argv, Options& options) {
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--") {
            options.program = argv + i + 1;
            return argv[i + 1] != nullptr && !options.root.empty() && !options.report.empty();
        }
        if (i + 1 >= argc) return false;
        const char* value = argv[++i];
        if (word == "--root") options.root = value;
        if (word == "--report") options.report = value;
        if (word == "--kill-at") options.killAt = std::atoi(value);
        if (word == "--follow") options.follow.insert(value);
        if (word != "--fail-from") continue;
        options.failFrom = std::atoi(value);
        if (++i >= argc || (options.error = errorNamed(argv[i])) == 0) return false;
    }
    return false;
}

/// In the child: waits until it is traced, then becomes the program under the filter.
[[noreturn]] void becomeTraced(const Options& options, int traced) {
    char go = 0;
    if (::read(traced, &go, 1) != 1) ::_exit(kExitNotPermitted);
    ::close(traced);
    std::vector<sock_filter> filter =
        changeFilter(options.error == ENFILE ? Traced::ChangesAndDescriptors : Traced::Changes);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    // Without root a filter needs the promise that no exec gains rights.
    if (::geteuid() != 0) ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0) {
        std::perror("fault_injector: installing a system call filter is not permitted");
        ::_exit(kExitNotPermitted);
    }
    ::execv(options.program[0], options.program);
    std::perror(options.program[0]);
    ::_exit(127);
}

/// The stopped call is not made and returns -error instead.
void failCall(pid_t thread, int error) {
#if defined(__x86_64__)
    user_regs_struct registers{};
    ::ptrace(PTRACE_GETREGS, thread, nullptr, &registers);
    registers.orig_rax = static_cast<unsigned long long>(-1LL);
    registers.rax = static_cast<unsigned long long>(-static_cast<long long>(error));
    ::ptrace(PTRACE_SETREGS, thread, nullptr, &registers);
#else
    std::fprintf(stderr, "fault_injector: errors are not made on this architecture (%d)\n", error);
    ::kill(thread, SIGABRT);
#endif
}

/// By this process.
bool isTraced(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    const std::string wanted = "TracerPid:\t" + std::to_string(::getpid());
    std::string line;
    while (std::getline(status, line)) {
        if (line == wanted) return true;
    }
    return false;
}

bool canFailWith(const Change& change, int error) {
    if (error == EAGAIN) return change.text == "fork";
    if (error == ENFILE) return change.kind == ChangeKind::Descriptor;
    if (change.kind == ChangeKind::Process) return false;
    switch (error) {
        case EMFILE:
            return change.text.rfind("open", 0) == 0;
        case EIO:
        case EROFS:
            return true;
        default:
            return change.kind == ChangeKind::Space;
    }
}

class Injector {
public:
    Injector(const Options& options, pid_t program) : m_options(options), m_program(program) {}

    /// Until the program has ended; its exit code.
    int run() {
        for (;;) {
            int status = 0;
            const pid_t thread = ::waitpid(-1, &status, __WALL);
            if (thread < 0 && errno == EINTR) continue;
            if (thread < 0) return m_exit;
            if (WIFSTOPPED(status)) {
                resume(thread, status);
                continue;
            }
            m_processes.erase(thread);
            if (thread == m_program)
                m_exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
    }
    void report() const {
        std::ofstream file(m_options.report);
        file << m_changes << ' ' << (m_hit.empty() ? "-" : m_hit) << '\n' << m_list;
    }

private:
    void resume(pid_t thread, int status) {
        int signal = WSTOPSIG(status);
        const int event = status >> 16;
        if (event == PTRACE_EVENT_SECCOMP) beforeCall(thread);
        if (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) remember(thread);
        if (event == PTRACE_EVENT_EXEC && !belongs(thread)) {
            m_processes.erase(thread);
            ::ptrace(PTRACE_DETACH, thread, nullptr, 0);
            return;
        }
        if (event != 0) signal = 0;
        ::ptrace(PTRACE_CONT, thread, nullptr, signal);
    }

    /// The process that `parent` has just made. Its own news may have come first: then it may have
    /// ended, or become a program that is not traced, and its number is nobody's to kill.
    void remember(pid_t parent) {
        unsigned long child = 0;
        ::ptrace(PTRACE_GETEVENTMSG, parent, nullptr, &child);
        if (isTraced(static_cast<pid_t>(child))) m_processes.insert(static_cast<pid_t>(child));
    }
    /// Whether the program that a process has become is a part of what is tried.
    bool belongs(pid_t process) const {
        if (process == m_program) return true;
        char path[4096];
        const std::string link = "/proc/" + std::to_string(process) + "/exe";
        const ssize_t length = ::readlink(link.c_str(), path, sizeof path);
        const std::string program(path, length > 0 ? static_cast<std::size_t>(length) : 0);
        return m_options.follow.count(program.substr(program.rfind('/') + 1)) > 0;
    }
    void killAll() {
        ::kill(m_program, SIGKILL);
        for (const pid_t process : m_processes)
            ::kill(process, SIGKILL);
    }

    void beforeCall(pid_t thread) {
        __ptrace_syscall_info info{};
        if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;
        SystemCall call{info.seccomp.nr, {}};
        for (std::size_t i = 0; i < call.arguments.size(); ++i)
            call.arguments[i] = info.seccomp.args[i];
        const std::optional<Change> change = changeOf(thread, call, m_options.root);
        if (!change) return;
        if (m_options.error != 0 && !canFailWith(*change, m_options.error)) return;
        ++m_changes;
        if (std::getenv("IFRIT_LIST_CHANGES") != nullptr) m_list += change->text + '\n';
        const int at = m_options.killAt != 0 ? m_options.killAt : m_options.failFrom;
        if (m_changes == at) m_hit = change->text;
        if (m_options.killAt == m_changes) killAll();
        if (m_options.failFrom == 0 || m_changes < m_options.failFrom || faultIsOver != 0) return;
        failCall(thread, m_options.error);
    }

    const Options& m_options;
    const pid_t m_program;
    std::set<pid_t> m_processes;  ///< that the program has made, and that belong to it
    int m_changes = 0;
    int m_exit = 0;
    std::string m_hit;
    std::string m_list;
};

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, nullptr);
}

int inject(const Options& options) {
    int gate[2];
    if (::pipe(gate) != 0) return kExitNotPermitted;
    const pid_t program = ::fork();
    if (program == 0) {
        ::close(gate[1]);
        becomeTraced(options, gate[0]);
    }
    ::close(gate[0]);
    long wanted =
        PTRACE_O_TRACESECCOMP | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC;
    if (!options.follow.empty()) wanted |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    if (::ptrace(PTRACE_SEIZE, program, nullptr, wanted) != 0) {
        std::perror("fault_injector: tracing a program is not permitted");
        ::kill(program, SIGKILL);
        return kExitNotPermitted;
    }
    tracedProgram = program;
    handle(SIGTERM, [](int) { ::kill(tracedProgram, SIGTERM); });
    handle(SIGUSR1, [](int) { faultIsOver = 1; });
    if (::write(gate[1], "g", 1) != 1) return kExitNotPermitted;
    ::close(gate[1]);
    Injector injector(options, program);
    const int code = injector.run();
    injector.report();
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    if (!readOptions(argc, argv, options)) {
        std::fprintf(stderr,
                     "usage: fault_injector --root DIR --report FILE [--kill-at N | "
                     "--fail-from N ERRNO] -- PROGRAM ARG...\n");
        return kExitUsage;
    }
    return inject(options);
}
