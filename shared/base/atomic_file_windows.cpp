// SPDX-License-Identifier: Apache-2.0
#include <windows.h>

#include <algorithm>

#include "shared/base/atomic_file.h"
#include "shared/base/windows_text.h"

namespace ifrit::base {
namespace {

class File {
public:
    explicit File(HANDLE handle) : m_handle(handle) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (valid()) ::CloseHandle(m_handle);
    }
    HANDLE get() const { return m_handle; }
    bool valid() const { return m_handle != INVALID_HANDLE_VALUE; }

private:
    const HANDLE m_handle;
};

absl::Status failed(std::string_view what, const std::string& path) {
    return lastError(fmt::format("{} {}", what, path));
}

absl::Status writeDurably(const std::string& path, std::string_view bytes) {
    const File file(::CreateFileW(toWidePath(path).c_str(), GENERIC_WRITE, 0, nullptr,
                                  CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.valid()) return failed("opening", path);
    while (!bytes.empty()) {
        DWORD written = 0;
        const auto wanted = static_cast<DWORD>(std::min<std::size_t>(bytes.size(), 1U << 30));
        if (!::WriteFile(file.get(), bytes.data(), wanted, &written, nullptr))
            return failed("writing", path);
        bytes.remove_prefix(written);
    }
    if (!::FlushFileBuffers(file.get())) return failed("flushing", path);
    return absl::OkStatus();
}

}  // namespace

/// Modes are not looked at: what is below the root has the access list of the root.
absl::Status writeFileAtomically(const std::string& path, std::string_view bytes, int) {
    const std::string temporary = path + ".tmp";
    absl::Status status = writeDurably(temporary, bytes);
    if (status.ok() && !::MoveFileExW(toWidePath(temporary).c_str(), toWidePath(path).c_str(),
                                      MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        status = failed("replacing", path);
    // Gives the space back at once: after a full disk it is needed.
    if (!status.ok()) ::DeleteFileW(toWidePath(temporary).c_str());
    return status;
}

absl::StatusOr<std::string> readFile(const std::string& path, std::size_t maxBytes) {
    const File file(::CreateFileW(toWidePath(path).c_str(), GENERIC_READ,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (!file.valid()) return failed("opening", path);
    if (::GetFileType(file.get()) != FILE_TYPE_DISK)
        return invalidArgument("NOT_A_FILE", path, "{} is not a regular file", path);
    std::string bytes;
    // One byte more than allowed is asked for, because the file can grow while it is read.
    std::string chunk(std::min<std::size_t>(maxBytes, 64 * 1024) + 1, '\0');
    for (;;) {
        DWORD got = 0;
        if (!::ReadFile(file.get(), chunk.data(), static_cast<DWORD>(chunk.size()), &got, nullptr))
            return failed("reading", path);
        if (got == 0) return bytes;
        bytes.append(chunk.data(), got);
        if (bytes.size() > maxBytes) {
            return makeError(absl::StatusCode::kResourceExhausted, "FILE_TOO_BIG", path,
                             fmt::format("{} has more than {} bytes", path, maxBytes));
        }
    }
}

}  // namespace ifrit::base
