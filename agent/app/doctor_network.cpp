// SPDX-License-Identifier: Apache-2.0
// The checks of Doctor that ask the network: name service, port, and a real call to each master.
#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "agent/app/advice.h"
#include "agent/app/configured_link.h"
#include "agent/app/doctor.h"
#include "agent/platform/tcp_connection.h"

namespace ifrit::agent::app {
namespace {

using Result = Finding::Result;

constexpr std::chrono::seconds kSmallSkew{30};
constexpr std::chrono::minutes kLargeSkew{5};

/// Of the checks of masters that agent.toml names while others are in use.
constexpr std::string_view kNotInUse = "(agent.toml)";
constexpr char kMendConfig[] = "mend masters in agent.toml, then systemctl reload ifrit-guard";

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

/// What `wanted` has other than `used`.
std::string differences(const link::LinkSettings& wanted, const link::LinkSettings& used) {
    std::vector<std::string> words;
    if (wanted.masters != used.masters)
        words.push_back("its masters are " + joined(wanted.masters));
    if (wanted.serverName != used.serverName) {
        words.push_back(wanted.serverName.empty() ? "it has no server_name"
                                                  : "its server_name is " + wanted.serverName);
    }
    if (wanted.caPem != used.caPem)
        words.push_back(wanted.caPem.empty() ? "its ca_file cannot be read" : "its CA is another");
    return joined(words);
}

}  // namespace

link::SettingsChoice Doctor::checkSettings() {
    const link::LinkSettings configured = configuredLink(m_config);
    const auto proven = link::LinkSettingsStore(m_layout.linkSettings()).read();
    const auto known = proven.value_or(std::nullopt);
    link::SettingsChoice choice = link::chooseSettings(configured, known, m_isEnrolled);
    const std::string check = "link settings";
    if (!m_file.ok()) {
        if (known && m_isEnrolled) {
            add(check, Result::Ok,
                fmt::format("what last worked: masters {} (state/link.toml)",
                            joined(known->masters)));
            return {*known, std::nullopt};
        }
        add(check, Result::Skipped, "agent.toml says who the masters are");
        return {};
    }
    if (absl::IsPermissionDenied(proven.status())) {
        add(check, Result::Skipped, base::messageOf(proven.status()), "run this as root");
    } else if (!proven.ok()) {
        add(check, Result::Warning, base::messageOf(proven.status()) + "; agent.toml is used",
            "it is written anew once a master has answered; look at the disk (dmesg)");
    } else if (choice.candidate) {
        add(check, Result::Warning,
            fmt::format("agent.toml is not used yet: {}. In use is what last worked: masters {} "
                        "(state/link.toml)",
                        differences(*choice.candidate, choice.used), joined(choice.used.masters)),
            fmt::format("see the checks of agent.toml's masters, marked \"{}\": it is used once a "
                        "call with it succeeds, at the latest 5 minutes after that works, or at "
                        "once by systemctl reload ifrit-guard. To stay with what is in use, write "
                        "that into agent.toml",
                        kNotInUse));
    } else if (known == configured) {
        add(check, Result::Ok, "agent.toml is used, and has worked");
    } else {
        add(check, Result::Ok, "agent.toml is used; no call has succeeded with it yet");
    }
    return choice;
}

void Doctor::checkLink() {
    if (!m_answers) return;  // as its own check says
    const auto told = m_parts.ask({"link", {}});
    if (!told.ok()) return;  // of another version
    std::istringstream columns(*told);
    std::string failures, address, reason, message;
    for (std::string* column : {&failures, &address, &reason, &message})
        std::getline(columns, *column, '\t');
    while (!message.empty() && message.back() == '\n')
        message.pop_back();
    const std::string check = "link";
    if (address.empty()) return add(check, Result::Skipped, "no master was asked yet");
    if (failures == "0") return add(check, Result::Ok, "in touch with " + address);
    const std::string_view advice = adviceFor(reason);
    add(check, Result::Failed,
        fmt::format("{} failed, the last with {}: {}",
                    failures == "1" ? "1 try" : failures + " tries in a row", address, message),
        std::string(advice.empty() ? "see the checks of the masters; it tries again by itself"
                                   : advice));
}

void Doctor::checkMasters(const link::SettingsChoice& settings) {
    std::vector<Master> masters;
    const auto gather = [&](const link::LinkSettings& from, const std::string& caPem,
                            const std::string& suffix, const std::string& mend) {
        for (const std::string& address : from.masters) {
            const Master one{address, from.serverName, caPem, suffix, mend};
            const bool isThere =
                std::any_of(masters.begin(), masters.end(),
                            [&](const Master& other) { return one.isSame(other); });
            if (!isThere) masters.push_back(one);
        }
    };
    const bool isConfigured = !settings.candidate;
    gather(settings.used, "", "",
           isConfigured ? kMendConfig
                        : "write masters that are there into agent.toml, then systemctl reload "
                          "ifrit-guard");
    if (settings.candidate) {
        const bool newCa = settings.candidate->caPem != settings.used.caPem;
        gather(*settings.candidate, newCa ? settings.candidate->caPem : "",
               fmt::format(" {}", kNotInUse), kMendConfig);
    }
    for (const Master& master : masters)
        checkMaster(master);
}

void Doctor::checkMaster(const Master& master) {
    const std::string check = "master " + master.address + master.suffix;
    const auto known = m_reached.find(master.address);
    const bool reached = known != m_reached.end() ? known->second : isReachable(master);
    m_reached[master.address] = reached;
    if (!reached)
        return add(check, Result::Skipped, "it cannot be reached, as its name and port say");
    checkSync(master);
}

bool Doctor::isReachable(const Master& master) {
    const std::string& address = master.address;
    const auto target = base::parseHostPort(address);
    if (!target.ok()) {
        add("address " + address, target.status(), "", master.mend);
        return false;
    }
    const auto found = m_parts.lookUp(target->host);
    add("name " + target->host, found.status(), joined(found.value_or(std::vector<std::string>())),
        "look at /etc/resolv.conf; or " + master.mend);
    if (!found.ok() || found->empty()) return false;
    absl::Status connected;
    for (const std::string& numeric : *found) {
        connected = m_parts.connect(numeric, target->port);
        if (connected.ok()) break;
        connected = base::annotate(connected, numeric);
    }
    add("port " + address, connected, "open",
        "is ifrit-master running there, and does a firewall let the port through? Else " +
            master.mend);
    return connected.ok();
}

void Doctor::checkSync(const Master& master) {
    const std::string check = "master " + master.address + master.suffix;
    if (!m_identity)
        return add(check, Result::Skipped, "cannot be asked without this machine's certificate");
    link::SyncRequest request;
    if (m_journal && m_journal->desired) {
        request.heldGeneration = m_journal->desired->generation;
        request.heldEtag = m_journal->desired->etag;
    }
    link::MachineIdentity identity = m_identity->identity;
    if (!master.caPem.empty()) identity.caPem = master.caPem;
    // Without a report and a presence: it changes nothing, and is no second machine.
    const auto reply =
        m_parts.connector.connect({master.address, master.serverName}, identity)->sync(request);
    add(check, reply.status(),
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
