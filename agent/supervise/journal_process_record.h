// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "agent/journal/journal.h"
#include "agent/supervise/process_record.h"

namespace ifrit::agent::supervise {

/// Keeps AgentRecord::process of the journal up to date. The journal must outlive it.
class JournalProcessRecord final : public ProcessRecord {
public:
    JournalProcessRecord(journal::Journal& journal, const base::Clock& clock)
        : m_journal(journal), m_clock(clock) {}

    absl::Status started(const RunSpec& spec, const platform::ProcessId& process) override;
    absl::Status ended(const std::string& agent) override;

private:
    journal::Journal& m_journal;
    const base::Clock& m_clock;
};

}  // namespace ifrit::agent::supervise
