// SPDX-License-Identifier: Apache-2.0
#include "agent/link/sync_loop.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "shared/log/repeated.h"

namespace ifrit::agent::link {

SyncLoop::SyncLoop(Parts parts, LinkPolicy policy)
    : m_parts(std::move(parts)), m_policy(std::move(policy)) {}

SyncLoop::Result SyncLoop::failed(const absl::Status& status, std::string_view what) {
    const std::string address = m_parts.connection.address();
    const std::chrono::milliseconds wait = m_policy.afterFailure(status);
    if (log::isWorthALine(m_policy.failures())) {
        spdlog::warn("{} with master {} failed ({} times in a row, next in {} ms): {}", what,
                     address, m_policy.failures(), wait.count(), base::messageOf(status));
    }
    if (m_parts.board != nullptr) m_parts.board->failed(address, wait, status);
    if (leave(blameOf(status))) m_holdsWatch = false;
    return {wait, false, false, m_holdsWatch};
}

bool SyncLoop::leave(Blame blame) {
    ++m_failuresHere;
    bool left = blame == Blame::Line;
    if (left) {
        m_parts.connection.rotate();
    } else if (blame == Blame::Master || m_failuresHere >= kPatience) {
        left = m_parts.connection.tryNext();
    }
    if (left) m_failuresHere = 0;
    return left;
}

SyncRequest SyncLoop::held() const {
    SyncRequest request;
    const SyncHandler::Held held = m_parts.handler.held();
    request.heldGeneration = held.generation;
    request.heldEtag = held.etag;
    return request;
}

absl::StatusOr<SyncReply> SyncLoop::poll() {
    SyncRequest request = held();
    if (m_parts.beforePoll) m_parts.beforePoll();
    absl::StatusOr<Report> report = m_parts.reports.next();
    if (report.ok()) {
        request.report = *std::move(report);
    } else {
        spdlog::error("no report can be made: {}", base::messageOf(report.status()));
    }
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<MasterClient> client, m_parts.connection.client());
    absl::StatusOr<SyncReply> reply = client->sync(request);
    if (!reply.ok() && reply.status().code() == absl::StatusCode::kInvalidArgument) {
        m_parts.reports.discardPending();
    }
    return reply;
}

SyncLoop::Result SyncLoop::step() {
    if (const absl::Status status = m_parts.enrolment.ensure(m_parts.connection); !status.ok()) {
        // The masters may have moved while this machine was off for longer than its certificate.
        if (m_parts.adopter == nullptr || !m_parts.adopter->enrol())
            return failed(status, "enrolment");
    }
    if (m_parts.adopter != nullptr) m_parts.adopter->step();
    const absl::StatusOr<SyncReply> reply = poll();
    const absl::Status judged = m_parts.enrolment.judged(reply.status());
    if (!judged.ok()) return failed(judged, "sync");

    if (!m_everReached || m_policy.failures() > 0) {
        spdlog::info("in touch with master {}", m_parts.connection.address());
        m_everReached = true;
    }
    if (m_parts.adopter != nullptr) m_parts.adopter->proven();
    const absl::Status accepted = m_parts.handler.accept(*reply);
    if (!accepted.ok()) {
        spdlog::error("the master's answer could not be kept: {}", base::messageOf(accepted));
    }
    const absl::Status acknowledged =
        m_parts.reports.acknowledge(reply->ackedSequence, reply->wantFullReport);
    if (!acknowledged.ok()) {
        spdlog::error("what the master acknowledged could not be kept: {}",
                      base::messageOf(acknowledged));
    }
    if (reply->masterTime) m_parts.reports.heardAt(*reply->masterTime);
    std::chrono::milliseconds wait =
        accepted.ok() ? m_policy.afterSuccess(*reply) : m_policy.afterUnkept(*reply);
    // A person waits for these.
    if (!reply->logTails.empty()) wait = std::min(wait, m_policy.times().urgentSpacing);
    if (m_parts.board != nullptr)
        m_parts.board->reached(m_parts.connection.address(), wait, reply->masterTime);
    if (reply->disconnect) m_parts.connection.disconnect();
    m_failuresHere = 0;
    m_holdsWatch = !reply->disconnect;
    // Between two polls: the one before is done, and the next one goes where this leads.
    if (m_parts.home != nullptr && m_parts.home->step(held())) m_holdsWatch = true;
    return {wait, true, accepted.ok(), m_holdsWatch};
}

}  // namespace ifrit::agent::link
