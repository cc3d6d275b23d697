// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <string>
#include <vector>

#include "master/rpc/gatekeeper.h"
#include "master/rpc/push_stream.h"
#include "master/services/identities.h"
#include "shared/base/clock.h"

namespace ifrit::master::rpc {

/// The streams of machines, to end those whose certificate was revoked after they were admitted: a
/// stream is admitted once and may stand for days. Thread-safe.
class OpenStreams final : public Ticked {
public:
    OpenStreams(services::Identities& identities, const base::Clock& clock)
        : m_identities(identities), m_clock(clock) {}

    void add(const Principal& machine, std::weak_ptr<Endable> stream);
    /// Asks for every stream once a second, from memory; O(streams). On the ticker's thread.
    void tick() override;
    /// As of the last tick.
    std::size_t count() const;

private:
    struct Held {
        std::string uuid;
        std::string serialHex;
        std::weak_ptr<Endable> stream;
    };

    services::Identities& m_identities;
    const base::Clock& m_clock;
    base::SteadyTime m_asked{};  ///< of the ticker's thread alone
    mutable absl::Mutex m_mutex;
    std::vector<Held> m_held ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::master::rpc
