// SPDX-License-Identifier: Apache-2.0
#include "shared/base/windows_text.h"

#include <algorithm>
#include <memory>

namespace ifrit::base {
namespace {

/// Longer ones need the prefix that switches the old limit off.
constexpr std::size_t kLongPath = 240;

absl::StatusCode codeOf(DWORD error) {
    switch (error) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
            return absl::StatusCode::kNotFound;
        case ERROR_FILE_EXISTS:
        case ERROR_ALREADY_EXISTS:
            return absl::StatusCode::kAlreadyExists;
        case ERROR_ACCESS_DENIED:
        case ERROR_PRIVILEGE_NOT_HELD:
            return absl::StatusCode::kPermissionDenied;
        case ERROR_DISK_FULL:
        case ERROR_HANDLE_DISK_FULL:
        case ERROR_NOT_ENOUGH_MEMORY:
        case ERROR_OUTOFMEMORY:
        case ERROR_TOO_MANY_OPEN_FILES:
            return absl::StatusCode::kResourceExhausted;
        default:
            return absl::StatusCode::kInternal;
    }
}

std::string wordsOf(DWORD error) {
    wchar_t* text = nullptr;
    const DWORD length = ::FormatMessageW(
        FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
        nullptr, error, 0, reinterpret_cast<wchar_t*>(&text), 0, nullptr);
    const std::unique_ptr<wchar_t, decltype(&::LocalFree)> owned(text, &::LocalFree);
    std::string words = fromWide({text, length});
    while (!words.empty() && (words.back() == '\n' || words.back() == '\r' || words.back() == '.'))
        words.pop_back();
    return words.empty() ? fmt::format("error {}", error) : words;
}

}  // namespace

std::wstring toWide(std::string_view text) {
    const int size = static_cast<int>(text.size());
    const int needed = ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, nullptr, 0);
    std::wstring wide(static_cast<std::size_t>(std::max(needed, 0)), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), size, wide.data(), needed);
    return wide;
}

std::string fromWide(std::wstring_view text) {
    const int size = static_cast<int>(text.size());
    const int needed =
        ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, nullptr, 0, nullptr, nullptr);
    std::string narrow(static_cast<std::size_t>(std::max(needed, 0)), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), size, narrow.data(), needed, nullptr, nullptr);
    return narrow;
}

std::wstring toWidePath(std::string_view path) {
    std::wstring wide = toWide(path);
    std::replace(wide.begin(), wide.end(), L'/', L'\\');
    const bool hasDrive = wide.size() > 2 && wide[1] == L':' && wide[2] == L'\\';
    return hasDrive && wide.size() > kLongPath ? L"\\\\?\\" + wide : wide;
}

absl::Status windowsStatus(DWORD error, std::string_view what) {
    return makeError(codeOf(error), "SYSTEM", what, fmt::format("{}: {}", what, wordsOf(error)));
}

}  // namespace ifrit::base
