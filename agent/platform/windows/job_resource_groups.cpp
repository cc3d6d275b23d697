// SPDX-License-Identifier: Apache-2.0
#include "agent/platform/windows/job_resource_groups.h"

#include "agent/platform/no_resource_groups.h"
#include "agent/platform/windows/session_job.h"
#include "agent/platform/windows/windows_process_table.h"
#include "shared/base/windows_text.h"

namespace ifrit::agent::platform {
namespace {

constexpr UINT kKilled = 137;  // as a shell says it of SIGKILL
constexpr DWORD kHundredthsOfAPercent = 100;
constexpr DWORD kWholeMachine = 10'000;

std::wstring nameOf(const std::string& agent) {
    return base::toWide("Global\\ifrit-agent-" + agent);
}

UniqueHandle openJob(const std::string& agent, DWORD rights) {
    return UniqueHandle(::OpenJobObjectW(rights, FALSE, nameOf(agent).c_str()));
}

/// Windows counts the share of the whole machine, packages that of one core.
DWORD rateOf(std::uint32_t percentOfACore) {
    SYSTEM_INFO info{};
    ::GetSystemInfo(&info);
    const DWORD cores = info.dwNumberOfProcessors == 0 ? 1 : info.dwNumberOfProcessors;
    const DWORD rate = percentOfACore * kHundredthsOfAPercent / cores;
    return rate == 0 ? 1 : rate;
}

absl::Status setCounts(HANDLE job, const GroupLimits& limits) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION info{};
    if (limits.memoryBytes != 0) {
        info.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_JOB_MEMORY;
        info.JobMemoryLimit = static_cast<SIZE_T>(limits.memoryBytes);
    }
    if (limits.tasks != 0) {
        // Of processes alone: Windows does not count threads for a job.
        info.BasicLimitInformation.LimitFlags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        info.BasicLimitInformation.ActiveProcessLimit = limits.tasks;
    }
    if (::SetInformationJobObject(job, JobObjectExtendedLimitInformation, &info, sizeof info))
        return absl::OkStatus();
    return base::lastError("limiting a job");
}

/// False where the system does not know it (before Windows 8).
bool setRate(HANDLE job, const GroupLimits& limits) {
    JOBOBJECT_CPU_RATE_CONTROL_INFORMATION info{};
    if (limits.cpuPercent != 0) {
        info.ControlFlags =
            JOB_OBJECT_CPU_RATE_CONTROL_ENABLE | JOB_OBJECT_CPU_RATE_CONTROL_HARD_CAP;
        info.CpuRate = rateOf(limits.cpuPercent);
        if (info.CpuRate >= kWholeMachine) info.ControlFlags = 0;
    }
    return ::SetInformationJobObject(job, JobObjectCpuRateControlInformation, &info, sizeof info) !=
           0;
}

}  // namespace

absl::StatusOr<HeldLimits> JobResourceGroups::prepare(const std::string& name,
                                                      const GroupLimits& limits) {
    UniqueHandle job(::CreateJobObjectW(nullptr, nameOf(name).c_str()));
    if (!job.valid()) return base::lastError("making a job for " + name);
    IFRIT_RETURN_IF_ERROR(setCounts(job.get(), limits));
    const bool rate = setRate(job.get(), limits);
    const absl::MutexLock lock(&m_mutex);
    m_jobs[name] = std::move(job);
    // A job over its memory gets no more of it, and what the program then does is its own matter:
    // so that limit is watched as well.
    return HeldLimits{false, rate && limits.cpuPercent != 0, false};
}

absl::Status JobResourceGroups::add(const std::string& name, const ProcessId& process) {
    const UniqueHandle job =
        openJob(name, JOB_OBJECT_ASSIGN_PROCESS | JOB_OBJECT_QUERY | JOB_OBJECT_TERMINATE);
    if (!job.valid()) return base::lastError("finding the job of " + name);
    IFRIT_ASSIGN_OR_RETURN(
        const UniqueHandle handle,
        openProcess(process, PROCESS_SET_QUOTA | PROCESS_TERMINATE | PROCESS_DUP_HANDLE));
    if (!::AssignProcessToJobObject(job.get(), handle.get()))
        return base::lastError("putting a process into the job of " + name);
    HANDLE theirs = nullptr;
    if (!::DuplicateHandle(::GetCurrentProcess(), job.get(), handle.get(), &theirs, 0, FALSE,
                           DUPLICATE_SAME_ACCESS))
        return base::lastError("giving a process its job");
    return absl::OkStatus();
}

bool JobResourceGroups::holds(const std::string& name, const ProcessId& process) const {
    const UniqueHandle job = openJob(name, JOB_OBJECT_QUERY);
    const auto handle = openProcess(process, 0);
    BOOL in = FALSE;
    return job.valid() && handle.ok() && ::IsProcessInJob(handle->get(), job.get(), &in) && in;
}

bool JobResourceGroups::isEmpty(const std::string& name) const {
    const UniqueHandle job = openJob(name, JOB_OBJECT_QUERY);
    return !job.valid() || membersOfJob(job.get()).empty();
}

std::optional<GroupUsage> JobResourceGroups::usage(const std::string& name) const {
    const UniqueHandle job = openJob(name, JOB_OBJECT_QUERY);
    JOBOBJECT_BASIC_ACCOUNTING_INFORMATION info{};
    if (!job.valid() || !::QueryInformationJobObject(job.get(), JobObjectBasicAccountingInformation,
                                                     &info, sizeof info, nullptr))
        return std::nullopt;
    GroupUsage usage;
    usage.cpuTime = std::chrono::nanoseconds(
        100 * (info.TotalUserTime.QuadPart + info.TotalKernelTime.QuadPart));
    usage.tasksRefused = info.TotalTerminatedProcesses;  // ended for want of room in the job
    return usage;
}

absl::Status JobResourceGroups::killAll(const std::string& name) {
    const UniqueHandle job = openJob(name, JOB_OBJECT_TERMINATE);
    if (!job.valid() || ::TerminateJobObject(job.get(), kKilled)) return absl::OkStatus();
    return base::lastError("ending the job of " + name);
}

void JobResourceGroups::remove(const std::string& name) {
    const absl::MutexLock lock(&m_mutex);
    m_jobs.erase(name);
}

OpenedGroups openResourceGroups(const std::string& setting) {
    if (setting == "off")
        return {std::make_unique<NoResourceGroups>(), "limits are watched: limits.cgroup is off"};
    return {std::make_unique<JobResourceGroups>(), "limits are held by job objects"};
}

}  // namespace ifrit::agent::platform
