// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <optional>
#include <string>

#include "agent/link/connection.h"
#include "agent/link/enrolment.h"
#include "agent/link/link_board.h"
#include "agent/link/link_settings.h"
#include "shared/base/backoff.h"

namespace ifrit::agent::link {

/// Takes new settings over only after a real call with them has succeeded; until then the old ones
/// are used, and the new ones are tried again beside them, for ever, with back-off.
class SettingsAdopter {
public:
    struct Parts {
        Connection& connection;
        Enrolment& enrolment;
        MasterConnector& connector;
        const base::Clock& clock;
        base::UniformRandom random;
        LinkBoard& board;
    };
    SettingsAdopter(Parts parts, LinkSettingsStore store, SettingsChoice choice);

    /// Any thread: agent.toml was read again. The next step() tries them; where they are those in
    /// use, what was offered before is forgotten.
    void offer(LinkSettings settings) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Thread "link", before each poll: tries what is offered, if it is due.
    void step() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Thread "link", where the settings in use give no valid certificate: enrols with what is
    /// offered, if it is due. Whether the machine now has a certificate, and uses them.
    bool enrol() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Thread "link", after a poll that was answered: the settings in use are proven.
    void proven() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    /// nullopt: nothing is offered, or it is not time yet.
    std::optional<LinkSettings> due() ABSL_LOCKS_EXCLUDED(m_mutex);
    void settle(const LinkSettings& tried, const absl::Status& status) ABSL_LOCKS_EXCLUDED(m_mutex);
    absl::Status tryOut(const LinkSettings& settings);
    void adopt(const LinkSettings& settings);

    const Parts m_parts;
    const LinkSettingsStore m_store;
    absl::Mutex m_mutex;
    std::optional<LinkSettings> m_offered ABSL_GUARDED_BY(m_mutex);
    LinkSettings m_used ABSL_GUARDED_BY(m_mutex);
    bool m_isNew ABSL_GUARDED_BY(m_mutex) = false;  ///< offered since the last try
    // Thread "link" alone:
    base::Backoff m_backoff;
    base::SteadyTime m_nextTry{};
    bool m_isSaved = false;
};

}  // namespace ifrit::agent::link
