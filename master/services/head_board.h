// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "master/release/model.h"

namespace ifrit::master::services {

/// Releases without their machines, as committed, for whoever only looks: no look waits for a
/// database, as the release engine's own lock does. Thread-safe.
class HeadBoard {
public:
    void put(const release::Model& head);
    /// Takes the place of all.
    void replace(const std::map<std::string, release::Model>& heads);

    /// `id` may be the number in decimal.
    std::optional<release::Model> find(const std::string& id) const;
    /// Newest first.
    std::vector<release::Model> list() const;
    /// How many run.
    std::size_t running() const;

private:
    mutable absl::Mutex m_mutex;
    std::map<std::string, release::Model> m_heads ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::services
