// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iterator>

#include "agent/app/advice.h"
#include "agent/app/commands.h"
#include "agent/app/config_reader.h"
#include "agent/app/main_events.h"
#include "shared/base/mutex_checks.h"
#include "shared/commandline/help_words.h"
#include "shared/commandline/usage_error.h"
#include "shared/log/log.h"

namespace {

using namespace ifrit;

constexpr int kExitFailure = 1;
constexpr int kExitUsage = 2;
constexpr int kExitLocked = 75;         // EX_TEMPFAIL: another ifrit-agent has the root
constexpr int kExitConfiguration = 78;  // EX_CONFIG

struct Arguments {
    std::string config = "/etc/ifrit/agent.toml";
    std::string root;
    std::string output = "text";
    bool checkConfig = false;
    bool printConfig = false;
    bool stopAgentsOnExit = false;
    std::string agent;
    std::string digest;
};

int complain(const absl::Status& status) {
    std::fprintf(stderr, "ifrit-agent: %s\n", base::messageOf(status).c_str());
    const std::string reason = base::errorInfo(status).reason;
    if (const std::string advice(agent::app::adviceFor(reason)); !advice.empty())
        std::fprintf(stderr, "  -> %s\n", advice.c_str());
    if (reason == "LOCKED") return kExitLocked;
    if (reason.rfind("CONFIG_", 0) == 0 || reason == "MACHINE_UNNAMED") return kExitConfiguration;
    return kExitFailure;
}

/// What a person on the machine asks; nullopt: another command.
std::optional<absl::Status> answerPerson(const CLI::App& program, const Arguments& arguments,
                                         const agent::app::Config& config,
                                         const absl::Status& file) {
    const auto form =
        arguments.output == "json" ? agent::app::OutputForm::Json : agent::app::OutputForm::Text;
    if (program.got_subcommand("status")) return agent::app::printStatus(config, form);
    if (program.got_subcommand("explain")) return agent::app::explainAgent(config, arguments.agent);
    if (program.got_subcommand("reset-bad"))
        return agent::app::resetBadVersions(config, arguments.agent, arguments.digest);
    if (program.got_subcommand("doctor")) {
        const auto good = agent::app::examineMachine(config, file, form);
        if (good.ok() && !*good) std::exit(kExitFailure);
        return good.status();
    }
    return std::nullopt;
}

absl::StatusOr<int> perform(const CLI::App& program, const Arguments& arguments,
                            const agent::app::Config& config) {
    const bool runs = program.get_subcommands().empty() || program.got_subcommand("run");
    if (runs) return agent::app::runAgent(config);
    agent::app::letHangupEnd();
    absl::Status status;
    if (program.got_subcommand("enrol")) {
        status = agent::app::enrolMachine(config);
    } else if (program.got_subcommand("stop-all")) {
        status = agent::app::stopAllAgents(config);
    } else if (const auto answered = answerPerson(program, arguments, config, absl::OkStatus())) {
        status = *answered;
    }
    if (!status.ok()) return status;
    return 0;
}

/// A wrong line in agent.toml, which an ifrit-agent that runs does not use, must not keep a person
/// from asking it.
int answerWithoutFile(const CLI::App& program, const Arguments& arguments,
                      const absl::Status& file) {
    const char* const tools[] = {"status", "explain", "doctor", "reset-bad"};
    const bool isTool = std::any_of(std::begin(tools), std::end(tools),
                                    [&](const char* tool) { return program.got_subcommand(tool); });
    // Of a file that is not there another one may be meant.
    const bool isMeant = absl::IsInvalidArgument(file) || !arguments.root.empty();
    if (!isTool || !isMeant || arguments.checkConfig || arguments.printConfig) {
        complain(file);
        return kExitConfiguration;
    }
    const auto config = agent::app::configWithoutFile(arguments.config, arguments.root);
    if (!program.got_subcommand("doctor")) {  // which has a row for it
        complain(file);
        std::fprintf(stderr,
                     "  -> the file is NOT USED as it stands now; what follows is of the "
                     "ifrit-agent in %s (--root names another)\n",
                     config.root.c_str());
    }
    if (const absl::Status status = log::setUp(config.log); !status.ok()) return complain(status);
    agent::app::letHangupEnd();
    const auto answered = answerPerson(program, arguments, config, file);
    return !answered || answered->ok() ? 0 : complain(*answered);
}

/// What a person on the machine asks.
void describeTools(CLI::App& program, Arguments& arguments) {
    const auto addOutput = [&arguments](CLI::App* command) {
        command->add_option("-o,--output", arguments.output, "text or json")
            ->check(CLI::IsMember({"text", "json"}))
            ->capture_default_str();
    };
    addOutput(program.add_subcommand("status", "Show what is wanted and what is there"));
    CLI::App* explain = program.add_subcommand("explain", "Show why an agent is as it is");
    explain->add_option("AGENT", arguments.agent, "Name of the agent")->required();
    addOutput(program.add_subcommand(
        "doctor",
        "Check everything, from the disk to the masters, and say what to do: 0 good, 1 "
        "something failed"));
    CLI::App* reset = program.add_subcommand(
        "reset-bad", "Let versions be tried again that failed on this machine");
    reset->add_option("AGENT", arguments.agent, "Name of the agent, or all")->required();
    reset->add_option("--digest", arguments.digest, "Only the version with this manifest digest")
        ->type_name("DIGEST");
}

void describeOptions(CLI::App& program, Arguments& arguments) {
    program.set_version_flag("--version",
                             std::string("ifrit-agent ") + agent::app::programVersion(),
                             "Print this program's version");
    program.add_option("--config", arguments.config, "Configuration file")
        ->type_name("FILE")
        ->capture_default_str();
    program
        .add_option("--root", arguments.root,
                    "ifrit's root, for status, explain, doctor and reset-bad where the "
                    "configuration cannot be used")
        ->type_name("DIR");
    program.add_flag("--check-config", arguments.checkConfig,
                     "Check the configuration and end: 0 good, 78 bad");
    program.add_flag(
        "--print-config", arguments.printConfig,
        "Print the configuration with all defaults, and where each value comes from, and end");
    program.footer(
        "Exit codes: 0 ok, 1 failure, 2 usage, 75 another ifrit-agent has the root, 78 "
        "configuration,\n"
        "or a machine without a name of its own.\n"
        "'ifrit-agent help COMMAND' shows a command.");
    program.require_subcommand(0, 1);
    program.fallthrough();
    CLI::App* run = program.add_subcommand(
        "run", "Keep this machine as its master says, until SIGTERM (the default)");
    run->add_flag("--stop-agents", arguments.stopAgentsOnExit,
                  "End the managed agents as well when ending; else they run on");
    program.add_subcommand("enrol", "Get this machine's certificate with the join token and end");
    describeTools(program, arguments);
    program.add_subcommand("stop-all",
                           "End every managed agent; ifrit-agent itself must not be running");
    commandline::addHelpCommand(program);
}

int runProgram(int argc, char** argv) {
    CLI::App program("Keeps the managed agents of one machine as its master says.", "ifrit-agent");
    Arguments arguments;
    describeOptions(program, arguments);
    try {
        commandline::parse(program, argc, argv);
    } catch (const CLI::Success& asked) {
        return program.exit(asked);
    } catch (const CLI::ParseError& error) {
        const commandline::UsageError wrong = commandline::describeUsage(program, error);
        std::fprintf(stderr, "ifrit-agent: %s; %s\n", wrong.message.c_str(), wrong.hint().c_str());
        return kExitUsage;
    }
    absl::StatusOr<agent::app::LoadedConfig> loaded = agent::app::loadConfig(arguments.config);
    if (!loaded.ok()) return answerWithoutFile(program, arguments, loaded.status());
    agent::app::Config* config = &loaded->config;
    if (arguments.printConfig) {
        const std::string text = agent::app::formatConfig(*config);
        std::fputs(config::withOrigins(text, loaded->origins).c_str(), stdout);
    }
    if (arguments.checkConfig && !arguments.printConfig)
        std::printf("%s: good\n", arguments.config.c_str());
    if (arguments.checkConfig || arguments.printConfig) return 0;
    config->stopAgentsOnExit = config->stopAgentsOnExit || arguments.stopAgentsOnExit;
    if (const absl::Status status = log::setUp(config->log); !status.ok()) return complain(status);
    const absl::StatusOr<int> code = perform(program, arguments, *config);
    return code.ok() ? *code : complain(code.status());
}

}  // namespace

int main(int argc, char** argv) {
    agent::app::holdHangup();
    // gRPC's own lines would stand beside the sentence that says the same; set by hand they stay.
    ::setenv("GRPC_VERBOSITY", "NONE", 0);
    base::leaveMutexChecksToTests();
    try {
        return runProgram(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "ifrit-agent: %s\n", error.what());
        return kExitFailure;
    }
}
