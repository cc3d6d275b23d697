// SPDX-License-Identifier: Apache-2.0
#include "shared/codec/machine_codec.h"

#include <algorithm>
#include <cmath>

#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"

namespace ifrit::codec {
namespace {

absl::Status checkOptionalVersion(const std::string& version) {
    return version.empty() ? absl::OkStatus() : domain::checkVersion(version);
}

v1::AgentError toWire(const domain::AgentError& error) {
    v1::AgentError out;
    out.set_reason(error.reason);
    out.set_message(error.message);
    out.set_step(error.step);
    out.set_attempt(error.attempt);
    out.set_at_ms(base::toUnixMillis(error.at));
    return out;
}

absl::StatusOr<domain::AgentError> fromWire(const v1::AgentError& error) {
    IFRIT_RETURN_IF_ERROR(checkText("error reason", error.reason(), domain::kMaxNameBytes));
    IFRIT_RETURN_IF_ERROR(checkText("error message", error.message(), kMaxMessageBytes));
    IFRIT_RETURN_IF_ERROR(checkText("error step", error.step(), kMaxStepBytes));
    return domain::AgentError{error.reason(), error.message(), error.step(), error.attempt(),
                              base::fromUnixMillis(error.at_ms())};
}

absl::Status readVersions(const v1::AgentReport& report, domain::AgentReport& out) {
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(report.agent()));
    IFRIT_RETURN_IF_ERROR(checkOptionalVersion(report.running_version()));
    IFRIT_RETURN_IF_ERROR(checkOptionalVersion(report.desired_version()));
    IFRIT_RETURN_IF_ERROR(checkText("release id", report.release_id(), kMaxShortTextBytes));
    IFRIT_ASSIGN_OR_RETURN(out.runningDigest, digestFromWire(report.running_digest()));
    IFRIT_ASSIGN_OR_RETURN(out.desiredDigest, digestFromWire(report.desired_digest()));
    out.agent = report.agent();
    out.runningVersion = report.running_version();
    out.desiredVersion = report.desired_version();
    out.releaseId = report.release_id();
    return absl::OkStatus();
}

}  // namespace

v1::MachineFacts toWire(const domain::MachineFacts& facts) {
    v1::MachineFacts out;
    out.set_machine_type(facts.machineType);
    out.set_pin(facts.pin);
    for (const auto& [key, value] : facts.labels)
        (*out.mutable_labels())[key] = value;
    out.set_address(facts.address);
    out.set_hostname(facts.hostname);
    out.set_kernel(facts.kernel);
    out.set_libc(facts.libc);
    out.set_architecture(facts.architecture);
    out.set_ifrit_version(facts.ifritVersion);
    return out;
}

absl::StatusOr<domain::MachineFacts> fromWire(const v1::MachineFacts& facts,
                                              const std::string& uuid) {
    IFRIT_RETURN_IF_ERROR(domain::checkMachineUuid(uuid));
    IFRIT_RETURN_IF_ERROR(domain::checkMachineType(facts.machine_type()));
    IFRIT_RETURN_IF_ERROR(checkText("pin", facts.pin(), domain::kMaxNameBytes));
    IFRIT_RETURN_IF_ERROR(checkLabels(facts.labels()));
    for (const auto& [field, text] :
         {std::pair("address", &facts.address()), std::pair("hostname", &facts.hostname()),
          std::pair("kernel", &facts.kernel()), std::pair("libc", &facts.libc()),
          std::pair("architecture", &facts.architecture()),
          std::pair("ifrit version", &facts.ifrit_version())}) {
        IFRIT_RETURN_IF_ERROR(checkText(field, *text, kMaxShortTextBytes));
    }
    domain::MachineFacts out;
    out.uuid = uuid;
    out.machineType = facts.machine_type();
    out.pin = facts.pin();
    out.labels = {facts.labels().begin(), facts.labels().end()};
    out.address = facts.address();
    out.hostname = facts.hostname();
    out.kernel = facts.kernel();
    out.libc = facts.libc();
    out.architecture = facts.architecture();
    out.ifritVersion = facts.ifrit_version();
    return out;
}

