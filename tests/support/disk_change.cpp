// SPDX-License-Identifier: Apache-2.0
#include "tests/support/disk_change.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstddef>
#include <filesystem>
#include <system_error>

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
#error "say here which system calls this architecture has"
#endif

enum class Target { Path, OpenPath, Descriptor, Signal, Fork, Trace, Gate, Anything };

/// How a call names what it changes.
struct Rule {
    long number;
    const char* name;
    ChangeKind kind;
    Target target;
    int argument;        ///< of the path, descriptor, signal or flags
    int directory = -1;  ///< argument that the path is relative to; -1: the working directory
};

constexpr ChangeKind kSpace = ChangeKind::Space;
constexpr ChangeKind kOther = ChangeKind::Other;
constexpr ChangeKind kProcess = ChangeKind::Process;
constexpr ChangeKind kDescriptor = ChangeKind::Descriptor;

constexpr Rule kRules[] = {
#ifdef SYS_open  // newer architectures have the ...at() calls only
    {SYS_open, "open", kSpace, Target::OpenPath, 0},
    {SYS_creat, "creat", kSpace, Target::Path, 0},
    {SYS_mkdir, "mkdir", kSpace, Target::Path, 0},
    {SYS_rename, "rename", kSpace, Target::Path, 1},
    {SYS_link, "link", kSpace, Target::Path, 1},
    {SYS_symlink, "symlink", kSpace, Target::Path, 1},
    {SYS_unlink, "unlink", kOther, Target::Path, 0},
    {SYS_rmdir, "rmdir", kOther, Target::Path, 0},
    {SYS_chmod, "chmod", kOther, Target::Path, 0},
    {SYS_chown, "chown", kOther, Target::Path, 0},
    {SYS_lchown, "lchown", kOther, Target::Path, 0},
    {SYS_mknod, "mknod", kSpace, Target::Path, 0},
#endif
    {SYS_openat, "openat", kSpace, Target::OpenPath, 1, 0},
    {SYS_mkdirat, "mkdirat", kSpace, Target::Path, 1, 0},
    {SYS_renameat, "renameat", kSpace, Target::Path, 3, 2},
    {SYS_renameat2, "renameat2", kSpace, Target::Path, 3, 2},
    {SYS_linkat, "linkat", kSpace, Target::Path, 3, 2},
    {SYS_symlinkat, "symlinkat", kSpace, Target::Path, 2, 1},
    {SYS_mknodat, "mknodat", kSpace, Target::Path, 1, 0},
    {SYS_unlinkat, "unlinkat", kOther, Target::Path, 1, 0},
    {SYS_fchmodat, "fchmodat", kOther, Target::Path, 1, 0},
    {SYS_fchownat, "fchownat", kOther, Target::Path, 1, 0},
    {SYS_utimensat, "utimensat", kOther, Target::Path, 1, 0},
    {SYS_truncate, "truncate", kSpace, Target::Path, 0},
    {SYS_write, "write", kSpace, Target::Descriptor, 0},
    {SYS_pwrite64, "pwrite64", kSpace, Target::Descriptor, 0},
    {SYS_writev, "writev", kSpace, Target::Descriptor, 0},
    {SYS_pwritev, "pwritev", kSpace, Target::Descriptor, 0},
    {SYS_pwritev2, "pwritev2", kSpace, Target::Descriptor, 0},
    {SYS_sendfile, "sendfile", kSpace, Target::Descriptor, 0},
    {SYS_copy_file_range, "copy_file_range", kSpace, Target::Descriptor, 2},
    {SYS_ftruncate, "ftruncate", kSpace, Target::Descriptor, 0},
    {SYS_fallocate, "fallocate", kSpace, Target::Descriptor, 0},
    {SYS_fsync, "fsync", kOther, Target::Descriptor, 0},
    {SYS_fdatasync, "fdatasync", kOther, Target::Descriptor, 0},
    {SYS_syncfs, "syncfs", kOther, Target::Descriptor, 0},
    {SYS_fchmod, "fchmod", kOther, Target::Descriptor, 0},
    {SYS_fchown, "fchown", kOther, Target::Descriptor, 0},
    {SYS_kill, "kill", kProcess, Target::Signal, 1},
    {SYS_pidfd_send_signal, "pidfd_send_signal", kProcess, Target::Signal, 1},
    {SYS_clone, "fork", kProcess, Target::Fork, 0},
    {SYS_ptrace, "ptrace", kProcess, Target::Trace, 0},
    {SYS_sendto, "sendto", kProcess, Target::Gate, 2},
    {SYS_pipe2, "pipe2", kDescriptor, Target::Anything, 0},
    {SYS_socketpair, "socketpair", kDescriptor, Target::Anything, 0},
    {SYS_pidfd_open, "pidfd_open", kDescriptor, Target::Anything, 0},
};

sock_filter statement(std::uint16_t code, std::uint32_t value) {
    return {code, 0, 0, value};
}

