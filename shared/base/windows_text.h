// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <windows.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/status.h"

namespace ifrit::base {

/// UTF-8 to what the system's own functions take, and back. Bytes that are no UTF-8 become U+FFFD:
/// such a name then simply does not exist.
std::wstring toWide(std::string_view text);
std::string fromWide(std::wstring_view text);

/// A path for the system's functions: absolute ones of any length, with its own separators.
std::wstring toWidePath(std::string_view path);

/// GetLastError() as a status, by meaning as errnoStatus(), with the system's words.
absl::Status windowsStatus(DWORD error, std::string_view what);
inline absl::Status lastError(std::string_view what) {
    return windowsStatus(::GetLastError(), what);
}

/// Of a FILETIME: 100 ns since 1601.
inline std::uint64_t ticksOf(const FILETIME& time) {
    return (std::uint64_t{time.dwHighDateTime} << 32) | time.dwLowDateTime;
}

}  // namespace ifrit::base
