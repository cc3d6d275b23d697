// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>

#include "agent/app/last_address.h"
#include "agent/install/run_spec_maker.h"
#include "agent/platform/host.h"
#include "shared/base/clock.h"
#include "shared/domain/machine.h"

namespace ifrit::agent::app {

/// What the machine says of itself, read again now and then: agents start before any network, and
/// an address may come, or change, hours later. Thread-safe.
class LiveFacts {
public:
    /// No more often than this, but for an address that is missing.
    static constexpr std::chrono::seconds kSpacing{30};

    /// Where `first` has no address it is the one that `last` kept, until the host has one; assumed
    /// where that was before the machine was started.
    LiveFacts(domain::MachineFacts first, const platform::Host& host, const base::Clock& clock,
              LastAddress last = {"", ""});

    /// As last read.
    domain::MachineFacts facts() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// As last read; in place of none that which was kept.
    install::MachineAddress address() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The first one that is known, once it was read, and then what was read twice in a row: what
    /// is not there to stay restarts nobody. Empty: none yet.
    std::string settledAddress() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Reads the host again if it is time. An address that goes away stays the last one known:
    /// nobody can be told meanwhile, and nobody is to act on it.
    void refresh() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    const platform::Host& m_host;
    const base::Clock& m_clock;
    mutable absl::Mutex m_mutex;
    LastAddress m_last ABSL_GUARDED_BY(m_mutex);
    domain::MachineFacts m_facts ABSL_GUARDED_BY(m_mutex);
    bool m_isRead ABSL_GUARDED_BY(m_mutex);  ///< the host had an address in this life of ours
    bool m_isAssumed ABSL_GUARDED_BY(m_mutex) = false;
    std::string m_settled ABSL_GUARDED_BY(m_mutex);
    std::optional<base::SteadyTime> m_next ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::agent::app
