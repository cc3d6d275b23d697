// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/install/layout.h"
#include "agent/journal/journal.h"
#include "agent/link/report_builder.h"
#include "agent/link/sync_loop.h"
#include "shared/base/clock.h"

namespace ifrit::agent::app {

/// Writes a master's answers down; the machine's loop acts on what is written. Thread "link".
class DesiredKeeper final : public link::SyncHandler {
public:
    DesiredKeeper(journal::Journal& journal, link::ReportBuilder& reports, install::Layout layout,
                  const base::Clock& clock);

    Held held() const override;
    /// FAILED_PRECONDITION GENERATION_BACKWARDS for a desired state older than the one held: a
    /// stale master, or a replay. The event "generation-backwards" tells of each such generation.
    absl::Status accept(const link::SyncReply& reply) override;

private:
    absl::Status keepDesired(const domain::DesiredState& desired);
    absl::Status obey(const std::vector<domain::KnownBadClear>& clears);
    void answer(const std::vector<link::LogTailRequest>& requests);
    void tellOnce(std::uint64_t offered, const absl::Status& refused);

    journal::Journal& m_journal;
    link::ReportBuilder& m_reports;
    const install::Layout m_layout;
    const base::Clock& m_clock;
    std::optional<std::uint64_t> m_refused;  ///< the generation that was told of last
    std::uint32_t m_longRequests = 0;
};

/// The last `maxBytes` of a file, empty when it cannot be read.
std::string tailOf(const std::string& path, std::size_t maxBytes);

}  // namespace ifrit::agent::app
