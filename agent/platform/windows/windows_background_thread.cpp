// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/background_thread.h"

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

// ERROR_THREAD_MODE_ALREADY_BACKGROUND, which the headers of mingw-w64 lack.
constexpr DWORD kIsAlready = 400;

}  // namespace

absl::Status becomeBackgroundThread() {
    // Processor, disk and memory priority in one.
    if (::SetThreadPriority(::GetCurrentThread(), THREAD_MODE_BACKGROUND_BEGIN) ||
        ::GetLastError() == kIsAlready)
        return absl::OkStatus();
    return base::lastError("becoming a background thread");
}

}  // namespace ifrit::agent::platform
