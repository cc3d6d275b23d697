// SPDX-License-Identifier: Apache-2.0
#include "agent/app/local_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "agent/app/status_parts.h"
#include "agent/app/status_view.h"
#include "shared/domain/enum_names.h"

namespace ifrit::agent::app {
namespace {

/// A program's last words may have tabs in them.
std::string inOneColumn(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n'; }, ' ');
    return text;
}

std::string statesText(const MachineView& machine) {
    std::string out;
    if (!machine.running) return out;
    for (const domain::AgentReport& report : machine.running->agents) {
        out += fmt::format("{}\t{}\t{}", report.agent, domain::nameOf(report.state),
                           inOneColumn(doingOf(report)));
        if (report.lastError) {
            out += fmt::format("\t{}\t{}", report.lastError->reason,
                               inOneColumn(report.lastError->message));
        }
        out += '\n';
    }
    return out;
}

/// How the line to the masters stands, in one line.
std::string linkText(const MachineView& machine) {
    if (!machine.running) return "";
    const link::LinkState& link = machine.running->link;
    return fmt::format("{}\t{}\t{}\t{}\n", link.failures, link.address, link.lastReason,
                       inOneColumn(link.lastError));
}

}  // namespace

absl::StatusOr<std::string> resetBad(journal::Journal& journal, const std::string& agent,
                                     const std::string& digest) {
    std::string forgotten;
    IFRIT_RETURN_IF_ERROR(journal.update([&](journal::JournalState& state) {
        for (auto it = state.agents.begin(); it != state.agents.end();) {
            journal::AgentRecord& record = it->second;
            const bool isMeant = agent == "all" || it->first == agent;
            const auto bad = record.knownBad;
            if (isMeant) record.forgetBad(digest);
            for (const journal::KnownBad& one : bad) {
                if (record.isKnownBad(one.version.digest)) continue;
                forgotten += fmt::format("{} {} may be tried again (it was: {})\n", it->first,
                                         one.version.version, one.reason);
            }
            it = record == journal::AgentRecord() ? state.agents.erase(it) : std::next(it);
        }
    }));
    if (!forgotten.empty()) return forgotten;
    return base::notFound("NOT_KNOWN_BAD", agent, "this machine remembers no bad version of {}",
                          agent == "all" ? "any agent" : agent);
}

absl::StatusOr<std::string> LocalAnswers::answer(const local::LocalRequest& request) {
    const std::vector<std::string>& words = request.arguments;
    if (request.verb == "status") {
        const MachineView view = m_parts.view();
        if (!words.empty() && words[0] == "json") return statusJson(view) + '\n';
        return statusText(view, m_parts.clock.now());
    }
    if (request.verb == "states") return statesText(m_parts.view());
    if (request.verb == "link") return linkText(m_parts.view());
    if (request.verb == "explain" && words.size() == 1)
        return explainText(m_parts.view(), words[0], m_parts.clock.now());
    if (request.verb == "reset-bad" && !words.empty()) {
        auto forgotten =
            resetBad(m_parts.journal, words[0], words.size() > 1 ? words[1] : std::string());
        if (forgotten.ok()) m_parts.wake();
        return forgotten;
    }
    return base::invalidArgument("LOCAL_REQUEST", request.verb,
                                 "this ifrit-agent does not understand '{}'; is the program that "
                                 "asks of another version?",
                                 request.verb);
}

}  // namespace ifrit::agent::app
