// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <string>
#include <vector>

#include "master/release/neighbours.h"
#include "master/release/succession.h"

namespace ifrit::master::services {

/// Releases without their machines, as committed, for whoever only looks: no look waits for a
/// database, as the release engine's own lock does. Thread-safe.
class HeadBoard {
public:
    void put(release::Head head);
    /// Takes the place of all.
    void replace(const release::Heads& heads);

    /// `id` may be the number in decimal; null: there is none.
    release::Head find(const std::string& id) const;
    /// Newest first.
    std::vector<release::Head> list() const;
    release::Heads all() const;
    /// Started and not final.
    std::size_t runningCount() const;
    /// release::Neighbours::check()
    absl::Status check(const domain::Release& release, domain::ReleaseVerb verb) const;

private:
    mutable absl::Mutex m_mutex;
    release::Heads m_heads ABSL_GUARDED_BY(m_mutex);
    release::Neighbours m_neighbours ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
