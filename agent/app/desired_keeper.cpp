// SPDX-License-Identifier: Apache-2.0
#include "agent/app/desired_keeper.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>

#include "shared/domain/names.h"
#include "shared/log/repeated.h"

namespace ifrit::agent::app {

std::string tailOf(const std::string& path, std::size_t maxBytes) {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) return {};
    const auto size = static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0));
    const std::size_t wanted = std::min(size, maxBytes);
    file.seekg(static_cast<std::streamoff>(size - wanted));
    std::string text(wanted, '\0');
    file.read(text.data(), static_cast<std::streamsize>(wanted));
    text.resize(static_cast<std::size_t>(file.gcount()));
    // From the beginning of a line, where the piece holds one.
    const std::size_t line = size > wanted ? text.find('\n') : std::string::npos;
    return line == std::string::npos || line + 1 == text.size() ? text : text.substr(line + 1);
}

DesiredKeeper::DesiredKeeper(journal::Journal& journal, link::ReportBuilder& reports,
                             install::Layout layout, const base::Clock& clock)
    : m_journal(journal), m_reports(reports), m_layout(std::move(layout)), m_clock(clock) {}

link::SyncHandler::Held DesiredKeeper::held() const {
    const auto desired = m_journal.state().desired;
    return desired ? Held{desired->generation, desired->etag} : Held{};
}

absl::Status DesiredKeeper::keepDesired(const domain::DesiredState& desired) {
    const std::uint64_t held = this->held().generation;
    if (desired.generation < held) {
        const absl::Status refused = base::failedPrecondition(
            "GENERATION_BACKWARDS", "",
            "the master offers generation {}, this machine has {} already; it keeps that",
            desired.generation, held);
        tellOnce(desired.generation, refused);
        return refused;
    }
    return m_journal.update([&](journal::JournalState& state) { state.desired = desired; });
}

void DesiredKeeper::tellOnce(std::uint64_t offered, const absl::Status& refused) {
    if (m_refused == offered) return;
    const absl::Status written = m_journal.update([&](journal::JournalState& state) {
        state.addEvent({"generation-backwards", "", "", base::messageOf(refused), m_clock.now()});
    });
    if (written.ok()) m_refused = offered;
}

/// Each is told with every answer until the master has heard that it was obeyed; meanwhile the
/// version may have gone bad again, and stays so.
absl::Status DesiredKeeper::obey(const std::vector<domain::KnownBadClear>& clears) {
    const std::vector<domain::KnownBadClear> before = m_journal.state().obeyedClears;
    std::vector<domain::KnownBadClear> named;
    std::vector<std::string> forgotten;
    for (const domain::KnownBadClear& clear : clears) {
        if (clear.id != 0) named.push_back(clear);
        const bool isObeyed = clear.id != 0 && std::count(before.begin(), before.end(), clear) > 0;
        if (!isObeyed) forgotten.push_back(clear.digest);
    }
    if (forgotten.empty() && named == before) return absl::OkStatus();
    return m_journal.update([&](journal::JournalState& state) {
        state.obeyedClears = named;
        for (auto agent = state.agents.begin(); agent != state.agents.end();) {
            journal::AgentRecord& record = agent->second;
            for (const std::string& digest : forgotten)
                record.forgetBad(digest);
            agent = record == journal::AgentRecord() ? state.agents.erase(agent) : std::next(agent);
        }
    });
}

void DesiredKeeper::answer(const std::vector<link::LogTailRequest>& requests) {
    std::size_t answered = 0;
    for (const link::LogTailRequest& request : requests) {
        // Of the others a report would have no room; the master asks again.
        if (answered == link::kMaxLogTails) break;
        if (!domain::checkAgentName(request.agent).ok()) continue;
        if (request.requestId.size() > link::kMaxRequestIdBytes) {
            if (log::isWorthALine(++m_longRequests)) {
                spdlog::error(
                    "a master asks for the log of {} with a request id of {} bytes, where "
                    "{} are allowed; it is not answered",
                    request.agent, request.requestId.size(), link::kMaxRequestIdBytes);
            }
            continue;
        }
        const std::size_t bytes = std::min<std::size_t>(request.maxBytes, link::kMaxLogTailBytes);
        m_reports.addLogTail(
            {request.requestId, request.agent, tailOf(m_layout.log(request.agent), bytes)});
        ++answered;
    }
}

absl::Status DesiredKeeper::accept(const link::SyncReply& reply) {
    answer(reply.logTails);
    IFRIT_RETURN_IF_ERROR(obey(reply.clears));
    return reply.changed ? keepDesired(reply.desired) : absl::OkStatus();
}

}  // namespace ifrit::agent::app
