// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/session_job.h"

#include <cstddef>

#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr UINT kKilled = 137;  // as a shell says it of SIGKILL

std::wstring nameOf(const ProcessId& leader) {
    return base::toWide(fmt::format("Global\\ifrit-session-{}-{}", leader.pid, leader.startTime));
}

absl::Status setFlags(HANDLE job, DWORD flags) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = flags;
    if (::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits))
        return absl::OkStatus();
    return base::lastError("setting up a job");
}

}  // namespace

absl::StatusOr<SessionJob> SessionJob::makeFor(HANDLE process, const ProcessId& leader) {
    UniqueHandle job(::CreateJobObjectW(nullptr, nameOf(leader).c_str()));
    if (!job.valid()) return base::lastError("making a job");
    IFRIT_RETURN_IF_ERROR(setFlags(job.get(), JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE));
    if (!::AssignProcessToJobObject(job.get(), process))
        return base::lastError("putting a process into its job");
    HANDLE theirs = nullptr;
    if (!::DuplicateHandle(::GetCurrentProcess(), job.get(), process, &theirs,
                           JOB_OBJECT_QUERY | JOB_OBJECT_TERMINATE, FALSE, 0))
        return base::lastError("giving a process its job");
    return SessionJob(std::move(job));
}

absl::Status SessionJob::letGo() {
    return setFlags(m_job.get(), 0);
}

std::vector<DWORD> membersOfJob(HANDLE job) {
    std::vector<DWORD> pids;
    for (DWORD room = 64; room <= 1U << 16; room *= 4) {
        std::vector<std::byte> buffer(sizeof(JOBOBJECT_BASIC_PROCESS_ID_LIST) +
                                      room * sizeof(ULONG_PTR));
        const bool whole =
            ::QueryInformationJobObject(job, JobObjectBasicProcessIdList, buffer.data(),
                                        static_cast<DWORD>(buffer.size()), nullptr);
        if (!whole && ::GetLastError() == ERROR_MORE_DATA) continue;
        if (!whole) return pids;
        const auto* list = reinterpret_cast<const JOBOBJECT_BASIC_PROCESS_ID_LIST*>(buffer.data());
        for (DWORD i = 0; i < list->NumberOfProcessIdsInList; ++i)
            pids.push_back(static_cast<DWORD>(list->ProcessIdList[i]));
        return pids;
    }
    return pids;
}

UniqueHandle SessionJob::open(const ProcessId& leader) {
    return UniqueHandle(::OpenJobObjectW(JOB_OBJECT_QUERY, FALSE, nameOf(leader).c_str()));
}

std::vector<DWORD> SessionJob::membersOf(const ProcessId& leader) {
    const UniqueHandle job = open(leader);
    return job.valid() ? membersOfJob(job.get()) : std::vector<DWORD>();
}

absl::Status SessionJob::terminate(const ProcessId& leader) {
    const UniqueHandle job(::OpenJobObjectW(JOB_OBJECT_TERMINATE, FALSE, nameOf(leader).c_str()));
    if (!job.valid()) {
        return base::notFound("PROCESS_GONE", std::to_string(leader.pid),
                              "process {} has ended: nothing was signalled", leader.pid);
    }
    if (!::TerminateJobObject(job.get(), kKilled)) return base::lastError("ending a job");
    return absl::OkStatus();
}

}  // namespace ifrit::agent::platform
