// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <utility>

#include "agent/platform/file_lock.h"
#include "agent/platform/windows/unique_handle.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

/// A locked range cannot be read by others, so it lies far behind the pid that people want to read.
constexpr DWORD kLockedAt = 0x40000000;

std::string holderOf(HANDLE file) {
    char text[32];
    DWORD got = 0;
    if (!::ReadFile(file, text, sizeof text, &got, nullptr)) return "unknown";
    const std::string holder(text, got);
    return holder.substr(0, holder.find('\n'));
}

}  // namespace

absl::StatusOr<FileLock> FileLock::acquire(const std::string& path) {
    UniqueHandle file(::CreateFileW(base::toWidePath(path).c_str(), GENERIC_READ | GENERIC_WRITE,
                                    FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_ALWAYS,
                                    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
    if (!file.valid()) return base::lastError("opening the lock " + path);
    OVERLAPPED range{};
    range.Offset = kLockedAt;
    if (!::LockFileEx(file.get(), LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0,
                      &range)) {
        const DWORD error = ::GetLastError();
        if (error != ERROR_LOCK_VIOLATION && error != ERROR_IO_PENDING)
            return base::windowsStatus(error, "locking " + path);
        return base::failedPrecondition(
            "LOCKED", path,
            "{} is locked: another instance runs on this directory (pid {}); stop it, or use "
            "another directory",
            path, holderOf(file.get()));
    }
    const std::string pid = fmt::format("{}\n", ::GetCurrentProcessId());
    DWORD written = 0;
    // For people only, so a failure (disk full) does not matter: the lock itself holds.
    ::SetFilePointer(file.get(), 0, nullptr, FILE_BEGIN);
    ::WriteFile(file.get(), pid.data(), static_cast<DWORD>(pid.size()), &written, nullptr);
    ::SetEndOfFile(file.get());
    HANDLE owned = nullptr;
    const HANDLE self = ::GetCurrentProcess();
    if (!::DuplicateHandle(self, file.get(), self, &owned, 0, FALSE, DUPLICATE_SAME_ACCESS))
        return base::lastError("locking " + path);
    const int descriptor = ::_open_osfhandle(reinterpret_cast<std::intptr_t>(owned), _O_RDWR);
    if (descriptor < 0) {
        ::CloseHandle(owned);
        return base::errnoStatus(errno, "locking " + path);
    }
    return FileLock(descriptor);
}

FileLock::FileLock(FileLock&& other) noexcept
    : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
    std::swap(m_descriptor, other.m_descriptor);
    return *this;
}

FileLock::~FileLock() {
    if (m_descriptor >= 0) ::_close(m_descriptor);
}

}  // namespace ifrit::agent::platform
