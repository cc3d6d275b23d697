// SPDX-License-Identifier: Apache-2.0
// The checks of Doctor that ask the network: name service, port, and a real call to each master.
#include <fmt/format.h>

#include "agent/app/advice.h"
#include "agent/app/doctor.h"
#include "agent/platform/tcp_connection.h"

namespace ifrit::agent::app {
namespace {

using Result = Finding::Result;

constexpr std::chrono::seconds kSmallSkew{30};
constexpr std::chrono::minutes kLargeSkew{5};

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

}  // namespace

void Doctor::checkMaster(const std::string& address) {
    const auto target = base::parseHostPort(address);
    if (!target.ok()) return add("master " + address, target.status(), "", "mend agent.toml");
    const auto found = m_parts.lookUp(target->host);
    add("name " + target->host, found.status(), joined(found.value_or(std::vector<std::string>())),
        "look at /etc/resolv.conf and at the name in agent.toml");
    if (!found.ok() || found->empty())
        return add("master " + address, Result::Skipped, "its name is not known");
    absl::Status connected;
    for (const std::string& numeric : *found) {
        connected = m_parts.connect(numeric, target->port);
        if (connected.ok()) break;
        connected = base::annotate(connected, numeric);
    }
    add("port " + address, connected, "open",
        "is ifrit-master running there, and does a firewall let the port through?");
    if (!connected.ok()) return add("master " + address, Result::Skipped, "its port is closed");
    checkSync(address);
}

void Doctor::checkSync(const std::string& address) {
    if (!m_identity)
        return add("master " + address, Result::Skipped,
                   "cannot be asked without this machine's certificate");
    link::SyncRequest request;
    if (m_journal && m_journal->desired) {
        request.heldGeneration = m_journal->desired->generation;
        request.heldEtag = m_journal->desired->etag;
    }
    // Without a report and a presence: it changes nothing, and is no second machine.
    const auto reply =
        m_parts.connector.connect({address, m_config.serverName}, m_identity->identity)
            ->sync(request);
    add("master " + address, reply.status(),
        reply.ok() ? (reply->changed ? "answers; there is news for this machine"
                                     : "answers; what this machine holds is current")
                   : "",
        "ifrit-master's log there says more");
    if (reply.ok() && reply->masterTime) checkClock(*reply->masterTime);
}

void Doctor::checkClock(base::WallTime masterTime) {
    const auto ahead =
        std::chrono::duration_cast<std::chrono::milliseconds>(m_parts.clock.now() - masterTime);
    const auto off = ahead < ahead.zero() ? -ahead : ahead;
    const std::string text =
        fmt::format("{:.1f} s {} the master's", static_cast<double>(off.count()) / 1000.0,
                    ahead < ahead.zero() ? "behind" : "ahead of");
    const bool isOff = off > kSmallSkew;
    add("clock",
        off > kLargeSkew ? Result::Failed
        : isOff          ? Result::Warning
                         : Result::Ok,
        text,
        isOff ? "is time synchronized here (timedatectl)? Certificates and timestamps depend on it"
              : "");
}

}  // namespace ifrit::agent::app
