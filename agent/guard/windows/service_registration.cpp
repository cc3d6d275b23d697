// SPDX-License-Identifier: Apache-2.0
#include "agent/guard/windows/service_registration.h"

#include <windows.h>

#include <iterator>
#include <utility>

#include "agent/platform/windows/command_line.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::guard {
namespace {

constexpr wchar_t kName[] = L"ifrit-guard";
constexpr wchar_t kShownName[] = L"ifrit guard";
wchar_t g_description[] =
    L"Starts ifrit-agent, restarts it, and puts the version before back when a new one does not "
    L"prove itself.";
constexpr DWORD kQuickMs = 1'000;
constexpr DWORD kSlowMs = 5'000;
constexpr DWORD kForgetFailuresAfterSeconds = 3'600;
constexpr DWORD kPauseMs = 250;
constexpr int kPauses = 240;

/// Closes a handle of the service manager's.
class ServiceHandle {
public:
    explicit ServiceHandle(SC_HANDLE handle) : m_handle(handle) {}
    ~ServiceHandle() {
        if (m_handle != nullptr) ::CloseServiceHandle(m_handle);
    }
    ServiceHandle(const ServiceHandle&) = delete;
    ServiceHandle& operator=(const ServiceHandle&) = delete;
    SC_HANDLE get() const { return m_handle; }
    bool valid() const { return m_handle != nullptr; }

private:
    SC_HANDLE m_handle;
};

absl::Status setRecovery(SC_HANDLE service) {
    SC_ACTION actions[] = {
        {SC_ACTION_RESTART, kQuickMs}, {SC_ACTION_RESTART, kQuickMs}, {SC_ACTION_RESTART, kSlowMs}};
    SERVICE_FAILURE_ACTIONSW failure{};
    failure.dwResetPeriod = kForgetFailuresAfterSeconds;
    failure.cActions = static_cast<DWORD>(std::size(actions));
    failure.lpsaActions = actions;
    if (!::ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS, &failure))
        return base::lastError("setting what follows when the service ends");
    // Also when it ends by itself with an exit code, and not only when it crashes.
    SERVICE_FAILURE_ACTIONS_FLAG also{};
    also.fFailureActionsOnNonCrashFailures = TRUE;
    if (!::ChangeServiceConfig2W(service, SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, &also))
        return base::lastError("setting what follows when the service ends");
    SERVICE_DESCRIPTIONW description{g_description};
    if (!::ChangeServiceConfig2W(service, SERVICE_CONFIG_DESCRIPTION, &description))
        return base::lastError("describing the service");
    return absl::OkStatus();
}

absl::Status changeCommand(SC_HANDLE service, const std::wstring& line) {
    if (!::ChangeServiceConfigW(service, SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START,
                                SERVICE_ERROR_NORMAL, line.c_str(), nullptr, nullptr, nullptr,
                                nullptr, nullptr, kShownName))
        return base::lastError("changing the service ifrit-guard");
    return setRecovery(service);
}

absl::Status stopAndWait(SC_HANDLE service) {
    SERVICE_STATUS status{};
    if (!::ControlService(service, SERVICE_CONTROL_STOP, &status)) {
        return ::GetLastError() == ERROR_SERVICE_NOT_ACTIVE
                   ? absl::OkStatus()
                   : base::lastError("stopping the service ifrit-guard");
    }
    for (int pause = 0; pause < kPauses; ++pause) {
        if (!::QueryServiceStatus(service, &status))
            return base::lastError("asking for the service ifrit-guard");
        if (status.dwCurrentState == SERVICE_STOPPED) return absl::OkStatus();
        ::Sleep(kPauseMs);
    }
    return base::makeError(absl::StatusCode::kDeadlineExceeded, "SERVICE_STOPPING", "ifrit-guard",
                           "the service ifrit-guard has not stopped within a minute; it is not "
                           "removed, try again");
}

}  // namespace

absl::Status registerService(const std::vector<std::string>& command) {
    const ServiceHandle manager(
        ::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT | SC_MANAGER_CREATE_SERVICE));
    if (!manager.valid()) return base::lastError("opening the service manager");
    const std::wstring line = platform::commandLineOf(command);
    const ServiceHandle made(
        ::CreateServiceW(manager.get(), kName, kShownName, SERVICE_CHANGE_CONFIG | SERVICE_START,
                         SERVICE_WIN32_OWN_PROCESS, SERVICE_AUTO_START, SERVICE_ERROR_NORMAL,
                         line.c_str(), nullptr, nullptr, nullptr, nullptr, nullptr));
    if (made.valid()) return setRecovery(made.get());
    if (::GetLastError() != ERROR_SERVICE_EXISTS)
        return base::lastError("making the service ifrit-guard");
    // To restart a service takes the right to start it.
    const ServiceHandle there(
        ::OpenServiceW(manager.get(), kName, SERVICE_CHANGE_CONFIG | SERVICE_START));
    if (!there.valid()) return base::lastError("opening the service ifrit-guard");
    return changeCommand(there.get(), line);
}

absl::Status unregisterService() {
    const ServiceHandle manager(::OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    if (!manager.valid()) return base::lastError("opening the service manager");
    const ServiceHandle service(
        ::OpenServiceW(manager.get(), kName, SERVICE_STOP | SERVICE_QUERY_STATUS | DELETE));
    if (!service.valid()) {
        return ::GetLastError() == ERROR_SERVICE_DOES_NOT_EXIST
                   ? absl::OkStatus()
                   : base::lastError("opening the service ifrit-guard");
    }
    IFRIT_RETURN_IF_ERROR(stopAndWait(service.get()));
    if (!::DeleteService(service.get())) return base::lastError("removing the service ifrit-guard");
    return absl::OkStatus();
}

}  // namespace ifrit::agent::guard
