// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <chrono>
#include <string>

#include "ifrit/v1/fleet.pb.h"
#include "master/services/cluster_services.h"
#include "master/services/load_history.h"

namespace ifrit::master::rpc {

/// What this master says of itself where somebody asks how the masters bear their machines.
/// Thread-safe.
class OwnLoad {
public:
    struct Parts {
        const services::LoadHistory& history;
        const services::ClusterServices& services;
        const base::Clock& clock;
        std::string version;
    };
    explicit OwnLoad(Parts parts) : m_parts(std::move(parts)) {}

    /// "host:port"; once it is known on which port this master listens.
    void reachedAt(std::string address) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// With samples as services::LoadHistory::samples().
    v1::MasterLoad tell(std::chrono::milliseconds within) const ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    const Parts m_parts;
    mutable absl::Mutex m_mutex;
    std::string m_address ABSL_GUARDED_BY(m_mutex);
};

/// `within_ms` of a request; longer than anything is kept: all.
std::chrono::milliseconds loadWithin(std::uint64_t withinMs);

}  // namespace ifrit::master::rpc
