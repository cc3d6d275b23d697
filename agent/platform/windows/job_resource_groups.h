// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <string>

#include "agent/platform/resource_groups.h"
#include "agent/platform/windows/unique_handle.h"

namespace ifrit::agent::platform {

/// One named job for each managed agent; the kernel holds all three limits. Jobs nest, so the
/// session job (session_job.h) of what runs in it is no obstacle. An ifrit-agent that comes back
/// finds a job by its name, which what runs in it keeps open.
class JobResourceGroups final : public ResourceGroups {
public:
    absl::StatusOr<HeldLimits> prepare(const std::string& name, const GroupLimits& limits) override
        ABSL_LOCKS_EXCLUDED(m_mutex);
    absl::Status add(const std::string& name, const ProcessId& process) override;
    bool holds(const std::string& name, const ProcessId& process) const override;
    bool isEmpty(const std::string& name) const override;
    std::optional<GroupUsage> usage(const std::string& name) const override;
    absl::Status killAll(const std::string& name) override;
    void remove(const std::string& name) override ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    mutable absl::Mutex m_mutex;
    std::map<std::string, UniqueHandle> m_jobs ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::platform
