// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "agent/guard/hang_watch.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::guard {

bool Beat::touch() const {
    const HANDLE file =
        ::CreateFileW(base::toWidePath(m_file).c_str(), FILE_WRITE_ATTRIBUTES,
                      FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_ALWAYS,
                      FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (file == INVALID_HANDLE_VALUE) return false;
    FILETIME now{};
    ::GetSystemTimePreciseAsFileTime(&now);
    const bool touched = ::SetFileTime(file, nullptr, nullptr, &now) != 0;
    ::CloseHandle(file);
    return touched;
}

std::optional<std::int64_t> Beat::stamp() const {
    constexpr std::int64_t kNanosecondsInTick = 100;
    WIN32_FILE_ATTRIBUTE_DATA found{};
    if (!::GetFileAttributesExW(base::toWidePath(m_file).c_str(), GetFileExInfoStandard, &found))
        return std::nullopt;
    return static_cast<std::int64_t>(base::ticksOf(found.ftLastWriteTime)) * kNanosecondsInTick;
}

}  // namespace ifrit::agent::guard
