// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include "agent/guard/reserved_file.h"
#include "shared/base/atomic_file.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::guard {

absl::Status ReservedFile::reserve() {
    WIN32_FILE_ATTRIBUTE_DATA found{};
    if (::GetFileAttributesExW(base::toWidePath(m_room).c_str(), GetFileExInfoStandard, &found) &&
        found.nFileSizeHigh == 0 && found.nFileSizeLow == kBytes)
        return absl::OkStatus();
    return base::writeFileAtomically(m_room, std::string(kBytes, '\n'), 0644);
}

absl::Status ReservedFile::write(std::string_view bytes) {
    if (bytes.size() > kBytes) {
        return base::invalidArgument("TOO_LONG", m_path, "{} bytes are too many for {}",
                                     bytes.size(), m_path);
    }
    const HANDLE file = ::CreateFileW(base::toWidePath(m_room).c_str(), GENERIC_WRITE, 0, nullptr,
                                      OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) return base::lastError("opening " + m_room);
    DWORD written = 0;
    absl::Status status;
    if (!::WriteFile(file, bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) ||
        !::SetEndOfFile(file) || !::FlushFileBuffers(file))
        status = base::lastError("writing " + m_room);
    ::CloseHandle(file);
    IFRIT_RETURN_IF_ERROR(status);
    if (!::MoveFileExW(base::toWidePath(m_room).c_str(), base::toWidePath(m_path).c_str(),
                       MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return base::lastError("replacing " + m_path);
    return absl::OkStatus();
}

}  // namespace ifrit::agent::guard
