// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/windows_process_launcher.h"

#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <cstddef>
#include <memory>

#include "agent/platform/windows/command_line.h"
#include "agent/platform/windows/session_job.h"
#include "agent/platform/windows/unique_handle.h"
#include "agent/platform/windows/windows_user_directory.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {

/// A process whose first thread has not begun.
struct HeldProgram {
    UniqueHandle process;
    UniqueHandle thread;
    DWORD pid = 0;
};

namespace {

constexpr UINT kCancelled = 127;
constexpr DWORD kFlags = CREATE_SUSPENDED | CREATE_UNICODE_ENVIRONMENT | CREATE_NEW_PROCESS_GROUP |
                         CREATE_BREAKAWAY_FROM_JOB | EXTENDED_STARTUPINFO_PRESENT;

bool isAbsolute(const std::string& path) {
    return path.size() > 2 && path[1] == ':' && (path[2] == '/' || path[2] == '\\');
}

/// Standard handles of the new process: inheritable copies, and nothing else of ours.
struct StandardHandles {
    UniqueHandle input;
    UniqueHandle output;
};

absl::StatusOr<UniqueHandle> inheritable(HANDLE handle) {
    HANDLE copy = nullptr;
    const HANDLE self = ::GetCurrentProcess();
    if (!::DuplicateHandle(self, handle, self, &copy, 0, TRUE, DUPLICATE_SAME_ACCESS))
        return base::lastError("copying a handle");
    return UniqueHandle(copy);
}

absl::StatusOr<UniqueHandle> openFor(const std::wstring& path, DWORD access, DWORD how) {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    UniqueHandle file(::CreateFileW(path.c_str(), access,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                    &inherited, how, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.valid()) return base::lastError("opening " + base::fromWide(path));
    return file;
}

absl::StatusOr<StandardHandles> standardHandles(const LaunchSpec& spec) {
    StandardHandles handles;
    IFRIT_ASSIGN_OR_RETURN(handles.input, openFor(L"NUL", GENERIC_READ, OPEN_EXISTING));
    if (!spec.outputFile.empty()) {
        IFRIT_ASSIGN_OR_RETURN(handles.output,
                               openFor(base::toWidePath(spec.outputFile),
                                       FILE_APPEND_DATA | SYNCHRONIZE, OPEN_ALWAYS));
        return handles;
    }
    const HANDLE wanted = spec.outputDescriptor >= 0
                              ? reinterpret_cast<HANDLE>(::_get_osfhandle(spec.outputDescriptor))
                              : ::GetStdHandle(STD_OUTPUT_HANDLE);
    // A service has no standard output.
    if (wanted == nullptr || wanted == INVALID_HANDLE_VALUE) {
        IFRIT_ASSIGN_OR_RETURN(handles.output, openFor(L"NUL", GENERIC_WRITE, OPEN_EXISTING));
    } else {
        IFRIT_ASSIGN_OR_RETURN(handles.output, inheritable(wanted));
    }
    return handles;
}

/// The list of handles that a new process inherits: without one it is all that are inheritable,
/// those of another launch at the same time included.
class InheritedHandles {
public:
    explicit InheritedHandles(std::vector<HANDLE> handles) : m_handles(std::move(handles)) {
        SIZE_T bytes = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &bytes);
        m_memory = std::make_unique<std::byte[]>(bytes);
        m_list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(m_memory.get());
        m_ready = ::InitializeProcThreadAttributeList(m_list, 1, 0, &bytes) != 0;
        m_filled = m_ready && ::UpdateProcThreadAttribute(
                                  m_list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, m_handles.data(),
                                  m_handles.size() * sizeof(HANDLE), nullptr, nullptr) != 0;
    }
    ~InheritedHandles() {
        if (m_ready) ::DeleteProcThreadAttributeList(m_list);
    }
    InheritedHandles(const InheritedHandles&) = delete;
    InheritedHandles& operator=(const InheritedHandles&) = delete;

    bool valid() const { return m_filled; }
    LPPROC_THREAD_ATTRIBUTE_LIST get() const { return m_list; }

private:
    std::vector<HANDLE> m_handles;
    std::unique_ptr<std::byte[]> m_memory;
    LPPROC_THREAD_ATTRIBUTE_LIST m_list = nullptr;
    bool m_ready = false;
    bool m_filled = false;
};

absl::Status startFailure(DWORD error, const std::string& program) {
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND) {
        return base::notFound("PROGRAM_MISSING", program, "{} cannot be started: it does not exist",
                              program);
    }
    return base::windowsStatus(error, "starting " + program);
}

