// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <optional>
#include <vector>

#include "master/release/permit.h"
#include "master/services/fleet.h"

namespace ifrit::master::services {

/// A question for a permit, on the stack of the thread that waits for its answer.
struct AskedPermit {
    release::PermitQuestion question;
    std::optional<MachineView> view;
    release::PermitAnswer answer = {};
    bool isAnswered = false;  ///< the queue's
};

/// Brings those together that ask while others' permits are being stored: the first of them answers
/// for all, with one commit. Thread-safe; its lock is held for an instant, also under the release
/// engine's.
class PermitQueue {
public:
    /// Returns once `own` was answered, with nothing; or when no other thread answers any more,
    /// with all that wait, `own` among them: the caller answers these, and then calls answered().
    std::vector<AskedPermit*> take(AskedPermit& own);
    /// With what take() gave: their threads go on, and the next group is taken.
    void answered(const std::vector<AskedPermit*>& group);
    /// In no group yet.
    std::size_t waiting() const;

private:
    mutable absl::Mutex m_mutex;
    std::vector<AskedPermit*> m_asked ABSL_GUARDED_BY(m_mutex);
    bool m_isAnswering ABSL_GUARDED_BY(m_mutex) = false;
};

}  // namespace ifrit::master::services
