// SPDX-License-Identifier: Apache-2.0
#include "agent/app/commands.h"

#include <cstdio>
#include <filesystem>

#include "agent/app/doctor.h"
#include "agent/app/local_view.h"
#include "agent/app/runtime.h"
#include "agent/app/status_view.h"
#include "agent/guard/exit_codes.h"
#include "agent/link/rpc/grpc_master_connector.h"
#include "agent/local/local_client.h"
#include "agent/platform/memory.h"
#include "agent/platform/name_lookup.h"
#include "agent/platform/tcp_connection.h"
#include "shared/base/hashing.h"
#include "shared/base/ids.h"
#include "shared/domain/names.h"

namespace ifrit::agent::app {
namespace {

std::string programName() {
    return std::string("ifrit-agent/") + programVersion();
}

constexpr std::chrono::seconds kPortPatience{5};

}  // namespace

absl::StatusOr<int> runAgent(const Config& config) {
    platform::keepMemorySmall();
    IFRIT_ASSIGN_OR_RETURN(const MainEvents events, MainEvents::create());
    IFRIT_ASSIGN_OR_RETURN(std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    const bool moved = machine->identity.certificate == IdentityDecision::Certificate::Moved;
    link::GrpcMasterConnector connector(programName(), {base::xxh3(base::randomUuid()) | 1, moved});
    Runtime runtime(std::move(machine), connector, &link::grpcRetryAfter, events);
    IFRIT_ASSIGN_OR_RETURN(const Runtime::End end, runtime.run());
    return end == Runtime::End::Switched ? guard::kSwitchedSlots : 0;
}

namespace {

/// The certificate that is on the disk may be valid and revoked, which only a master knows.
absl::Status ensureAccepted(link::Enrolment& enrolment, link::Connection& connection) {
    IFRIT_RETURN_IF_ERROR(enrolment.ensure(connection));
    IFRIT_ASSIGN_OR_RETURN(const std::shared_ptr<link::MasterClient> client, connection.client());
    // Without a report and a presence: it changes nothing.
    const absl::Status answer = enrolment.judged(client->sync({}).status());
    if (!enrolment.isRevoked()) return absl::OkStatus();
    IFRIT_RETURN_IF_ERROR(enrolment.ensure(connection));
    return enrolment.isRevoked() ? enrolment.judged(answer) : absl::OkStatus();
}

}  // namespace

absl::Status enrolMachine(const Config& config) {
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    link::GrpcMasterConnector connector(programName());
    link::Connection connection(connector, {config.masters, config.serverName},
                                machine->facts.uuid);
    link::IdentityStore store(machine->layout.identity());
    link::Enrolment enrolment(store, connector, machine->clock, enrolmentSettings(*machine));
    absl::Status status;
    for (std::size_t i = 0; i < config.masters.size(); ++i) {
        status = ensureAccepted(enrolment, connection);
        if (!absl::IsUnavailable(status)) break;
        connection.rotate();
    }
    if (status.ok()) std::printf("enrolled as %s\n", machine->facts.uuid.c_str());
    return status;
}

namespace {

/// Before a command of a person makes anything: with another `root` it would do nothing, and say
/// that all is done.
absl::Status checkRoot(const Config& config) {
    std::error_code error;
    if (std::filesystem::is_directory(install::Layout(config.root).state(), error))
        return absl::OkStatus();
    return base::failedPrecondition("NO_IFRIT_AGENT", config.root,
                                    "{} has no ifrit-agent; is it the root of agent.toml?",
                                    config.root);
}

}  // namespace

absl::Status stopAllAgents(const Config& config) {
    IFRIT_RETURN_IF_ERROR(checkRoot(config));
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    return machine->stopAll();
}

namespace {

absl::StatusOr<std::string> askAgent(const Config& config, const local::LocalRequest& request) {
    return local::askLocally(install::Layout(config.root).socket(), request);
}

/// What the running ifrit-agent answers, else `fromFiles` of what it left on the disk.
absl::Status printAnswer(
    const Config& config, const local::LocalRequest& request,
    const std::function<absl::StatusOr<std::string>(const MachineView&)>& fromFiles) {
    absl::StatusOr<std::string> text = askAgent(config, request);
    const std::string reason = base::errorInfo(text.status()).reason;
    if (reason == "LOCAL_AWAY" || reason == "LOCAL_TIMEOUT") {
        IFRIT_ASSIGN_OR_RETURN(const platform::Platform platform, platform::makePlatform());
        IFRIT_ASSIGN_OR_RETURN(MachineView view,
                               viewFromFiles(config, *platform.host, *platform.processes));
        view.hangs = reason == "LOCAL_TIMEOUT";
        text = fromFiles(view);
    }
    IFRIT_RETURN_IF_ERROR(text.status());
    std::fwrite(text->data(), 1, text->size(), stdout);
    return absl::OkStatus();
}

absl::Status tryPort(const std::string& address, std::uint16_t port) {
    return platform::connectTcp({address, port}, std::chrono::steady_clock::now() + kPortPatience)
        .status();
}

}  // namespace

absl::Status printStatus(const Config& config, OutputForm form) {
    const bool isJson = form == OutputForm::Json;
    return printAnswer(config, {"status", {isJson ? "json" : "text"}},
                       [isJson](const MachineView& view) -> absl::StatusOr<std::string> {
                           if (isJson) return statusJson(view) + '\n';
                           return statusText(view, base::SystemClock().now());
                       });
}

absl::Status explainAgent(const Config& config, const std::string& agent) {
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(agent));
    return printAnswer(config, {"explain", {agent}}, [&agent](const MachineView& view) {
        return explainText(view, agent, base::SystemClock().now());
    });
}

absl::Status resetBadVersions(const Config& config, const std::string& agent,
                              const std::string& digest) {
    if (agent != "all") IFRIT_RETURN_IF_ERROR(domain::checkAgentName(agent));
    if (!digest.empty()) IFRIT_RETURN_IF_ERROR(domain::checkSha256(digest));
    IFRIT_RETURN_IF_ERROR(checkRoot(config));
    local::LocalRequest request{"reset-bad", {agent}};
    if (!digest.empty()) request.arguments.push_back(digest);
    absl::StatusOr<std::string> text = askAgent(config, request);
    if (base::errorInfo(text.status()).reason == "LOCAL_AWAY") {
        // The lock keeps an ifrit-agent from starting in between and writing the old journal.
        const install::Layout layout(config.root);
        IFRIT_ASSIGN_OR_RETURN(const platform::FileLock lock,
                               platform::FileLock::acquire(layout.lock()));
        IFRIT_RETURN_IF_ERROR(journal::Journal::read(layout.journal()).status());
        IFRIT_ASSIGN_OR_RETURN(const journal::Journal::Opened opened,
                               journal::Journal::open(layout.journal()));
        text = resetBad(*opened.journal, agent, digest);
    }
    IFRIT_RETURN_IF_ERROR(text.status());
    std::fwrite(text->data(), 1, text->size(), stdout);
    return absl::OkStatus();
}

absl::StatusOr<bool> examineMachine(const Config& config, const absl::Status& file,
                                    OutputForm form) {
    IFRIT_ASSIGN_OR_RETURN(const platform::Platform platform, platform::makePlatform());
    link::GrpcMasterConnector connector(programName());
    const base::SystemClock clock;
    Doctor doctor(
        {clock, *platform.host, *platform.processes, connector, &platform::lookUpName, &tryPort,
         [&config](const local::LocalRequest& request) { return askAgent(config, request); }},
        config, file);
    const std::vector<Finding> findings = doctor.examine();
    const std::string text =
        form == OutputForm::Json ? findingsJson(findings) : findingsText(findings);
    std::fwrite(text.data(), 1, text.size(), stdout);
    return !anyFailed(findings);
}

}  // namespace ifrit::agent::app
