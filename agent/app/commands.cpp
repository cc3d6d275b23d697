// SPDX-License-Identifier: Apache-2.0
#include "agent/app/commands.h"

#include <cstdio>

#include "agent/app/machine_identity.h"
#include "agent/app/runtime.h"
#include "agent/app/status_view.h"
#include "agent/guard/exit_codes.h"
#include "agent/link/rpc/grpc_master_connector.h"
#include "agent/platform/memory.h"

namespace ifrit::agent::app {
namespace {

std::string programName() {
    return std::string("ifrit-agent/") + programVersion();
}

}  // namespace

absl::StatusOr<int> runAgent(const Config& config) {
    platform::keepMemorySmall();
    IFRIT_ASSIGN_OR_RETURN(const MainEvents events, MainEvents::create());
    IFRIT_ASSIGN_OR_RETURN(std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    link::GrpcMasterConnector connector(config.serverName, programName());
    Runtime runtime(std::move(machine), connector, &link::grpcRetryAfter, events);
    IFRIT_ASSIGN_OR_RETURN(const Runtime::End end, runtime.run());
    return end == Runtime::End::Switched ? guard::kSwitchedSlots : 0;
}

absl::Status enrolMachine(const Config& config) {
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    link::GrpcMasterConnector connector(config.serverName, programName());
    link::Connection connection(connector, config.masters, 0);
    link::IdentityStore store(machine->layout.identity());
    link::Enrolment enrolment(store, connector, machine->clock, enrolmentSettings(*machine));
    absl::Status status;
    for (std::size_t i = 0; i < config.masters.size(); ++i) {
        status = enrolment.ensure(connection);
        if (!absl::IsUnavailable(status)) break;
        connection.rotate();
    }
    if (status.ok()) std::printf("enrolled as %s\n", machine->facts.uuid.c_str());
    return status;
}

absl::Status stopAllAgents(const Config& config) {
    IFRIT_ASSIGN_OR_RETURN(const std::unique_ptr<LocalMachine> machine,
                           LocalMachine::open(config, programVersion()));
    return machine->stopAll();
}

absl::Status printStatus(const Config& config, StatusForm form) {
    IFRIT_ASSIGN_OR_RETURN(const platform::Platform platform, platform::makePlatform());
    IFRIT_ASSIGN_OR_RETURN(const std::string uuid, machineUuid(config, platform.host->facts()));
    const install::Layout layout(config.root);
    IFRIT_ASSIGN_OR_RETURN(
        const journal::Journal::Opened opened,
        journal::Journal::open(layout.journal(), journal::Journal::OnDamage::Refuse));
    const journal::JournalState state = opened.journal->state();
    const std::string text = form == StatusForm::Json
                                 ? statusJson(state, uuid) + "\n"
                                 : statusText(state, uuid, base::SystemClock().now());
    std::fwrite(text.data(), 1, text.size(), stdout);
    return absl::OkStatus();
}

}  // namespace ifrit::agent::app
