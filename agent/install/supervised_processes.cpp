// SPDX-License-Identifier: Apache-2.0
#include "agent/install/supervised_processes.h"

#include "agent/reconcile/reasons.h"
#include "shared/base/exhaustion.h"

namespace ifrit::agent::install {

absl::Status SupervisedProcesses::finishStop(const supervise::RunSpec& spec,
                                             std::chrono::steady_clock::time_point since) {
    const auto left = since + spec.stopGrace + m_afterKill - std::chrono::steady_clock::now();
    if (!m_supervisor.waitStopped(spec.agent, std::chrono::ceil<std::chrono::milliseconds>(left))) {
        const auto snapshot = m_supervisor.snapshot(spec.agent);
        if (snapshot && base::isExhaustion(snapshot->killed)) return snapshot->killed;
        return base::makeError(absl::StatusCode::kInternal, reconcile::kStopFailed, spec.agent,
                               fmt::format("{} did not end, not even {} s after SIGKILL",
                                           spec.agent, m_afterKill.count()));
    }
    return m_supervisor.forget(spec.agent);
}

absl::Status SupervisedProcesses::stopSupervised(const supervise::RunSpec& spec) {
    IFRIT_RETURN_IF_ERROR(m_supervisor.stop(spec.agent));
    return finishStop(spec, std::chrono::steady_clock::now());
}

absl::Status SupervisedProcesses::start(const supervise::RunSpec& spec,
                                        const BeforeStart& beforeStart) {
    if (beforeStart) IFRIT_RETURN_IF_ERROR(beforeStart());
    return m_supervisor.start(spec);
}

absl::Status SupervisedProcesses::run(const supervise::RunSpec& spec,
                                      const std::optional<journal::RunningProcess>& former,
                                      const BeforeStart& beforeStart) {
    if (const auto snapshot = m_supervisor.snapshot(spec.agent)) {
        const bool same = snapshot->digest == spec.digest;
        const bool ends = snapshot->phase == supervise::Phase::Stopped ||
                          snapshot->phase == supervise::Phase::Stopping;
        if (same && !ends) return absl::OkStatus();
        IFRIT_RETURN_IF_ERROR(stopSupervised(spec));
        return start(spec, beforeStart);
    }
    if (former && former->version.digest != spec.digest) {
        IFRIT_RETURN_IF_ERROR(stop(spec, former));
    } else if (former) {
        const absl::Status adopted = m_supervisor.adopt(spec, former->process);
        if (!absl::IsNotFound(adopted)) return adopted;
    }
    return start(spec, beforeStart);
}

absl::Status SupervisedProcesses::beginStop(const supervise::RunSpec& spec,
                                            const std::optional<journal::RunningProcess>& former) {
    if (!m_supervisor.snapshot(spec.agent)) {
        const absl::Status adopted = former ? m_supervisor.adopt(spec, former->process)
                                            : base::notFound("PROCESS_GONE", spec.agent, "none");
        // Where its start could not be written down, or what was written down is of a version that
        // cannot be run here, it may run all the same.
        if (absl::IsNotFound(adopted) || absl::IsInvalidArgument(adopted))
            return m_supervisor.stopStrays(spec);
        IFRIT_RETURN_IF_ERROR(adopted);
    }
    return m_supervisor.stop(spec.agent);
}

absl::Status SupervisedProcesses::stop(const supervise::RunSpec& spec,
                                       const std::optional<journal::RunningProcess>& former) {
    IFRIT_RETURN_IF_ERROR(beginStop(spec, former));
    return finishStop(spec, std::chrono::steady_clock::now());
}

std::vector<absl::Status> SupervisedProcesses::stopTogether(const std::vector<Stop>& stops) {
    std::vector<absl::Status> results;
    for (const Stop& stop : stops)
        results.push_back(beginStop(stop.spec, stop.former));
    const auto since = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < stops.size(); ++i)
        if (results[i].ok()) results[i] = finishStop(stops[i].spec, since);
    return results;
}

}  // namespace ifrit::agent::install
