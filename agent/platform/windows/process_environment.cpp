// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/process_environment.h"

#include <winternl.h>

#include <algorithm>
#include <cstdint>

#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {
namespace {

// Where 64-bit Windows has kept these since Vista; <winternl.h> shows less of them.
constexpr std::uintptr_t kParametersInPeb = 0x20;
constexpr std::uintptr_t kEnvironmentInParameters = 0x80;
constexpr std::uintptr_t kEnvironmentSizeInParameters = 0x3F0;
/// More than any environment can have.
constexpr SIZE_T kMostBytes = 1U << 20;

template <typename Value>
bool readValue(HANDLE process, std::uintptr_t address, Value& value) {
    SIZE_T got = 0;
    return ::ReadProcessMemory(process, reinterpret_cast<const void*>(address), &value,
                               sizeof value, &got) &&
           got == sizeof value;
}

std::wstring readEnvironment(HANDLE process) {
    PROCESS_BASIC_INFORMATION info{};
    if (::NtQueryInformationProcess(process, ProcessBasicInformation, &info, sizeof info,
                                    nullptr) != 0)
        return {};
    std::uintptr_t parameters = 0;
    std::uintptr_t block = 0;
    SIZE_T bytes = 0;
    const auto peb = reinterpret_cast<std::uintptr_t>(info.PebBaseAddress);
    if (peb == 0 || !readValue(process, peb + kParametersInPeb, parameters) ||
        !readValue(process, parameters + kEnvironmentInParameters, block) ||
        !readValue(process, parameters + kEnvironmentSizeInParameters, bytes))
        return {};
    std::wstring text(std::min(bytes, kMostBytes) / sizeof(wchar_t), L'\0');
    SIZE_T got = 0;
    ::ReadProcessMemory(process, reinterpret_cast<const void*>(block), text.data(),
                        text.size() * sizeof(wchar_t), &got);
    text.resize(got / sizeof(wchar_t));
    return text;
}

}  // namespace

bool environmentHolds(DWORD pid, const std::wstring& entry) {
    const UniqueHandle process(
        ::OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, pid));
    BOOL is32Bit = TRUE;
    if (!process.valid() || !::IsWow64Process(process.get(), &is32Bit) || is32Bit) return false;
    const std::wstring all = L'\0' + readEnvironment(process.get());
    return all.find(L'\0' + entry + L'\0') != std::wstring::npos;
}

}  // namespace ifrit::agent::platform