absl::StatusOr<HeldProgram> createHeld(const LaunchSpec& spec) {
    IFRIT_ASSIGN_OR_RETURN(const StandardHandles handles, standardHandles(spec));
    const InheritedHandles inherited({handles.input.get(), handles.output.get()});
    if (!inherited.valid()) return base::lastError("listing the handles of " + spec.command[0]);
    STARTUPINFOEXW startup{};
    startup.StartupInfo.cb = sizeof startup;
    startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES | STARTF_USESHOWWINDOW;
    startup.StartupInfo.wShowWindow = SW_HIDE;
    startup.StartupInfo.hStdInput = handles.input.get();
    startup.StartupInfo.hStdOutput = handles.output.get();
    startup.StartupInfo.hStdError = handles.output.get();
    startup.lpAttributeList = inherited.get();
    const std::wstring program = base::toWidePath(spec.command[0]);
    const std::wstring directory = base::toWidePath(spec.workingDirectory);
    std::wstring line = commandLineOf(spec.command);
    std::wstring environment = environmentBlock(spec.environment);
    // A console of its own: what is asked of it by Ctrl-Break then reaches nobody else.
    const DWORD flags = kFlags | CREATE_NEW_CONSOLE;
    const wchar_t* const where = directory.empty() ? nullptr : directory.c_str();
    PROCESS_INFORMATION made{};
    BOOL ok = FALSE;
    if (spec.account) {
        IFRIT_ASSIGN_OR_RETURN(const UniqueHandle token, logOn(*spec.account));
        ok = ::CreateProcessAsUserW(token.get(), program.c_str(), line.data(), nullptr, nullptr,
                                    TRUE, flags, environment.data(), where, &startup.StartupInfo,
                                    &made);
    } else {
        ok = ::CreateProcessW(program.c_str(), line.data(), nullptr, nullptr, TRUE, flags,
                              environment.data(), where, &startup.StartupInfo, &made);
    }
    if (!ok) return startFailure(::GetLastError(), spec.command[0]);
    return HeldProgram{UniqueHandle(made.hProcess), UniqueHandle(made.hThread), made.dwProcessId};
}

/// Checks the program and keeps it as it is while the result lives.
absl::StatusOr<UniqueHandle> checkedProgram(const LaunchSpec& spec) {
    if (!spec.checkProgram) return UniqueHandle();
    UniqueHandle file(::CreateFileW(base::toWidePath(spec.command[0]).c_str(), GENERIC_READ,
                                    FILE_SHARE_READ, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL,
                                    nullptr));
    if (!file.valid()) return startFailure(::GetLastError(), spec.command[0]);
    // The check wants a descriptor of the run-time library, which owns the handle that it is given.
    HANDLE copy = nullptr;
    const HANDLE self = ::GetCurrentProcess();
    if (!::DuplicateHandle(self, file.get(), self, &copy, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return base::lastError("copying a handle");
    const int descriptor =
        ::_open_osfhandle(reinterpret_cast<std::intptr_t>(copy), _O_RDONLY | _O_BINARY);
    if (descriptor < 0) {
        ::CloseHandle(copy);
        return base::errnoStatus(errno, "starting " + spec.command[0]);
    }
    const absl::Status checked = spec.checkProgram(descriptor);
    ::_close(descriptor);
    if (!checked.ok()) return checked;
    return file;
}

}  // namespace

absl::Status WindowsProcessLauncher::release(const LaunchSpec& spec, const HeldProgram& program,
                                             const ProcessId& process,
                                             const BeforeProgram& beforeProgram) const {
    std::optional<SessionJob> session;
    if (spec.session == LaunchSpec::Session::Own) {
        auto job = SessionJob::makeFor(program.process.get(), process);
        if (!job.ok()) return job.status();
        session.emplace(*std::move(job));
    }
    if (beforeProgram) IFRIT_RETURN_IF_ERROR(beforeProgram(process));
    if (::ResumeThread(program.thread.get()) == static_cast<DWORD>(-1))
        return base::lastError("starting " + spec.command[0]);
    return session ? session->letGo() : absl::OkStatus();
}

absl::StatusOr<ProcessId> WindowsProcessLauncher::launch(const LaunchSpec& spec,
                                                         const BeforeProgram& beforeProgram) {
    IFRIT_RETURN_IF_ERROR(checkCommand(spec, &isAbsolute));
    IFRIT_ASSIGN_OR_RETURN(const UniqueHandle kept, checkedProgram(spec));
    IFRIT_ASSIGN_OR_RETURN(const HeldProgram program, createHeld(spec));
    const auto process = m_processes.identify(static_cast<std::int32_t>(program.pid));
    absl::Status status = process.status();
    if (status.ok()) status = release(spec, program, *process, beforeProgram);
    if (status.ok()) return process;
    ::TerminateProcess(program.process.get(), kCancelled);
    return status;
}

}  // namespace ifrit::agent::platform
