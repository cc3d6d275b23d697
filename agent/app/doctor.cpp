// SPDX-License-Identifier: Apache-2.0
#include "agent/app/doctor.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <set>
#include <sstream>

#include "agent/app/advice.h"
#include "agent/app/machine_identity.h"
#include "agent/app/machine_view.h"
#include "agent/app/status_parts.h"
#include "agent/journal/journal.h"
#include "agent/link/report.h"
#include "agent/package/manifest_store.h"
#include "shared/base/atomic_file.h"
#include "shared/crypto/certificates.h"
#include "shared/crypto/signing_key.h"

namespace ifrit::agent::app {
namespace {

using Result = Finding::Result;

constexpr std::size_t kMaxPemBytes = 256 * 1024;
constexpr std::uint64_t kLittleSpace = 512ULL << 20;
constexpr std::uint64_t kNoSpace = 64ULL << 20;
constexpr std::uint64_t kFewInodes = 1000;

/// What LocalAnswers says of one agent behind its name.
struct StateLine {
    explicit StateLine(const std::string& line) {
        std::istringstream columns(line);
        std::string doing;
        domain::AgentError told;
        std::getline(columns, state, '\t');
        std::getline(columns, doing, '\t');
        if (!std::getline(columns, told.reason, '\t')) return;
        std::getline(columns, told.message);
        error = told;
    }
    std::string state;
    std::optional<domain::AgentError> error;
};

}  // namespace

Doctor::Doctor(Parts parts, Config config, absl::Status file)
    : m_parts(std::move(parts)),
      m_config(std::move(config)),
      m_file(std::move(file)),
      m_layout(m_config.root) {}

std::vector<Finding> Doctor::examine() {
    m_findings.clear();
    m_reached.clear();
    checkService();
    m_file.ok() ? checkIdentity() : guessIdentity();
    checkCertificate();
    checkKeys();
    checkDisk();
    checkJournal();
    checkLink();
    checkMasters(checkSettings());
    checkAgents();
    return std::move(m_findings);
}

void Doctor::add(std::string check, Result result, std::string detail, std::string advice) {
    m_findings.push_back({std::move(check), result, std::move(detail), std::move(advice)});
}

void Doctor::add(std::string check, const absl::Status& status, std::string good,
                 std::string_view fallbackAdvice) {
    if (status.ok()) return add(std::move(check), Result::Ok, std::move(good));
    const std::string_view advice = adviceFor(base::errorInfo(status).reason);
    add(std::move(check), Result::Failed, base::messageOf(status),
        std::string(advice.empty() ? fallbackAdvice : advice));
}

void Doctor::checkService() {
    const auto states = m_parts.ask({"states", {}});
    m_states = states.value_or("");
    m_answers = states.ok();
    if (states.ok()) return add("ifrit-agent", Result::Ok, "runs and answers");
    const std::string reason = base::errorInfo(states.status()).reason;
    const std::string message = base::messageOf(states.status());
    if (reason == "LOCAL_DENIED")
        return add("ifrit-agent", Result::Skipped, message, "run this as root");
    if (reason == "LOCAL_TIMEOUT") {
        return add("ifrit-agent", Result::Failed, message, std::string(adviceFor(reason)));
    }
    add("ifrit-agent", Result::Failed, message,
        "managed agents run on without it. Start it: systemctl start ifrit-guard; see why it "
        "ended: "
        "journalctl -u ifrit-guard");
}

void Doctor::guessIdentity() {
    add("agent.toml", m_file, "",
        "mend it until `ifrit-agent --check-config` says that it is good, then systemctl reload "
        "ifrit-guard. An ifrit-agent that runs goes on with what it read at its start; none starts "
        "with this");
    platform::HostFacts host = m_parts.host.facts();
    const auto identity = identityOf(m_config, host);
    using Certificate = IdentityDecision::Certificate;
    m_isEnrolled = identity.ok() && (identity->certificate == Certificate::Own ||
                                     identity->certificate == Certificate::Moved);
    add("identity", Result::Skipped, "agent.toml may say it");
}

void Doctor::checkIdentity() {
    platform::HostFacts host = m_parts.host.facts();
    const auto identity = identityOf(m_config, host);
    if (!identity.ok()) return add("identity", identity.status(), "", "set uuid in agent.toml");
    const std::string type = machineType(m_config, host);
    const std::string why = host.container ? " (" + host.containerEvidence + ")" : "";
    const std::string who =
        fmt::format("{}, by {}; {}{}", identity->uuid, identity->source, type, why);
    using Certificate = IdentityDecision::Certificate;
    m_isEnrolled =
        identity->certificate == Certificate::Own || identity->certificate == Certificate::Moved;
    if (identity->certificate == Certificate::Moved) {
        return add("identity", Result::Warning, who + "; its certificate was given to another host",
                   "if this is a copy, give it its own uuid and a new join token. If its disk was "
                   "moved here, nothing is to be done as long as the other host stays away");
    }
    if (identity->certificate == Certificate::OfAnother) {
        return add("identity", Result::Warning,
                   who + "; the certificate on its disk is of another machine",
                   "ifrit-agent sets it aside when it starts and enrols anew; it needs a join "
                   "token for that");
    }
    add("identity", Result::Ok, who);
}

void Doctor::checkEnrolment() {
    if (!m_file.ok()) return add("join token", Result::Skipped, "agent.toml says where it is");
    if (m_config.caFile.empty()) {
        add("ca_file", Result::Failed, "is not set", std::string(adviceFor("NO_CA")));
    } else {
        const auto pem = base::readFile(m_config.caFile, kMaxPemBytes);
        const absl::Status status =
            pem.ok() ? crypto::describeCertificate(*pem).status() : pem.status();
        add("ca_file", status, m_config.caFile, adviceFor("NO_CA"));
    }
    if (!m_config.joinToken.empty()) return add("join token", Result::Ok, "in agent.toml");
    const auto token = m_config.joinTokenFile.empty()
                           ? absl::StatusOr<std::string>(base::failedPrecondition(
                                 "NO_JOIN_TOKEN", "", "join_token_file is not set"))
                           : base::readFile(m_config.joinTokenFile, kMaxPemBytes);
    absl::Status status = token.status();
    if (token.ok() && token->rfind("ifritjoin_", 0) != 0) {
        status = base::failedPrecondition("TOKEN_MALFORMED", "", "{} holds no join token",
                                          m_config.joinTokenFile);
    }
    add("join token", status, m_config.joinTokenFile, adviceFor("NO_JOIN_TOKEN"));
}

void Doctor::checkCertificate() {
    const link::IdentityStore store(m_layout.identity());
    const auto stored = store.load();
    if (!stored.ok())
        return add("certificate", stored.status(), "", "run this as root, or enrol again");
    if (!*stored) {
        add("certificate", Result::Warning, "none: this machine is not enrolled yet",
            std::string(adviceFor("NOT_ENROLLED")));
        return checkEnrolment();
    }
    m_identity = **stored;
    const auto info = crypto::describeCertificate(m_identity->identity.certificatePem);
    if (!info.ok()) return add("certificate", info.status(), "", "enrol again");
    const base::WallTime now = m_parts.clock.now();
    const absl::Status chain = crypto::verifyCertificate(m_identity->identity.certificatePem,
                                                         m_identity->identity.caPem, now);
    if (now >= info->notAfter) {
        return add("certificate", Result::Failed,
                   fmt::format("ended {} ago", ageText(info->notAfter, now)),
                   "make a token that names this machine (ifrit-master join-token --uuid) and put "
                   "it into join_token_file; or is the clock wrong?");
    }
    if (now < info->notBefore) {
        return add("certificate", Result::Failed,
                   fmt::format("begins in {}", ageText(info->notBefore, now)),
                   "this machine's clock is behind; set it (chronyc makestep)");
    }
    if (!chain.ok()) return add("certificate", chain, "", "enrol again");
    const std::string text =
        fmt::format("of {}, ends in {}", m_identity->uuid, ageText(info->notAfter, now));
    // It is renewed at two thirds of its life: later than that something is in the way.
    const bool isLate = now > info->notAfter - (info->notAfter - info->notBefore) / 5;
    add("certificate", isLate ? Result::Warning : Result::Ok, text,
        isLate ? "it should have been renewed by now; see the checks of the masters" : "");
}

void Doctor::checkKeys() {
    if (!m_file.ok())
        return add("publishers' keys", Result::Skipped, "agent.toml may say where they are");
    // As each package is verified: one file that is no key keeps all of them from it.
    const auto keys = crypto::TrustedKeys::fromDirectory(m_config.trustedKeys);
    if (!keys.ok()) {
        return add(
            "publishers' keys", keys.status(), "",
            "no package can be installed: leave the publishers' .pub.pem there, and no other "
            "file whose name ends in .pem");
    }
    const std::string text = fmt::format("{} in {}", keys->size(), m_config.trustedKeys);
    if (!keys->empty()) return add("publishers' keys", Result::Ok, text);
    add("publishers' keys", Result::Failed, text,
        "no package can be installed: put the publishers' .pub.pem there");
}

void Doctor::checkDisk() {
    const auto space = m_parts.host.freeSpace(m_config.root);
    if (!space.ok()) return add("disk", space.status(), "", "does ifrit's root exist?");
    const std::string inodes = space->inodes ? fmt::format(" and {} inodes", *space->inodes) : "";
    const std::string text =
        fmt::format("{} MiB{} free below {}", space->bytes >> 20, inodes, m_config.root);
    if (space->bytes < kNoSpace || (space->inodes && *space->inodes < kFewInodes))
        return add("disk", Result::Failed, text, "free space: nothing can be installed");
    const bool isLittle = space->bytes < kLittleSpace;
    add("disk", isLittle ? Result::Warning : Result::Ok, text,
        isLittle ? "an upgrade needs room for two versions" : "");
}

void Doctor::checkJournal() {
    const auto state = journal::Journal::read(m_layout.journal());
    if (!state.ok()) {
        return add("journal", state.status(), "",
                   absl::IsDataLoss(state.status())
                       ? "ifrit-agent keeps it aside when it starts and takes the state from the "
                         "disk; look at the disk (dmesg)"
                       : "run this as root");
    }
    m_journal = *state;
    const std::string text =
        fmt::format("{}, desired state of generation {}, {} for a master",
                    counted(state->agents.size(), "agent", "agents"),
                    state->desired ? state->desired->generation : 0,
                    counted(state->events.size(), "event waits", "events wait"));
    if (state->droppedEvents == 0) return add("journal", Result::Ok, text);
    add("journal", Result::Warning, fmt::format("{}, {} are lost", text, state->droppedEvents),
        "the master was away for long; see its checks");
}

void Doctor::checkAgents() {
    if (!m_journal) return add("managed agents", Result::Skipped, "the journal cannot be read");
    checkNumber();
    checkVars();
    for (const auto& [name, record] : m_journal->agents) {
        std::string line;
        std::istringstream lines(m_states);
        for (std::string one; std::getline(lines, one);)
            if (one.rfind(name + '\t', 0) == 0) line = one.substr(name.size() + 1);
        checkAgent(name, line);
    }
}

void Doctor::checkNumber() {
    std::set<std::string> names;
    for (const auto& [name, record] : m_journal->agents)
        names.insert(name);
    if (m_journal->desired) {
        for (const domain::DesiredEntry& entry : domain::chosenEntries(*m_journal->desired))
            names.insert(entry.agent);
    }
    if (names.size() <= link::kMaxReportedAgents) return;
    add("managed agents", Result::Warning,
        fmt::format("{}, of which a master hears of {}", names.size(), link::kMaxReportedAgents),
        fmt::format("uninstall some: releases of those after {} by name, and their gates, learn "
                    "nothing of this machine",
                    *std::next(names.begin(), link::kMaxReportedAgents - 1)));
}

void Doctor::checkVars() {
    const package::ManifestStore manifests(m_layout.agents());
    std::set<std::string> declared;
    std::size_t read = 0;
    for (const auto& [name, record] : m_journal->agents) {
        for (const std::string& digest : manifests.readableDigests(name)) {
            const auto manifest = manifests.load(name, digest);
            if (!manifest.ok()) continue;
            ++read;
            for (const auto& [variable, value] : manifest->vars)
                declared.insert(variable);
        }
    }
    // Before its first package a machine may well know what that will ask for.
    if (read == 0) return;
    for (const auto& [variable, value] : m_config.vars) {
        if (declared.count(variable) > 0) continue;
        add("variable " + variable, Result::Warning, "no package on this machine declares it",
            "it changes nothing: is it spelled in [vars] of agent.toml as in the package's "
            "manifest?");
    }
}

void Doctor::checkAgent(const std::string& name, const std::string& stateLine) {
    const journal::AgentRecord& record = m_journal->agents.at(name);
    const std::string check = "agent " + name;
    std::string text = record.current ? record.current->version : "not installed";
    const bool lives = record.process && m_parts.processes.isAlive(record.process->process);
    if (lives) text += fmt::format(", process {}", record.process->process.pid);
    const StateLine told(stateLine);
    const std::string& state = told.state;
    if (!state.empty()) text += ", " + state;
    const bool isBad = state == "failed" || state == "degraded" || state == "reverted";
    // What ifrit-agent wrote down may be of a version that nobody wants any more.
    const auto& error = stateLine.empty() ? record.lastError : told.error;
    if (error) text += fmt::format("; last error {}: {}", error->reason, error->message);
    std::string advice;
    if (isBad && error) advice = adviceFor(error->reason);
    if (!record.knownBad.empty() && state == "reverted") {
        const journal::KnownBad& bad = record.knownBad.back();
        const std::string_view cause = adviceFor(bad.reason);
        advice = fmt::format(
            "{}{}{} is not tried again here until an operator clears it, or: ifrit-agent reset-bad "
            "{}",
            cause, cause.empty() ? "" : "; ", bad.version.version, name);
    }
    if (isBad && advice.empty())
        advice = fmt::format("see `ifrit-agent explain {}` and {}", name, m_layout.log(name));
    if (isBad) return add(check, Result::Failed, text, advice);
    if (record.current && record.process && !lives) {
        return add(
            check, Result::Failed, text + ", its process is gone",
            fmt::format("ifrit-agent starts it again when it runs; see {}", m_layout.log(name)));
    }
    add(check, Result::Ok, text);
}

}  // namespace ifrit::agent::app
