// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/command_line.h"

#include <algorithm>
#include <array>

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

void append(std::wstring& line, const std::wstring& argument) {
    if (!line.empty()) line += L' ';
    if (!argument.empty() && argument.find_first_of(L" \t\n\v\"") == std::wstring::npos) {
        line += argument;
        return;
    }
    line += L'"';
    std::size_t backslashes = 0;
    for (const wchar_t letter : argument) {
        // Backslashes are themselves but before a quote, where each has to be doubled.
        if (letter == L'\\') {
            ++backslashes;
            continue;
        }
        line.append(letter == L'"' ? 2 * backslashes + 1 : backslashes, L'\\');
        backslashes = 0;
        line += letter;
    }
    line.append(2 * backslashes, L'\\');
    line += L'"';
}

struct WithoutCase {
    bool operator()(const std::wstring& one, const std::wstring& other) const {
        return ::CompareStringOrdinal(one.data(), static_cast<int>(one.size()), other.data(),
                                      static_cast<int>(other.size()), TRUE) == CSTR_LESS_THAN;
    }
};

}  // namespace

std::wstring commandLineOf(const std::vector<std::string>& command) {
    std::wstring line;
    for (const std::string& argument : command)
        append(line, base::toWide(argument));
    return line;
}

std::wstring environmentBlock(const std::map<std::string, std::string>& environment) {
    std::map<std::wstring, std::wstring, WithoutCase> entries;
    std::array<wchar_t, MAX_PATH> root{};
    const UINT length = ::GetSystemWindowsDirectoryW(root.data(), MAX_PATH);
    if (length > 0 && length < MAX_PATH) entries[L"SystemRoot"] = root.data();
    for (const auto& [name, value] : environment)
        entries[base::toWide(name)] = base::toWide(value);
    std::wstring block;
    for (const auto& [name, value] : entries)
        block += name + L'=' + value + L'\0';
    return block + L'\0';
}

}  // namespace ifrit::agent::platform