/// Goes on with the next statement when equal, else skips `skip` of them.
sock_filter unlessEqual(std::uint32_t value, std::uint8_t skip) {
    return {BPF_JMP | BPF_JEQ | BPF_K, 0, skip, value};
}

/// Lower half of an argument; all that flags need (both architectures are little-endian).
sock_filter loadArgument(int index) {
    const auto at = offsetof(seccomp_data, args) + sizeof(std::uint64_t) * std::size_t(index);
    return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at));
}

constexpr std::uint32_t kOpenToWrite = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC;

const Rule* ruleOf(std::uint64_t number) {
    for (const Rule& rule : kRules) {
        if (static_cast<std::uint64_t>(rule.number) == number) return &rule;
    }
    return nullptr;
}

std::string linkText(pid_t thread, const std::string& entry) {
    std::error_code error;
    return fs::read_symlink("/proc/" + std::to_string(thread) + '/' + entry, error).string();
}

std::string textAt(pid_t thread, std::uint64_t address) {
    std::string text;
    char byte = 0;
    const iovec local{&byte, 1};
    // Byte by byte: the text may end right before memory that is not there.
    for (; text.size() < 4096; text += byte, ++address) {
        const iovec remote{reinterpret_cast<void*>(address), 1};
        if (::process_vm_readv(thread, &local, 1, &remote, 1, 0) != 1 || byte == '\0') break;
    }
    return text;
}

std::string pathOf(pid_t thread, const SystemCall& call, const Rule& rule) {
    const std::string path = textAt(thread, call.arguments[std::size_t(rule.argument)]);
    if (!path.empty() && path[0] == '/') return path;
    const int directory =
        rule.directory < 0 ? AT_FDCWD : int(call.arguments[std::size_t(rule.directory)]);
    const std::string base =
        linkText(thread, directory == AT_FDCWD ? "cwd" : "fd/" + std::to_string(directory));
    return base + '/' + path;
}

bool isBelow(const std::string& path, const std::string& root) {
    return path.rfind(root + '/', 0) == 0;
}

}  // namespace

std::vector<sock_filter> changeFilter(Traced traced) {
    const sock_filter trace = statement(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    const sock_filter allow = statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    std::vector<sock_filter> program{
        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, kArchitecture},
        allow,
        statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr))};
    for (const Rule& rule : kRules) {
        if (rule.kind == kDescriptor && traced == Traced::Changes) continue;
        const auto number = static_cast<std::uint32_t>(rule.number);
        if (rule.target == Target::OpenPath) {
            program.insert(program.end(), {unlessEqual(number, 4),
                                           loadArgument(rule.argument + 1),
                                           {BPF_JMP | BPF_JSET | BPF_K, 0, 1, kOpenToWrite},
                                           trace,
                                           allow});
        } else if (rule.target == Target::Fork) {
            program.insert(program.end(), {unlessEqual(number, 4),
                                           loadArgument(rule.argument),
                                           {BPF_JMP | BPF_JSET | BPF_K, 1, 0, CLONE_VM},
                                           trace,
                                           allow});
        } else if (rule.target == Target::Trace) {
            // Not a child's PTRACE_TRACEME: nobody traces the child for us, so it would fail.
            program.insert(program.end(), {unlessEqual(number, 4),
                                           loadArgument(rule.argument),
                                           {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, PTRACE_TRACEME},
                                           trace,
                                           allow});
        } else {
            program.insert(program.end(), {unlessEqual(number, 1), trace});
        }
    }
    program.push_back(allow);
    return program;
}

std::optional<Change> changeOf(pid_t thread, const SystemCall& call, const std::string& root) {
    const Rule* rule = ruleOf(call.number);
    if (rule == nullptr) return std::nullopt;
    const std::uint64_t argument = call.arguments[std::size_t(rule->argument)];
    std::string what;
    switch (rule->target) {
        case Target::Path:
        case Target::OpenPath:
            what = pathOf(thread, call, *rule);
            if (!isBelow(what, root)) return std::nullopt;
            break;
        case Target::Descriptor:
            what = linkText(thread, "fd/" + std::to_string(int(argument)));
            // The root itself counts: its directory entries are what fsync() makes durable.
            if (what != root && !isBelow(what, root)) return std::nullopt;
            break;
        case Target::Signal:
            if (argument == 0) return std::nullopt;  // asks only whether the process is there
            what = std::to_string(argument);
            break;
        case Target::Gate:
            // One byte: a launched program may go on. Everything longer is traffic.
            if (argument != 1) return std::nullopt;
            break;
        case Target::Fork:
        case Target::Trace:
        case Target::Anything:
            break;
    }
    // A file that is there can be opened on the fullest disk.
    std::error_code error;
    const bool opensOld = rule->target == Target::OpenPath && fs::exists(what, error);
    const ChangeKind kind = opensOld ? ChangeKind::Other : rule->kind;
    return Change{kind, what.empty() ? rule->name : std::string(rule->name) + ' ' + what};
}

}  // namespace ifrit::tests
