// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "agent/guard/running_program.h"
#include "agent/platform/windows/windows_process_table.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::guard {

absl::StatusOr<std::string> runningProgram(const platform::ProcessId& process,
                                           const platform::Directories&) {
    constexpr DWORD kMostCharacters = 32'768;
    IFRIT_ASSIGN_OR_RETURN(const platform::UniqueHandle handle,
                           platform::openProcess(process, PROCESS_QUERY_LIMITED_INFORMATION));
    std::wstring path(kMostCharacters, L'\0');
    DWORD length = kMostCharacters;
    if (!::QueryFullProcessImageNameW(handle.get(), 0, path.data(), &length))
        return base::lastError(fmt::format("asking for the program of process {}", process.pid));
    path.resize(length);
    return base::fromWide(path);
}

}  // namespace ifrit::agent::guard
