// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/reporter.h"

#include <map>
#include <utility>

#include "shared/base/call_details.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/numbered_report.h"

namespace ifrit::tests {

Reporter::Reporter(std::string uuid, const std::shared_ptr<grpc::Channel>& channel, Tally& tally)
    : m_uuid(std::move(uuid)), m_stub(v1::MachineLink::NewStub(channel)), m_tally(tally) {}

void Reporter::awaitAnswer() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_isRunning; });
}

bool Reporter::report() {
    {
        const std::lock_guard lock(m_mutex);
        if (std::exchange(m_isRunning, true)) return false;
    }
    ++m_tally.made;
    m_request.Clear();
    *m_request.mutable_report() = reportAfter(m_acked);
    m_context = std::make_unique<grpc::ClientContext>();
    rpc::setDeadline(*m_context, std::chrono::seconds(60));
    m_stub->async()->Sync(m_context.get(), &m_request, &m_response,
                          [this](const grpc::Status& how) { answered(how); });
    return true;
}

void Reporter::answered(const grpc::Status& how) {
    const absl::Status status = rpc::fromGrpc(how);
    if (status.ok() && m_response.acked_seq() == m_acked + 1) {
        ++m_acked;
        ++m_tally.stored;
    } else if (status.code() == absl::StatusCode::kResourceExhausted &&
               base::callDetails(status).retryAfter.count() > 0) {
        ++m_tally.shed;
    } else {
        ++m_tally.other;
    }
    const std::lock_guard lock(m_mutex);
    m_isRunning = false;
    m_changed.notify_all();
}

int Reporters::offer(int count) {
    int made = 0;
    for (std::size_t tried = 0; made < count && tried < m_machines.size(); ++tried)
        made += m_machines[m_next++ % m_machines.size()]->report() ? 1 : 0;
    return made;
}

void Reporters::awaitAnswers() {
    for (const auto& machine : m_machines)
        machine->awaitAnswer();
}

int Reporters::lost(master::storage::Database& database) const {
    int out = 0;
    for (const auto& machine : m_machines) {
        std::map<std::string, int> events;
        const absl::Status read =
            database.read([&](master::storage::Transaction& in) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto all,
                                       in.machines().listEvents(machine->uuid(), 0, 1'000'000));
                events.clear();
                for (const auto& one : all)
                    ++events[one.event.message];
                return absl::OkStatus();
            });
        if (!read.ok()) return -1;
        bool isWhole = events.size() == machine->acked();
        for (std::uint64_t seq = 1; seq <= machine->acked(); ++seq)
            isWhole = isWhole && events[eventOf(seq)] == 1;
        out += isWhole ? 0 : 1;
    }
    return out;
}

}  // namespace ifrit::tests