v1::AgentReport toWire(const domain::AgentReport& report) {
    v1::AgentReport out;
    out.set_agent(report.agent);
    out.set_running_version(report.runningVersion);
    out.set_running_digest(digestToWire(report.runningDigest));
    out.set_desired_version(report.desiredVersion);
    out.set_desired_digest(digestToWire(report.desiredDigest));
    out.set_release_id(report.releaseId);
    out.set_state(toWire(report.state));
    out.set_step(report.step);
    out.set_attempt(report.attempt);
    out.set_pid(report.pid);
    out.set_restarts(report.restarts);
    out.set_crash_looping(report.crashLooping);
    out.set_since_ms(base::toUnixMillis(report.since));
    out.set_next_retry_ms(timeToWire(report.nextRetry));
    out.set_deadline_ms(timeToWire(report.deadline));
    if (report.lastError) *out.mutable_last_error() = toWire(*report.lastError);
    out.set_cpu_centipercent(
        static_cast<std::uint32_t>(std::lround(std::max(0.0, report.sample.cpuPercent) * 100)));
    out.set_rss_bytes(report.sample.rssBytes);
    out.set_integrity(toWire(report.integrity));
    out.set_integrity_note(report.integrityNote);
    for (const std::string& digest : report.knownBad)
        out.add_known_bad(digestToWire(digest));
    return out;
}

absl::StatusOr<domain::AgentReport> fromWire(const v1::AgentReport& report) {
    domain::AgentReport out;
    IFRIT_RETURN_IF_ERROR(readVersions(report, out));
    IFRIT_RETURN_IF_ERROR(checkText("step", report.step(), kMaxStepBytes));
    IFRIT_RETURN_IF_ERROR(checkText("integrity note", report.integrity_note(), kMaxShortTextBytes));
    IFRIT_RETURN_IF_ERROR(checkCount(
        "known bad versions", static_cast<std::size_t>(report.known_bad_size()), kMaxKnownBad));
    out.state = fromWire(report.state());
    out.step = report.step();
    out.attempt = report.attempt();
    out.pid = report.pid();
    out.restarts = report.restarts();
    out.crashLooping = report.crash_looping();
    out.since = base::fromUnixMillis(report.since_ms());
    out.nextRetry = timeFromWire(report.next_retry_ms());
    out.deadline = timeFromWire(report.deadline_ms());
    if (report.has_last_error()) {
        IFRIT_ASSIGN_OR_RETURN(out.lastError, fromWire(report.last_error()));
    }
    out.sample = {report.cpu_centipercent() / 100.0, report.rss_bytes()};
    out.integrity = fromWire(report.integrity());
    out.integrityNote = report.integrity_note();
    for (const std::string& digest : report.known_bad()) {
        IFRIT_ASSIGN_OR_RETURN(std::string hex, digestFromWire(digest));
        out.knownBad.push_back(std::move(hex));
    }
    return out;
}

v1::MachineEvent toWire(const domain::MachineEvent& event) {
    v1::MachineEvent out;
    out.set_kind(event.kind);
    out.set_agent(event.agent);
    out.set_version(event.version);
    out.set_message(event.message);
    out.set_at_ms(base::toUnixMillis(event.at));
    return out;
}

absl::StatusOr<domain::MachineEvent> fromWire(const v1::MachineEvent& event) {
    IFRIT_RETURN_IF_ERROR(checkText("event kind", event.kind(), domain::kMaxNameBytes));
    if (!event.agent().empty()) IFRIT_RETURN_IF_ERROR(domain::checkAgentName(event.agent()));
    IFRIT_RETURN_IF_ERROR(checkOptionalVersion(event.version()));
    IFRIT_RETURN_IF_ERROR(checkText("event message", event.message(), kMaxMessageBytes));
    return domain::MachineEvent{event.kind(), event.agent(), event.version(), event.message(),
                                base::fromUnixMillis(event.at_ms())};
}

}  // namespace ifrit::codec
