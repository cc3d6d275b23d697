// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "master/release/plan_outline.h"

namespace ifrit::master::services {

/// Plans of drafts that were shown, as outlines: what a start that is refused says has changed
/// since. A few of each draft, and what they take in memory is bounded; the oldest go first.
/// Thread-safe, with a lock of its own that is held for an instant.
class ShownPlans {
public:
    /// What all keep together, in bytes, and of one draft. The newest one always stays.
    static constexpr std::size_t kBytesKept = std::size_t{32} << 20;
    static constexpr std::ptrdiff_t kOfOneDraft = 4;

    explicit ShownPlans(std::size_t bytesKept = kBytesKept) : m_bytesKept(bytesKept) {}

    /// The newest from now on; of one that is there, too.
    void put(const std::string& release, release::PlanOutline plan);
    /// PlanOutline::differenceTo(); nullopt: not known, or not any more.
    std::optional<std::vector<std::string>> difference(const std::string& release,
                                                       const std::string& planId,
                                                       const release::Plan& current) const;
    /// It is no draft any more.
    void forget(const std::string& release);
    void clear();
    std::size_t bytes() const;

private:
    struct Shown {
        std::string release;
        std::shared_ptr<const release::PlanOutline> plan;
    };
    using Plans = std::deque<Shown>;
    Plans::iterator erase(Plans::iterator at) ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    const std::size_t m_bytesKept;
    mutable absl::Mutex m_mutex;
    Plans m_plans ABSL_GUARDED_BY(m_mutex);  // oldest first
    std::size_t m_bytes ABSL_GUARDED_BY(m_mutex) = 0;
};

}  // namespace ifrit::master::services
