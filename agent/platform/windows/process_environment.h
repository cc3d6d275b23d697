// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <windows.h>

#include <string>

namespace ifrit::agent::platform {

/// True when the environment of process `pid` has exactly this "NAME=VALUE". False also for those
/// that we may not read, and for programs of 32 bits, which keep it elsewhere.
bool environmentHolds(DWORD pid, const std::wstring& entry);

}  // namespace ifrit::agent::platform
