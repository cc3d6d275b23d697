// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/journal_process_record.h"

namespace ifrit::agent::supervise {

absl::Status JournalProcessRecord::started(const RunSpec& spec,
                                           const platform::ProcessId& process) {
    return m_journal.updateAgent(spec.agent, [&](journal::AgentRecord& record) {
        record.process = journal::RunningProcess{
            process, {spec.version, spec.digest}, m_clock.now(), spec.address};
    });
}

absl::Status JournalProcessRecord::ended(const std::string& agent) {
    return m_journal.updateAgent(agent,
                                 [](journal::AgentRecord& record) { record.process.reset(); });
}

}  // namespace ifrit::agent::supervise
