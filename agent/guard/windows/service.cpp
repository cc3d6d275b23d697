// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/windows/service.h"

#include <windows.h>

#include <atomic>

namespace ifrit::agent::guard {
namespace {

wchar_t kName[] = L"ifrit-guard";
/// Stopping waits for ifrit-agent, which has calls to end.
constexpr DWORD kStopHintMs = 30'000;

// The service manager calls plain functions; there is one service in a process.
const ServiceBody* g_body = nullptr;
std::atomic<SERVICE_STATUS_HANDLE> g_status{nullptr};
std::atomic<int> g_code{0};

void report(DWORD state, DWORD accepted, DWORD hintMs) {
    SERVICE_STATUS status{};
    status.dwServiceType = SERVICE_WIN32_OWN_PROCESS;
    status.dwCurrentState = state;
    status.dwControlsAccepted = accepted;
    status.dwWaitHint = hintMs;
    if (state == SERVICE_STOPPED && g_code != 0) {
        // Else the manager's recovery actions would not start it again.
        status.dwWin32ExitCode = ERROR_SERVICE_SPECIFIC_ERROR;
        status.dwServiceSpecificExitCode = static_cast<DWORD>(g_code);
    }
    ::SetServiceStatus(g_status, &status);
}

DWORD WINAPI onControl(DWORD control, DWORD, void*, void*) {
    switch (control) {
        case SERVICE_CONTROL_STOP:
        case SERVICE_CONTROL_SHUTDOWN:
            report(SERVICE_STOP_PENDING, 0, kStopHintMs);
            g_body->stop();
            return NO_ERROR;
        case SERVICE_CONTROL_PARAMCHANGE:
            g_body->restart();
            return NO_ERROR;
        case SERVICE_CONTROL_INTERROGATE:
            return NO_ERROR;
        default:
            return ERROR_CALL_NOT_IMPLEMENTED;
    }
}

void WINAPI serviceMain(DWORD, wchar_t**) {
    g_status = ::RegisterServiceCtrlHandlerExW(kName, &onControl, nullptr);
    if (g_status == nullptr) return;
    report(SERVICE_RUNNING,
           SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN | SERVICE_ACCEPT_PARAMCHANGE, 0);
    g_code = g_body->run();
    report(SERVICE_STOPPED, 0, 0);
}

BOOL WINAPI onConsole(DWORD) {
    g_body->stop();
    return TRUE;
}

}  // namespace

int runAsService(const ServiceBody& body) {
    g_body = &body;
    const SERVICE_TABLE_ENTRYW table[] = {{kName, &serviceMain}, {nullptr, nullptr}};
    // Returns when the service has stopped.
    if (::StartServiceCtrlDispatcherW(table)) return g_code;
    if (::GetLastError() != ERROR_FAILED_SERVICE_CONTROLLER_CONNECT) return 1;
    ::SetConsoleCtrlHandler(&onConsole, TRUE);
    return body.run();
}

}  // namespace ifrit::agent::guard
